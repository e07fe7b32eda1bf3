"""What the tests of Runway share: offers, plans and requests of the adapter."""

from anyvideo.files.images import read_uploads
from anyvideo.model.job import VideoJob
from anyvideo.model.media import Image
from anyvideo.model.plan import Plan
from anyvideo.negotiation.negotiate import negotiate
from anyvideo.negotiation.policy import Policy
from anyvideo.testing import draw_picture
from anyvideo_plugins.runway.tasks import Runway, encode

RUNWAY = Runway()
OFFERS = {offer.model: offer for offer in RUNWAY.offers()}
ALLOW = Policy(retired="allow")
PNG = draw_picture(1280, 720)
FIRST = Image("https://example.com/first.png")
LAST = Image("https://example.com/last.png", "last_frame")
REFERENCE = Image("https://example.com/one.png", "reference")


def answer_to(model, prompt="a fox", **wishes):
    job = VideoJob(prompt, **wishes)
    return negotiate(job, OFFERS[model], ALLOW, uploads=read_uploads(job))


def plan_for(model, prompt="a fox", **wishes):
    plan = answer_to(model, prompt, **wishes)
    assert isinstance(plan, Plan), str(plan)
    assert plan.adjustments == ()
    return plan


def takes(model, **wishes):
    answer = answer_to(model, **wishes)
    return isinstance(answer, Plan) and not answer.adjustments


def request_for(model, prompt="a fox", **wishes):
    request = encode(plan_for(model, prompt, **wishes))
    assert (request.method, request.paid) == ("POST", True)
    assert request.headers == {"X-Runway-Version": "2024-11-06"}
    assert (request.query, request.form, request.files, request.content) == ({}, None, {}, None)
    return request

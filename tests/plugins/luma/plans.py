"""What the tests of Luma share: offers, plans and requests of the adapter."""

from typing import Any

from anyvideo.files.images import read_uploads
from anyvideo.model.job import VideoJob
from anyvideo.model.media import Image
from anyvideo.model.plan import Plan
from anyvideo.negotiation.negotiate import negotiate
from anyvideo.negotiation.policy import Policy
from anyvideo.testing import draw_picture
from anyvideo_plugins.luma.generations import Luma, encode

LUMA = Luma()
OFFERS = {offer.model: offer for offer in LUMA.offers()}
ALLOW = Policy(retired="allow")
RAY = "luma-ray-3.2"
PNG = draw_picture(64, 36)
FIRST = Image("https://example.com/opening-frame.jpg")
LAST = Image("https://example.com/closing-frame.jpg", "last_frame")


def answer_to(prompt="a fox", model=RAY, **wishes):
    job = VideoJob(prompt, **wishes)
    return negotiate(job, OFFERS[model], ALLOW, uploads=read_uploads(job))


def takes(**wishes):
    answer = answer_to(**wishes)
    return isinstance(answer, Plan) and not answer.adjustments


def plan_for(prompt="a fox", **wishes):
    plan = answer_to(prompt, **wishes)
    assert isinstance(plan, Plan), str(plan)
    assert plan.adjustments == ()
    return plan


def body_of(plan) -> Any:
    request = encode(plan)
    assert (request.method, request.url, request.paid) == ("POST", "/v1/generations", True)
    assert (request.query, request.form, request.files, request.content) == ({}, None, {}, None)
    assert (request.headers, request.expects) == ({}, "json")
    return request.json


def body_for(prompt="a fox", **wishes) -> Any:
    return body_of(plan_for(prompt, **wishes))

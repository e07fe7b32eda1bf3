"""What an offer of Acme answers to a job: the plan in words, or the reasons of a refusal."""

from anyvideo.model.job import VideoJob
from anyvideo.model.offer import Offer, Shape
from anyvideo.model.plan import Plan, Refusal
from anyvideo.negotiation.negotiate import negotiate
from anyvideo.negotiation.policy import Policy
from tests.strategies import uploads_of

HD, TALL, FULL = Shape(size="1280x720"), Shape(size="720x1280"), Shape(size="1920x1080")


def sell(*tiers, **more):
    """An offer of these tiers."""
    return Offer("acme", "clip", tiers=tiers, **more)


def ask(offer, wishes, rules=None, today=None):
    """What an offer answers to a job with these wishes, under these rules."""
    job = VideoJob(**{"prompt": "a fox", **wishes})
    return negotiate(job, offer, Policy(**rules or {}), uploads=uploads_of(job), today=today)


def grant(offer, wishes, **rules):
    """What becomes of a job: the fields that the plan has set, and its adjustments in words."""
    plan = ask(offer, wishes, rules)
    assert isinstance(plan, Plan), str(plan)
    return plan.granted, [str(item) for item in plan.adjustments]


def refuse(offer, wishes, **rules):
    """Why a job is refused, in words."""
    refusal = ask(offer, wishes, rules)
    assert isinstance(refusal, Refusal), refusal
    return [str(reason) for reason in refusal.reasons]

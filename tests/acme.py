"""Vendors that are made up: their offers are TOML, and their wire is one request."""

from types import SimpleNamespace

from attrs import define

from anyvideo.adapters.registry import Plugin, Registry
from anyvideo.catalog.read import read_offers
from anyvideo.config.accounts import find_providers
from anyvideo.config.load import load_config
from anyvideo.errors import JobError
from anyvideo.model.job import VideoJob
from anyvideo.model.offer import Offer, Shape
from anyvideo.model.plan import Plan, Refusal
from anyvideo.negotiation.negotiate import negotiate
from anyvideo.negotiation.policy import Policy
from anyvideo.plugin import Request, hookimpl, read_report
from anyvideo.session.session import Session
from anyvideo.testing.clock import VirtualClock
from tests.strategies import uploads_of

# 2026-11-20T12:00:00Z
NOON = 1_795_176_000.0
SOLD = """
[[offers]]
model = "clip"
source = "https://acme.example/models"
checked = 2026-11-01
seconds = [4, 8, 12]
accepts = ["seed", "character"]
images = { first_frame = 1, via = ["url", "file"] }
failures_billed = false
finishes_in = 60

[[offers.tiers]]
name = "720p"
sizes = ["1280x720", "720x1280"]
price = { amount = "0.10" }

[[offers.tiers]]
name = "1080p"
seconds = [8]
sizes = ["1920x1080"]
price = { amount = "0.30" }

[[offers]]
model = "old"
retired = { on = 2026-09-24, use = ["acme/clip"] }
"""


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


@define(eq=False)
class Acme:
    """An adapter with offers from a text; it sends a job as it is, and its images first."""

    name: str = "acme"
    sold: str = SOLD
    base_url: str = "https://acme.example"
    key_env: str = "ACME_KEY"

    def offers(self):
        return read_offers(self.sold, self.name)

    def submit(self, plan):
        if plan.job.character is not None and plan.job.character.from_task:
            message = "acme takes a character from a url only"
            raise JobError(message)
        for upload in plan.uploads.values():
            yield Request("POST", "/files", files={"file": upload}, rehearsal={"id": "f"})
        response = yield Request("POST", "/clips", json=plan.parameters(), paid=True)
        return read_report(response, paid=True)

    def status(self, task):
        response = yield Request("GET", f"/clips/{task.id}")
        return read_report(response, id=task.id)

    def locate(self, task):
        return Request("GET", task.video_url, expects="video")
        yield


def make_registry(*adapters, version="1.0"):
    """A registry with these adapters and nothing else, from one distribution."""

    @hookimpl
    def anyvideo_adapters():
        return list(adapters)

    registry = Registry()
    module = SimpleNamespace(__name__="acme", anyvideo_adapters=anyvideo_adapters)
    registry.add(module, Plugin("acme", "acme", "anyvideo-acme", version))
    assert registry.plugins[0].state != "failed", registry.plugins[0].error
    return registry


def open_session(config=None, *adapters, version="1.0", sandbox=None):
    """A session as a client has it, at noon of 2026-11-20, without a journal."""
    registry = make_registry(*(adapters or [Acme()]), version=version)
    settings = load_config(config or {}, {})
    return Session(
        config=settings,
        registry=registry,
        providers=find_providers(settings, registry, sandbox),
        clock=VirtualClock(NOON),
    )

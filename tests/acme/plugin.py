"""Acme's adapter in a plugin, in a registry, and in a session as a client has it."""

from types import SimpleNamespace

from anyvideo.adapters import registry as registries
from anyvideo.config.accounts import find_providers
from anyvideo.config.load import load_config
from anyvideo.model.job import VideoJob
from anyvideo.negotiation.policy import Policy
from anyvideo.planning.candidates import plan_candidates
from anyvideo.plugin import hookimpl
from anyvideo.session.session import Session
from anyvideo.testing.clock import VirtualClock
from tests.acme.adapter import Clips

# 2026-11-20T12:00:00Z
NOON = 1_795_176_000.0
JOB = VideoJob("a fox", seconds=8)


class Plugin:
    def __init__(self, *adapters):
        self.adapters, self.events, self.vetoes = list(adapters), [], []

    @hookimpl
    def anyvideo_adapters(self):
        return self.adapters

    @hookimpl
    def anyvideo_event(self, event):
        self.events.append(event)

    @hookimpl
    def anyvideo_before_submit(self, plan):
        for veto in self.vetoes:
            raise veto


def make_registry(*adapters, version="1.0"):
    """A registry with these adapters and nothing else, from one distribution."""

    @hookimpl
    def anyvideo_adapters():
        return list(adapters)

    registry = registries.Registry()
    module = SimpleNamespace(__name__="acme", anyvideo_adapters=anyvideo_adapters)
    registry.add(module, registries.Plugin("acme", "acme", "anyvideo-acme", version))
    assert registry.plugins[0].state != "failed", registry.plugins[0].error
    return registry


def open_session(config=None, *adapters, version="1.0", sandbox=None):
    """A session as a client has it, at noon of 2026-11-20, without a journal."""
    registry = make_registry(*(adapters or [Clips()]), version=version)
    settings = load_config(config or {}, {})
    return Session(
        config=settings,
        registry=registry,
        providers=find_providers(settings, registry, sandbox),
        clock=VirtualClock(NOON),
    )


def plan(session, job=JOB, model="acme/clip", **rules):
    """The first plan for a job, under these rules."""
    return plan_candidates(session, job, model, Policy(**rules))[0]

"""The operations that not every adapter has: remixes, and characters."""

from __future__ import annotations

from functools import partial

from anyvideo.adapters.calls import find_operation
from anyvideo.adapters.protocol import CharacterRef
from anyvideo.errors import PluginError
from anyvideo.model.job import VideoJob
from anyvideo.model.media import Character
from anyvideo.run.attempt import Attempt
from anyvideo.run.flows import run_operation
from anyvideo.run.records import new_entry, reserve, start_attempt
from anyvideo.run.submit import pay
from anyvideo.session.selectors import select
from anyvideo.session.session import Session
from anyvideo.tasks.task import Task
from anyvideo.transport.steps import Steps


def remix(session: Session, old: Task, prompt: str, size: str | None = None) -> Steps[Task]:
    """Make a new task from an old one, at most once.

    Raises:
        JobError: the prompt is empty, or the size cannot be read.
        PluginError: the adapter cannot remix.
    """
    VideoJob(prompt, size=size)
    provider = session.provider_of(old)
    operation = find_operation(provider.adapter, "remix")
    if operation is None:
        message = f"{provider.adapter.name} has no remix; choose a provider that documents it"
        raise PluginError(message)
    provider.require_key()
    entry = new_entry(session, provider, old.model)
    reserved = yield from reserve(session, provider, entry)
    attempt = start_attempt(session, provider, reserved or entry, "remix")
    return (yield from pay(attempt, reserved or entry, partial(operation, old, prompt, size)))


def create_character(session: Session, character: Character, model: str) -> Steps[CharacterRef]:
    """Create a character at the first selected provider that can.

    Raises:
        PluginError: no selected provider can.
        ProviderError: the vendor refused, or its answer cannot be read.
    """
    providers = {provider.alias: provider for provider, _ in select(session, model)}
    for provider in providers.values():
        if operation := find_operation(provider.adapter, "create_character"):
            provider.require_key()
            attempt = Attempt(session, provider, "create_character", pays=True)
            result = yield from run_operation(attempt, operation, character)
            return attempt.check(result, CharacterRef)
    names = ", ".join(providers)
    message = f"{names} cannot create characters; choose a provider that documents it"
    raise PluginError(message)

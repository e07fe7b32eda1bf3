"""The operations that not every adapter has: remixes, and characters."""

from __future__ import annotations

from functools import partial

from anyvideo.adapters.calls import check_result, find_operation
from anyvideo.adapters.protocol import CharacterRef
from anyvideo.errors import PluginError
from anyvideo.journal import Entry
from anyvideo.model.job import VideoJob
from anyvideo.model.media import Character
from anyvideo.run.attempt import Attempt
from anyvideo.run.flows import run_operation
from anyvideo.run.records import new_task, reserve
from anyvideo.run.submit import pay
from anyvideo.session.selectors import select
from anyvideo.session.session import Session
from anyvideo.tasks.task import Task
from anyvideo.transport.steps import Steps


def remix(session: Session, old: Task, prompt: str, size: str | None = None) -> Steps[Task]:
    """Make a new task from an old one, at most once.

    Raises:
        JobError: the prompt is empty, or the size is none.
        PluginError: the adapter cannot remix.
    """
    VideoJob(prompt, size=size)
    provider = session.provider_of(old)
    operation = find_operation(provider.adapter, "remix")
    if operation is None:
        message = f"{provider.adapter.name} has no remix; choose a provider that documents it"
        raise PluginError(message)
    provider.require_key()
    task = new_task(session, provider, old.model, None, None)
    entry = Entry(
        ref=task.ref,
        offer=f"{provider.alias}/{old.model}",
        task=task,
        job="",
        created=session.clock.now(),
    )
    reserved = yield from reserve(session, provider, entry)
    make = partial(operation, old, prompt, size)
    return (yield from pay(session, provider, reserved or entry, make, "remix"))


def create_character(session: Session, character: Character, model: str) -> Steps[CharacterRef]:
    """Create a character at the first selected provider that can; write "@username" in prompts.

    Raises:
        PluginError: none of them can.
        ProviderError: the vendor refused, or its answer cannot be read.
    """
    providers = {provider.alias: provider for provider, _ in select(session, model)}
    for provider in providers.values():
        operation = find_operation(provider.adapter, "create_character")
        if operation is not None:
            break
    else:
        message = f"{', '.join(providers)} cannot create characters; "
        message += "choose a provider that documents it"
        raise PluginError(message)
    provider.require_key()
    attempt = Attempt("create_character", pays=True)
    result = yield from run_operation(session, provider, attempt, operation, character)
    return check_result(provider.adapter, "create_character", result, CharacterRef)

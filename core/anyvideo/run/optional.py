"""Characters: made once by the vendor, then written as "@username" in prompts."""

from __future__ import annotations

from anyvideo.adapters.calls import find_operation, start_flow
from anyvideo.adapters.protocol import CharacterRef
from anyvideo.errors import PluginError
from anyvideo.journal.entry import Entry
from anyvideo.model.job import VideoJob
from anyvideo.model.media import Character
from anyvideo.run.attempt import Trace
from anyvideo.run.records import new_task, open_entry
from anyvideo.run.submit import pay
from anyvideo.session.selectors import select
from anyvideo.session.session import Session
from anyvideo.tasks.task import Task
from anyvideo.transport.steps import Steps


def create_character(session: Session, character: Character, model: str) -> Steps[CharacterRef]:
    """Have a character made by the first selected provider that can.

    Raises:
        PluginError: none of them can.
        ProviderError: the vendor refused, or its answer cannot be read.

    """
    providers = {provider.alias: provider for provider, _ in select(session, model)}
    found = (
        (item, find_operation(item.adapter, "create_character")) for item in providers.values()
    )
    provider, operation = next((pair for pair in found if pair[1] is not None), (None, None))
    if provider is None or operation is None:
        message = f"{', '.join(providers)} cannot create characters; try apertis-videos/sora-2"
        raise PluginError(message)
    provider.demand_key()
    trace = Trace("create_character", pays=True)

    def attempt() -> Steps[object]:
        flow = start_flow(provider.adapter, "create_character", operation, character)
        return (yield from session.exchange(provider, flow, trace))

    reference = yield from session.repeat(provider, attempt, trace)
    if not isinstance(reference, CharacterRef):
        kind = type(reference).__name__
        message = f"adapter {provider.adapter.name}: create_character returned {kind}"
        message += "; return a CharacterRef"
        raise PluginError(message)
    return reference


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
    provider.demand_key()
    task = new_task(session, provider, old.model, None, None)
    entry = Entry(
        ref=task.ref,
        offer=f"{provider.alias}/{old.model}",
        task=task,
        job="",
        created=session.clock.now(),
    )
    opened = yield from open_entry(session, provider, entry)
    make = lambda: operation(old, prompt, size)  # noqa: E731 (a piece of work, named for the line)
    return (yield from pay(session, provider, opened or entry, make, "remix"))

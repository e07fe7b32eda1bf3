"""Characters: made once by the vendor, then written as "@username" in prompts."""

from __future__ import annotations

from anyvideo.errors import PluginError
from anyvideo.job import Character
from anyvideo.plugin import CharacterRef
from anyvideo.policy import Steps
from anyvideo.select import select
from anyvideo.session import Session
from anyvideo.trace import Trace, find_operation, start_flow


def create_character(session: Session, character: Character, model: str) -> Steps[CharacterRef]:
    """Have a character made by the first selected provider that can.

    Raises:
        PluginError: none of them can.
        ProviderError: the vendor refused, or its answer cannot be read.

    """
    providers = {provider.alias: provider for provider, _ in select(session, model)}
    found = ((item, find_operation(item, "create_character")) for item in providers.values())
    provider, operation = next((pair for pair in found if pair[1] is not None), (None, None))
    if provider is None or operation is None:
        message = f"{', '.join(providers)} cannot create characters; try apertis-videos/sora-2"
        raise PluginError(message)
    provider.demand_key()
    trace = Trace("create_character", pays=True)

    def attempt() -> Steps[object]:
        flow = start_flow(provider, "create_character", operation, character)
        return (yield from session.exchange(provider, flow, trace))

    reference = yield from session.repeat(provider, attempt, trace)
    if not isinstance(reference, CharacterRef):
        kind = type(reference).__name__
        message = f"adapter {provider.adapter.name}: create_character returned {kind}"
        message += "; return a CharacterRef"
        raise PluginError(message)
    return reference

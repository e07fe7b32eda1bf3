"""A scenario: who is asked for what, how that must end, and where its answers are from."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from operator import attrgetter
from pathlib import Path
from typing import Any, TypeAlias

import httpx
import pytest
from attrs import field, frozen

from anyvideo import Policy, Status, VideoJob
from anyvideo.errors import AnyVideoError
from tests.clients import KINDS

Jobs: TypeAlias = Iterable[tuple[str, VideoJob]]

FOLDER = Path(__file__).parents[2] / "cassettes"
# What stands for the keys while a cassette is played.
KEYS = {
    "APIYI_API_KEY": "cassette-key-apiyi",
    "APERTIS_API_KEY": "cassette-key-apertis",
    "APIMART_API_KEY": "cassette-key-apimart",
    "OPENAI_VIDEOS_API_KEY": "cassette-key-openai-videos",
    "FAL_KEY": "cassette-key-fal",
    "ARK_API_KEY": "cassette-key-ark",
    "OPENROUTER_API_KEY": "cassette-key-openrouter",
    "GEMINI_API_KEY": "cassette-key-gemini",
    "RUNWAYML_API_SECRET": "cassette-key-runway",
    "KLINGAI_API_KEY": "cassette-key-kling",
    "MINIMAX_API_KEY": "cassette-key-minimax",
    "XAI_API_KEY": "cassette-key-xai",
    "REPLICATE_API_TOKEN": "cassette-key-replicate",
    "DASHSCOPE_API_KEY": "cassette-key-dashscope",
    "LUMA_AGENTS_API_KEY": "cassette-key-luma",
    "VIDU_API_KEY": "cassette-key-vidu",
}
WRONG_KEY = "sk-made-up-by-the-tests-of-anyvideo"


@frozen
class Raises:
    """The error in which a scenario ends, and its attributes, such as `task.error.kind`."""

    error: type[AnyVideoError]
    attributes: dict[str, Any] = field(factory=dict)


@frozen
class Scenario:
    """One story of one adapter.

    `live` says that the vendor gives these answers to whoever asks with a key. `trickles` plays
    every event of a stream as a piece of its own.
    """

    adapter: str
    name: str
    play: Callable[[Any, Path], Any]
    ends: Callable[[Any], None] | Raises
    origin: str
    config: Mapping[str, Any] = field(factory=dict)
    live: bool = False
    trickles: bool = False

    @property
    def title(self) -> str:
        return f"{self.adapter}/{self.name}"

    @property
    def literal_keys(self) -> list[str]:
        """The keys that the scenario brings, and that belong to nobody."""
        providers = self.config.get("providers", {}).values()
        return [item["api_key"] for item in providers if isinstance(item.get("api_key"), str)]


def use_wrong_key(adapter: str) -> dict[str, Any]:
    """The config in which a provider has a key that no vendor gave out."""
    return {"providers": {adapter: {"api_key": WRONG_KEY}}}


def run_scenario(scenario: Scenario, client: Any, folder: Path) -> None:
    """Play a scenario and check how it ends."""
    with client:
        if not isinstance(scenario.ends, Raises):
            scenario.ends(scenario.play(client, folder))
            return
        with pytest.raises(scenario.ends.error) as caught:
            scenario.play(client, folder)
        expected = scenario.ends.attributes
        assert {name: attrgetter(name)(caught.value) for name in expected} == expected


def open_client(scenario: Scenario, kind: str, **options: Any) -> Any:
    """Open a client that has the scenario's settings and nothing of this machine's."""
    config = {**scenario.config, **options.pop("config", {})}
    if scenario.trickles and "transport" not in options:
        options["transport"] = Trickle() if kind == "sync" else AsyncTrickle()
    return KINDS[kind](config, **options)


def split_events(body: bytes) -> list[bytes]:
    return [piece for piece in re.split(rb"(?<=\n\n)", body) if piece]


class Pieces(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body that arrives event by event."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def __iter__(self) -> Iterator[bytes]:
        return iter(split_events(self._body))

    async def __aiter__(self):
        for event in split_events(self._body):
            yield event


class Trickle(httpx.HTTPTransport):
    """Hands an answer over event by event, where vcrpy hands over the whole body."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = super().handle_request(request)
        return httpx.Response(
            answer.status_code, headers=answer.headers, stream=Pieces(answer.read())
        )


class AsyncTrickle(httpx.AsyncHTTPTransport):
    """The same for the async client."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer = await super().handle_async_request(request)
        return httpx.Response(
            answer.status_code, headers=answer.headers, stream=Pieces(await answer.aread())
        )


def submit_all(
    adapter: str, jobs: Jobs | Callable[..., Jobs], *arguments: str
) -> Callable[[Any, Path], Any]:
    """Return a play that sends every job to its model, to pin what each becomes.

    A function is asked for the jobs when the play begins: finding those of a large vendor takes a while.
    """
    retired = Policy(retired="allow")

    def play(client: Any, _: Path) -> list[Any]:
        found = jobs(*arguments) if callable(jobs) else jobs
        return [client.submit(job, f"{adapter}/{model}", policy=retired) for model, job in found]

    return play


def are_new(tasks: list[Any]) -> None:
    assert {task.status for task in tasks} == {Status.QUEUED}
    assert all(task.id for task in tasks)

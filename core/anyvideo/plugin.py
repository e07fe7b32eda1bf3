'''Everything that an author of a plugin needs, and nothing else.

A plugin is a module that an entry point of the group `anyvideo` names. It offers adapters, one for
each wire format of a vendor. This is the whole of one:

    from anyvideo.plugin import (
        Flow, Offer, Plan, Report, Request, Task, hookimpl, locate_url, read_offers, read_report,
        segment,
    )

    OFFERS = """
    [[offers]]
    model = "acme-1"
    source = "https://acme.example/docs"
    seconds = [5, 10]
    aspect_ratios = ["16:9", "9:16"]
    accepts = ["seed"]
    price = { amount = "0.10", per = "second" }
    """


    class Acme:
        name = "acme"
        base_url = "https://api.acme.example"
        key_env = "ACME_API_KEY"

        def offers(self) -> tuple[Offer, ...]:
            return read_offers(OFFERS, self.name)

        def submit(self, plan: Plan) -> Flow[Report]:
            response = yield Request("POST", "/v1/clips", json=plan.parameters(), paid=True)
            return read_report(response, paid=True)

        def status(self, task: Task) -> Flow[Report]:
            response = yield Request("GET", f"/v1/clips/{segment(task.id)}")
            return read_report(response, id=task.id)

        def locate(self, task: Task) -> Flow[Request]:
            return locate_url(task)


    anyvideo_api = 1


    @hookimpl
    def anyvideo_adapters() -> list[Acme]:
        return [Acme()]

An adapter does no I/O, reads no clock, no environment and no key: an operation is a generator that
yields requests and is handed responses. The core sends them with the caller's key to the provider's
own origin, and to no other.

`anyvideo new-adapter NAME` writes a distribution of this kind, and `anyvideo.testing.Conformance`
says whether it is right.
'''

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Protocol, TypeAlias, runtime_checkable

import pluggy
from attrs import frozen

from anyvideo.catalog import load_offers, read_offers
from anyvideo.diagnosis import diagnose, diagnose_failure
from anyvideo.dialects.openai_videos import segment
from anyvideo.dialects.reports import find_url, read_report
from anyvideo.errors import (
    AnyVideoError,
    BudgetError,
    ConfigError,
    DownloadError,
    ExpiredError,
    JobError,
    PluginError,
    ProviderError,
)
from anyvideo.events import Event
from anyvideo.job import Character, Image, VideoJob
from anyvideo.offer import Images, Offer, Retirement, Shape, Tier
from anyvideo.plan import Plan
from anyvideo.quote import Price, Quote
from anyvideo.status import Status, read_status
from anyvideo.task import Report, Task, TaskError
from anyvideo.wire import JSON, Flow, Request, Response, Upload

# The version of this surface. A plugin may say `anyvideo_api = 1` beside its hooks; when a later
# version breaks what it was written for, it is then refused by name and does not fail midway.
API = 1

hookspec = pluggy.HookspecMarker("anyvideo")
hookimpl = pluggy.HookimplMarker("anyvideo")

# A stream yields its request first and is answered with the head of the response; then it yields
# what is known so far and is answered with the next bytes, until b"" ends it.
Stream: TypeAlias = Generator["Request | Report | None", "Response | bytes", Report]


@frozen
class CharacterRef:
    """A character that a vendor made; write "@username" in a prompt to use it."""

    id: str
    username: str
    permalink: str | None = None
    profile_picture_url: str | None = None


@runtime_checkable
class Adapter(Protocol):
    """One wire format of one vendor.

    These are found by attribute, and an adapter that has no use for them leaves them out:

        def remix(self, task: Task, prompt: str, size: str | None) -> Flow[Report]
        def create_character(self, character: Character) -> Flow[CharacterRef]
        def stream(self, plan: Plan) -> Stream
        def find(self, task: Task) -> Flow[Report | None]
        def authorize(self, request: Request, key: str, body: bytes, now: float) -> Mapping[str, str]
        Settings: type;  def configure(self, settings: Settings) -> Adapter

    `find` looks for a job whose submit was never answered, where a vendor can be asked for that; it
    ends with a report, or with None. `authorize` returns the headers that prove who is asking, in
    place of `Authorization: Bearer`: `request` has its whole URL, `body` is what will be sent, `now`
    is the Unix time. `Settings` is an attrs class for what `[providers.NAME.settings]` may say, and
    `configure` returns the adapter that goes by it.
    """

    @property
    def name(self) -> str:
        """The name by which configs and selectors mean this adapter: lower case, no slash."""
        ...

    @property
    def base_url(self) -> str:
        """Where the vendor's API lies, without /v1; empty if only the config can say."""
        ...

    @property
    def key_env(self) -> str:
        """The environment variable that holds the key unless the config says otherwise."""
        ...

    def offers(self) -> Sequence[Offer]:
        """Return what can be bought here; asked for when first needed."""
        ...

    def submit(self, plan: Plan) -> Flow[Report]:
        """Create the job; the request that may cost money is marked `paid`."""
        ...

    def status(self, task: Task) -> Flow[Report]:
        """Ask how a task stands."""
        ...

    def locate(self, task: Task) -> Flow[Request]:
        """End with the request whose body is the file."""
        ...


@hookspec
def anyvideo_adapters() -> Sequence[Adapter]:  # type: ignore[empty-body]  # a specification has no body
    """Return the adapters that this plugin offers."""


@hookspec
def anyvideo_before_submit(plan: Plan) -> None:
    """Look at a plan just before it is sent; raise an `AnyVideoError` to veto it."""


@hookspec
def anyvideo_event(event: Event) -> None:
    """Take note of a request, a change of state, a retry or a download."""


def locate_url(task: Task) -> Flow[Request]:
    """Find the file at the URL that the task carries: the `locate` of most vendors.

    Raises:
        DownloadError: the task carries none.

    """
    yield from ()
    if task.video_url is None:
        message = f"task {task.id} is {task.status} and carries no URL; ask for its status first"
        raise DownloadError(message, task=task)
    return Request("GET", task.video_url, expects="video")


__all__ = [
    "API",
    "JSON",
    "Adapter",
    "AnyVideoError",
    "BudgetError",
    "Character",
    "CharacterRef",
    "ConfigError",
    "DownloadError",
    "Event",
    "ExpiredError",
    "Flow",
    "Image",
    "Images",
    "JobError",
    "Offer",
    "Plan",
    "PluginError",
    "Price",
    "ProviderError",
    "Quote",
    "Report",
    "Request",
    "Response",
    "Retirement",
    "Shape",
    "Status",
    "Stream",
    "Task",
    "TaskError",
    "Tier",
    "Upload",
    "VideoJob",
    "anyvideo_adapters",
    "anyvideo_before_submit",
    "anyvideo_event",
    "diagnose",
    "diagnose_failure",
    "find_url",
    "hookimpl",
    "load_offers",
    "locate_url",
    "read_offers",
    "read_report",
    "read_status",
    "segment",
]

"""What an adapter is: the operations that a plugin provides for one wire format."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Protocol, TypeAlias, runtime_checkable

from attrs import frozen

from anyvideo.model.offer import Offer
from anyvideo.model.plan import Plan
from anyvideo.model.wire import Flow, Request, Response
from anyvideo.tasks.report import Report
from anyvideo.tasks.task import Task

Stream: TypeAlias = Generator["Request | Report | None", "Response | bytes", Report]
"""An operation that reads an answer while it arrives.

It yields its request first and is answered with the head of the response; then it yields what is
known so far and is answered with the next bytes, until b"" ends it.
"""


@frozen
class CharacterRef:
    """A character that a vendor made; write "@username" in a prompt to use it.

    Attributes:
        id: The vendor's id of the character.
        username: The name that a prompt uses.
        permalink: The URL of its page.
        profile_picture_url: The URL of its picture.
    """

    id: str
    username: str
    permalink: str | None = None
    profile_picture_url: str | None = None


@runtime_checkable
class Adapter(Protocol):
    """One wire format of one vendor.

    These are optional, and found by attribute:

        def remix(self, task: Task, prompt: str, size: str | None) -> Flow[Report]
        def create_character(self, character: Character) -> Flow[CharacterRef]
        def cancel(self, task: Task) -> Flow[Report]
        def stream(self, plan: Plan) -> Stream
        def find(self, task: Task) -> Flow[Report | None]
        def webhook(self, delivery: Response, secret: str, now: float) -> Flow[object]
        def authorize(self, request: Request, key: str, body: bytes, now: float) -> Mapping[str, str]
        Settings: type;  def configure(self, settings: Settings) -> Adapter
        origins: Sequence[str]

    `cancel` asks the vendor to stop a job, and reports how it stands then, with `cost=0` where the
    vendor says that nothing is billed. `find` looks for a job whose submit was never answered, and
    ends with a report or None.
    `webhook` checks what the vendor sent to the URL that `plan.callback` is, and ends with the
    vendor's id of the task; what is no text names none. `delivery` has the headers and the body of
    the vendor's request, `secret` is empty where the config has none, `now` is the Unix time. It raises a WebhookError
    where the signature is wrong, missing or old.
    `authorize` returns the headers that authenticate a request, in place of `Authorization: Bearer`:
    `request` has its whole URL, `body` is what is sent, `now` is the Unix time. `Settings` is an
    attrs class for `[providers.NAME.settings]`, and `configure` returns the adapter that uses it.
    `origins` are further origins of the vendor's, such as "https://files.acme.example": the key
    goes there too, and where the user's base URL is another, it stands for them as well.
    """

    @property
    def name(self) -> str:
        """The name in configs and selectors: lower case, no slash."""
        ...

    @property
    def base_url(self) -> str:
        """The URL of the vendor's API, without /v1; empty if the config must name it."""
        ...

    @property
    def key_env(self) -> str:
        """The environment variable that holds the key, unless the config names another."""
        ...

    def offers(self) -> Sequence[Offer]:
        """Return the offers; called when they are first needed."""
        ...

    def submit(self, plan: Plan) -> Flow[Report]:
        """Create the job; the request that may cost money is marked `paid`."""
        ...

    def status(self, task: Task) -> Flow[Report]:
        """Ask how a task stands."""
        ...

    def locate(self, task: Task) -> Flow[Request | Report | bytes]:
        """End with the request whose body is the file, or with the file where an answer holds it.

        Where only this says that the job failed, end with a report that says so.
        """
        ...

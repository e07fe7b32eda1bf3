"""What stands behind every wire: the time, the tasks, the faults and the films."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from threading import Event, Lock
from typing import Protocol
from urllib.parse import quote, unquote

from attrs import evolve, field, frozen

from anyvideo.sandbox.clock import Clock
from anyvideo.sandbox.faults import Faults
from anyvideo.sandbox.http.messages import Answer, Call, HungUpError, html_answer
from anyvideo.sandbox.http.ranges import serve, split
from anyvideo.sandbox.tasks import Order, Phase, SandboxTask, State, Tasks, Timing, state_at

_BLOCK = 16_384  # bytes


class Render(Protocol):
    """What makes the films."""

    def __call__(self, prompt: str, *, seconds: float, width: int, height: int) -> bytes:
        """Return an MP4."""
        ...


@frozen
class Film:
    """A finished film."""

    body: bytes = field(repr=False)
    etag: str


class FilmCache:
    """Renders each film once and keeps the last few; the others are rendered again."""

    def __init__(self, render: Render) -> None:
        self._lock = Lock()
        self._render = lru_cache(maxsize=8)(render)

    def make(self, order: Order) -> Film:
        """Return the film of an order."""
        size = {"width": order.width, "height": order.height}
        with self._lock:
            body = self._render(order.prompt, seconds=order.seconds, **size)
        return Film(body, f'"{hashlib.sha256(body).hexdigest()[:32]}"')


@frozen
class World:
    """What every wire works with, from one start of the server to its stop.

    Attributes:
        url: where the server listens.
        clock: the time of the sandbox.
        timing: how long tasks take.
        faults: the faults that are switched on.
        films: the rendered films.
        tasks: every task since the start.
        closing: set when the server stops.
        uploads: type and length in bytes of each uploaded file, by its URL.
    """

    url: str
    clock: Clock
    timing: Timing
    faults: Faults
    films: FilmCache
    tasks: Tasks
    closing: Event = field(factory=Event)
    uploads: dict[str, tuple[str, int]] = field(factory=dict[str, tuple[str, int]])

    def now(self) -> int:
        """Return the Unix time in whole seconds, as vendors write it."""
        return int(self.clock.now())

    def wait_until(self, moment: float) -> None:
        """Let time pass until the clock shows the moment.

        Raises:
            HungUpError: the server closes; a late answer is not sent early because of that.
        """
        self.clock.sleep_until(moment, self.closing)
        if self.closing.is_set():
            raise HungUpError

    def find_faults(self, task: SandboxTask) -> Mapping[str, float]:
        """Return the faults that hold for a task."""
        return self.faults.list(task.order.prompt)

    def find_state(self, task: SandboxTask) -> State:
        """Return the state of a task at this moment."""
        faults = self.find_faults(task)
        return state_at(
            self.clock.now() - task.created_at,
            self.timing.done_at,
            stuck="stuck" in faults,
            fails_at=faults.get("fail-at") or faults.get("moderated") or None,
        )

    def expires_at(self, task: SandboxTask) -> float:
        """Return the Unix time from which the file of a task is gone."""
        if "expired" in self.find_faults(task):
            return task.created_at
        return task.created_at + self.timing.done_at + self.timing.scale(task.order.life)

    def has_expired(self, task: SandboxTask) -> bool:
        """Say whether the file of a task is gone."""
        return self.clock.now() >= self.expires_at(task)

    def file_url(self, task: SandboxTask) -> str | None:
        """Return the URL of a completed task's file, None where there is no file."""
        faults = self.find_faults(task)
        if self.find_state(task).phase is not Phase.SUCCEEDED or "no-url" in faults:
            return None
        host = self.foreign_url if "foreign-url" in faults else self.url
        fresh = "?fresh=1" if self.faults.has_triggered("expired-url", task.id) else ""
        return f"{host}/files/{quote(task.id, safe='')}.mp4{fresh}"

    @property
    def foreign_url(self) -> str:
        """The URL of the same server under a name that is another origin."""
        return self.url.replace("127.0.0.1", "localhost")

    def deliver(self, call: Call, task: SandboxTask) -> Answer:
        """Return the film of a task, changed by the faults of the task."""
        faults = self.find_faults(task)
        if "redirect" in faults and "moved" not in call.query:
            where = f"{self.foreign_url}/files/{quote(task.id, safe='')}.mp4?moved=1&fresh=1"
            return Answer(302, b"", {"location": where})
        film = self.films.make(_shrink(task.order) if "wrong-size" in faults else task.order)
        answer = serve(call, film.body, film.etag, "video/mp4")
        body = answer.body if isinstance(answer.body, bytes) else b""
        answer = answer.with_headers({"content-length": str(len(body))})
        if "cut-download" in faults:
            return evolve(answer, body=split(body[: int(faults["cut-download"])], _BLOCK))
        if "slow-download" in faults:
            return evolve(answer, body=self._trickle(body, faults["slow-download"]))
        return answer

    def _trickle(self, body: bytes, pause: float) -> Iterator[bytes]:
        for block in split(body, _BLOCK):
            yield block
            self.wait_until(self.clock.now() + pause)

    def answer_file(self, call: Call) -> Answer:
        """Answer a call for /files/{id}.mp4, which needs no key."""
        name = call.path.removeprefix("/files/").removesuffix(".mp4")
        task = self.tasks.find(unquote(name))
        if task is None or self.file_url(task) is None:
            return html_answer("404 Not Found", 404)
        if self.has_expired(task):
            return html_answer("410 Gone", 410)
        faults = self.find_faults(task)
        if "fresh" not in call.query and "expired-url" in faults:
            self.faults.triggers("expired-url", task.id, faults)
            return html_answer("403 Forbidden: request has expired", 403)
        return self.deliver(call, task)


def _shrink(order: Order) -> Order:
    """Return an order for the next smaller format of the same orientation."""
    long, short = (1280, 720) if max(order.width, order.height) > 1280 else (640, 360)
    width, height = (long, short) if order.width >= order.height else (short, long)
    return evolve(order, width=width, height=height)

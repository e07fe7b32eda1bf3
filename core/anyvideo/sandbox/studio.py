"""What every wire works with: the time, the tasks, the faults and the films."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator, Mapping
from functools import lru_cache
from threading import Event, Lock
from typing import Protocol
from urllib.parse import quote, unquote

from attrs import evolve, field, frozen

from anyvideo.sandbox.clock import Clock
from anyvideo.sandbox.exchange import Answer, Call, HungUpError, page
from anyvideo.sandbox.faults import Faults
from anyvideo.sandbox.ranges import serve, split
from anyvideo.sandbox.tasks import Order, Pace, Phase, State, Task, Tasks, judge

_BLOCK = 16_384


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


class Films:
    """Renders each film once and keeps the last few; the others can be rendered again."""

    def __init__(self, render: Render) -> None:
        self._lock = Lock()
        self._render = lru_cache(maxsize=8)(render)

    def make(self, prompt: str, seconds: float, width: int, height: int) -> Film:
        """Return the film of an order."""
        with self._lock:
            body = self._render(prompt, seconds=seconds, width=width, height=height)
        return Film(body, f'"{hashlib.sha256(body).hexdigest()[:32]}"')


@frozen
class Studio:
    """The world behind the wires, from one start of the server to its stop."""

    url: str
    clock: Clock
    pace: Pace
    faults: Faults
    films: Films
    tasks: Tasks
    closing: Event = field(factory=Event)
    uploads: dict[str, tuple[str, int]] = field(factory=dict[str, tuple[str, int]])

    def now(self) -> int:
        """Return the Unix time in whole seconds, as vendors write it."""
        return int(self.clock.now())

    def wait_until(self, moment: float) -> None:
        """Let time pass until the clock shows the moment.

        Raises:
            HungUpError: the server closes; what is late does not come early because of that.

        """
        self.clock.sleep_until(moment, self.closing)
        if self.closing.is_set():
            raise HungUpError

    def accept(self, order: Order, id: str) -> Task:  # noqa: A002 (the field's own name)
        """Create a task."""
        task = Task(id, order, self.clock.now())
        self.tasks.add(task)
        return task

    def find_faults(self, task: Task) -> Mapping[str, float]:
        """Return the faults that hold for a task."""
        return self.faults.list(task.order.prompt)

    def judge(self, task: Task) -> State:
        """Return how a task stands now."""
        faults = self.find_faults(task)
        return judge(
            self.clock.now() - task.created_at,
            self.pace.ripe,
            stuck="stuck" in faults,
            fails_at=faults.get("fail-at") or faults.get("moderated") or None,
        )

    def date(self, task: Task, age: float) -> int:
        """Return the moment at which a task had an age, as a Unix time in whole seconds."""
        return int(task.created_at + age)

    def expiry(self, task: Task) -> float:
        """Return the moment from which the file of a task is gone."""
        if "expired" in self.find_faults(task):
            return task.created_at
        return task.created_at + self.pace.ripe + self.pace.scale(task.order.life)

    def has_expired(self, task: Task) -> bool:
        """Say whether the file of a task is gone."""
        return self.clock.now() >= self.expiry(task)

    def file_url(self, task: Task) -> str | None:
        """Return where the file of a completed task is; None if it is not complete."""
        faults = self.find_faults(task)
        if self.judge(task).phase is not Phase.SUCCEEDED or "no-url" in faults:
            return None
        host = self.foreign_url if "foreign-url" in faults else self.url
        fresh = "?fresh=1" if self.faults.has_struck("expired-url", task.id) else ""
        return f"{host}/files/{quote(task.id, safe='')}.mp4{fresh}"

    @property
    def foreign_url(self) -> str:
        """Where the same server listens under a name that is another origin."""
        return self.url.replace("127.0.0.1", "localhost")

    def deliver(self, call: Call, task: Task) -> Answer:
        """Return the film of a task, as the faults of the task let it through."""
        faults = self.find_faults(task)
        if "redirect" in faults and "moved" not in call.query:
            where = f"{self.foreign_url}/files/{quote(task.id, safe='')}.mp4?moved=1&fresh=1"
            return Answer(302, b"", {"location": where})
        order = _shrink(task.order) if "wrong-size" in faults else task.order
        film = self.films.make(order.prompt, order.seconds, order.width, order.height)
        answer = serve(call, film.body, film.etag, "video/mp4")
        body = bytes(answer.body) if isinstance(answer.body, bytes) else b""
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
            return page("404 Not Found", 404)
        if self.has_expired(task):
            return page("410 Gone", 410)
        if "fresh" not in call.query and "expired-url" in self.find_faults(task):
            self.faults.strike("expired-url", task.id, self.find_faults(task))
            return page("403 Forbidden: request has expired", 403)
        return self.deliver(call, task)


def _shrink(order: Order) -> Order:
    """Return an order for the next smaller format of the same orientation."""
    long, short = (1280, 720) if max(order.width, order.height) > 1280 else (640, 360)
    width, height = (long, short) if order.width >= order.height else (short, long)
    return evolve(order, width=width, height=height)


def draw_letters(count: int, alphabet: str = "abcdefghijklmnopqrstuvwxyz0123456789") -> str:
    """Return random characters for an id."""
    return "".join(secrets.choice(alphabet) for _ in range(count))

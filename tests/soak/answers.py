"""Answers that are damaged, endless, packed or slow, for every adapter and both clients."""

import gzip
import json
import random
import re
import socket
from collections import Counter
from collections.abc import Callable
from functools import cache
from typing import Any

import yaml
from attrs import evolve, frozen

from tests.soak.commands import garble
from tests.soak.round import ROOT, Round
from tests.sockets import Listener

JOURNEYS = 8
# What an accepted job says, and one that is done.
GOOD = re.compile(rb'^(?!.*(?:error|null|remix)).*(?:"(?:id|task_id)"|task_id: )', re.DOTALL)
DONE = re.compile(rb'"(?:completed|succeeded|success)"|video_url: ')
URL = re.compile(rb'https://[^\s"\\)]+')
MOST_BYTES = 64 << 20
# A journey has a time-out of one second for each request, and a clock that runs fast.
MOST_SECONDS = 60.0
# What may be posted again: the answers that prove that nothing was made.
PROVES_NOTHING_MADE = (b" 429 ", b" 503 ", b" 400 ")
SELECTORS = {
    "apertis-chat": "sora-2",
    "apertis-create": "veo-3.1",
    "apertis-videos": "sora-2",
    "apimart": "kling-v3",
    "apiyi": "grok-imagine-video-1.5",
    "openai-videos": "sora-2",
}


@frozen
class Reply:
    """An answer as a cassette has it."""

    status: int
    kind: str
    body: bytes


@cache
def load_replies(adapter: str) -> dict[str, tuple[Reply, ...]]:
    """Return the recorded answers of an adapter, by what they answer."""
    found: dict[str, list[Reply]] = {"submit": [], "status": [], "file": []}
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    for path in sorted((ROOT / "cassettes" / adapter).glob("*.yaml")):
        for call in yaml.load(path.read_bytes(), loader)["interactions"]:  # noqa: S506 (a safe one)
            answer, request = call["response"], call["request"]
            body = answer["body"]["string"]
            body = body.encode() if isinstance(body, str) else body
            kind = answer["headers"].get("content-type", ["application/json"])[0]
            reply = Reply(answer["status"]["code"], kind, body)
            found[name_call(request["method"], request["uri"], kind)].append(reply)
    return {name: tuple(replies) for name, replies in found.items()}


def name_call(method: str, uri: str, kind: str = "") -> str:
    if method == "POST":
        return "submit"
    is_file = kind == "video/mp4" or uri.endswith((".mp4", "/content"))
    return "file" if is_file else "status"


def write(reply: Reply, body: bytes, **headers: object) -> bytes:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    head = {"content-type": reply.kind, "content-length": len(body), **given}
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    return f"HTTP/1.1 {reply.status} OK\r\n{lines}\r\n".encode() + body


def retype(rng: random.Random, body: bytes) -> bytes:
    """Put something else in the place of a value of a JSON document."""
    values: tuple[Any, ...] = (
        None,
        True,
        -1,
        1e308,
        10**400,
        "",
        "\x1b[2J",
        [],
        {},
        [[None]],
        "x" * 99_999,
    )
    try:
        document = json.loads(body)
    except ValueError:
        return garble(rng, body)
    place: Any = document
    while isinstance(place, dict | list) and place:
        key = rng.choice(list(place) if isinstance(place, dict) else range(len(place)))
        if rng.random() < 0.5 or not isinstance(place[key], dict | list):
            place[key] = rng.choice(values)
            break
        place = place[key]
    return json.dumps(document).encode()


def fill(piece: bytes, size: int) -> bytes:
    return piece * (size // len(piece))


def change_headers(rng: random.Random, reply: Reply) -> bytes:
    """Answer with headers that lie or mean nothing."""
    choices: tuple[dict[str, object], ...] = (
        {"content_length": rng.choice((-1, 0, 10**30, "x", "1, 2"))},
        {"content_encoding": rng.choice(("gzip", "br", "deflate", "gzip, gzip", "\x01"))},
        {"transfer_encoding": rng.choice(("chunked", "x", "gzip"))},
        {"content_type": rng.choice(("", "text/html", "video/mp4", "x" * 9999, "text/\xff"))},
        {"retry_after": rng.choice(("-1", "1e999", "86400", "nan", "Tue"))},
        {"location": rng.choice(("javascript:1", "//", "http://[", "\x01", "/" * 99_999))},
        {"content_range": rng.choice(("bytes 0-1/2", "bytes */0", "x", "bytes 9-1/5"))},
        {"x": "y" * rng.choice((9, 200_000))},
        {f"x-{number}": "y" for number in range(3000)},
    )
    headers = rng.choice(choices)
    status = rng.choice((reply.status, 201, 204, 206, 301, 302, 400, 401, 404, 429, 500, 503, 999))
    return write(Reply(status, reply.kind, reply.body), reply.body, **headers)


Mutation = Callable[[random.Random, Reply], bytes]
MUTATIONS: dict[str, Mutation] = {
    "as it is": lambda rng, reply: write(reply, reply.body),
    "cut": lambda rng, reply: write(reply, reply.body)[: rng.randrange(len(reply.body) + 99)],
    "garbled body": lambda rng, reply: write(reply, garble(rng, reply.body)),
    "garbled": lambda rng, reply: garble(rng, write(reply, reply.body)),
    "other types": lambda rng, reply: write(reply, retype(rng, reply.body)),
    "huge": lambda rng, reply: write(
        reply, fill(rng.choice((b"{}", b"[", b'{"a":', b"[{},", b"data: x\n", b"\r")), 16 << 20)
    ),
    "deep": lambda rng, reply: write(reply, fill(b'{"a":', 400_000) + b"1"),
    "compressed": lambda rng, reply: write(
        reply, gzip.compress(fill(b"\x00", 80 << 20), 1), content_encoding="gzip"
    ),
    "twice compressed": lambda rng, reply: write(
        reply,
        gzip.compress(gzip.compress(fill(b"[", 80 << 20), 1), 1),
        content_encoding="gzip, gzip",
    ),
    "headers": change_headers,
}


@frozen
class Plan:
    """What one journey meets: which call is damaged, how, and how fast the answer comes."""

    adapter: str
    kind: str
    where: str
    how: str
    slow: bool
    damaged: bytes
    clean: dict[str, bytes]

    @property
    def shown(self) -> str:
        slow = ", slow" if self.slow else ""
        return f"{self.adapter} {self.kind} {self.where} {self.how}{slow} {self.damaged[:200]!r}"


def choose(rng: random.Random, url: str) -> Plan:
    adapter = rng.choice(sorted(SELECTORS))
    replies = load_replies(adapter)
    where = rng.choice([name for name, some in replies.items() if some])
    how = rng.choice(list(MUTATIONS))
    clean = {name: move(rng.choice(find_good(some)), url) for name, some in replies.items() if some}
    damaged = rng.choice((rng.choice(replies[where]), clean[where]))
    return Plan(
        adapter=adapter,
        kind=rng.choice(("sync", "async")),
        where=where,
        how=how,
        slow=rng.random() < 0.15,
        damaged=MUTATIONS[how](rng, move(damaged, url)),
        clean={name: write(reply, reply.body) for name, reply in clean.items()},
    )


def find_good(replies: tuple[Reply, ...]) -> list[Reply]:
    """Return the answers that lead on: a job that was accepted or is done, a file."""
    films = [reply for reply in replies if reply.kind == "video/mp4"]
    good = [reply for reply in replies if reply.status == 200 and GOOD.search(reply.body)]
    done = [reply for reply in good if DONE.search(reply.body)]
    with_url = [reply for reply in done if b"https://" in reply.body]
    return films or with_url or done or good


def move(reply: Reply, url: str) -> Reply:
    """Let the file be at the address of this server."""
    if reply.kind == "video/mp4":
        return reply
    return evolve(reply, body=URL.sub(f"{url}/fox.mp4".encode(), reply.body))


class Server:
    """Serves each journey below a path of its own, so that it is known which one calls."""

    def __init__(self, rng: random.Random) -> None:
        self.posts = Counter[int]()
        self.listener = Listener(self.behave)
        plans = [choose(rng, f"{self.listener.url}/{n}") for n in range(JOURNEYS)]
        # The first shows that the way is free, and loads what is loaded once.
        self.plans = [evolve(plans[0], where="nowhere"), *plans[1:]]

    def behave(self, listener: Any, connection: socket.socket) -> None:
        while request := listener.read(connection):
            method, target = request.split(b" ", 2)[:2]
            number = int(target.split(b"/")[1])
            name = name_call(method.decode(), target.decode())
            self.posts[number] += name == "submit"
            plan = self.plans[number]
            damaged = name == plan.where
            data = plan.damaged if damaged else plan.clean.get(name, b"")
            if damaged and plan.slow:
                drip(listener, connection, data)
                return
            connection.sendall(data)
            if damaged:
                return


def drip(listener: Any, connection: socket.socket, data: bytes) -> None:
    """Send a start and then a byte now and then, as long as the client listens."""
    connection.sendall(data[:200])
    for at in range(200, len(data)):
        if listener.closing.wait(0.02):
            return
        connection.sendall(data[at : at + 1])


def play(round_: Round) -> None:
    """Let one program meet some answers, and measure what they cost it."""
    server = Server(round_.rng)
    plans = [
        {"adapter": plan.adapter, "kind": plan.kind, "model": SELECTORS[plan.adapter]}
        for plan in server.plans
    ]
    path = round_.folder / "journeys.json"
    path.write_text(json.dumps(plans), "utf-8")
    with server.listener as listener:
        program = round_.launch("-m", "tests.soak.journeys", listener.url, path.name)
        code, out, err = round_.finish(program)
    lines = [json.loads(line) for line in out.splitlines()]
    round_.check(code == 0, f"the program ended with {code}: {err[-900:]}")
    round_.check(len(lines) == JOURNEYS, f"it ended in journey {len(lines)}: {err[-900:]}")
    for number, (plan, line) in enumerate(zip(server.plans, lines, strict=False)):
        check_journey(round_, plan, line, server.posts[number])


def check_journey(round_: Round, plan: Plan, line: dict[str, Any], posts: int) -> None:
    shown = f"{line} at {plan.shown}"
    round_.check(line["typed"], f"neither a video nor a typed error: {shown}")
    round_.check(line["seconds"] <= MOST_SECONDS, f"too slow: {shown}")
    round_.check(line["peak"] <= MOST_BYTES, f"too much memory: {shown}")
    if plan.where == "nowhere":
        round_.check(line["end"] == "a video", f"nothing was damaged: {shown}")
    again = plan.where == "submit" and any(
        word in plan.damaged[:40] for word in PROVES_NOTHING_MADE
    )
    round_.check(posts <= (5 if again else 1), f"{posts} POSTs: {shown}")
    round_.check(line["rows"] >= min(posts, 1), f"paid and not in the journal: {shown}")

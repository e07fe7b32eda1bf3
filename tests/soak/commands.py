"""The command line with input that no user means, and what every one of its answers must be."""

import json
import random
from collections.abc import Callable
from typing import Any

from anyvideo.cli.exits import ExitCode
from anyvideo.sandbox import Sandbox
from tests.soak.round import Round, run_sandbox

CODES = frozenset(ExitCode)
MODEL = "apiyi/grok-imagine-video-1.5"
RUNS = 6


def write_settings(play: Round, sandbox: Sandbox, *more: str) -> None:
    """Write an anyvideo.toml whose accounts are in the sandbox and whose jobs take a second."""
    lines = [
        f'model = "{MODEL}"',
        *more,
        *(
            f'[providers.{name}]\nbase_url = "{sandbox.base_url(name)}"\napi_key = "soak-key"\n'
            for name in sandbox.adapters
        ),
        f'[[offers]]\nadapter = "apiyi"\nmodel = "{MODEL.partition("/")[2]}"\nfinishes_in = 1',
    ]
    path = play.folder / "anyvideo.toml"
    path.touch(0o600)  # it holds keys
    path.write_text("\n".join(lines), "utf-8")


def make_text(rng: random.Random) -> str:
    """Return a text without NUL, which no argument can hold, and that is no option."""
    letters = "".join(chr(rng.choice((7, 27, 34, 92, 233, 8238, 127916))) for _ in range(9))
    return rng.choice(("", " ", "-1", "1e999", "nan", "x" * 70_000, "~nobody", "{", letters))


def garble(rng: random.Random, data: bytes) -> bytes:
    """Return bytes that are cut, turned, repeated or something else altogether."""
    at, end = sorted(rng.randrange(len(data) + 1) for _ in range(2))
    noise = rng.randbytes(rng.choice((1, 9, 99)))
    return rng.choice(
        (
            data[:at],
            data[:at] + noise + data[at:],
            data[:at] + data[end:],
            data[:end] + data[at:],
            noise,
            b"[" * 100_000,
            b"\xff\xfe" + data,
            data[:at] + b"\x00" + data[at:],
        )
    )


def try_arguments(play: Round) -> list[str]:
    """Return a command with a value that is no value of its option."""
    rng = play.rng
    option = rng.choice(
        ("--seconds", "--size", "--image", "-m", "--timeout", "--max-cost", "--plan", "--job")
    )
    wrong = {"--image": "none.png", "-m": "none/none", "--plan": "none.json", "--job": "none.json"}
    value = wrong.get(option) or rng.choice(("-4", "nan", "soon", "1e999", "\x1b[2J", "x" * 5000))
    return ["generate", "a red fox", option, value, "-o", "fox.mp4"]


def try_texts(play: Round) -> list[str]:
    """Return a command that sends nothing, with texts that mean nothing."""
    rng = play.rng
    command = rng.choice(
        ("plan", "compare", "models", "jobs", "resume", "lint", "providers", "nonsense", "plugins")
    )
    return [command, *(make_text(rng) for _ in range(rng.randint(0, 2)))]


def try_settings(play: Round) -> list[str]:
    """Return a command with settings that are damaged."""
    path = play.folder / "damaged.toml"
    path.touch(0o600)
    path.write_bytes(garble(play.rng, (play.folder / "anyvideo.toml").read_bytes()))
    return [play.rng.choice(("plan", "compare")), "a red fox", "--config", path.name]


def try_job(play: Round) -> list[str]:
    """Return a command with the file of a job that is damaged or holds something else."""
    rng, path = play.rng, play.folder / "job.json"
    job: dict[str, Any] = {"prompt": "a red fox", "seconds": 4, "size": "1280x720"}
    values: tuple[Any, ...] = (None, True, -1, 1e308, [], {}, [[]], "\x00", {"a": []}, 10**400)
    job[rng.choice(("prompt", "seconds", "size", "images", "none"))] = rng.choice(values)
    text = json.dumps(job).encode()
    path.write_bytes(text if rng.random() < 0.5 else garble(rng, text))
    return ["plan", "--job", path.name]


def try_handle(play: Round) -> list[str]:
    """Return a command with a handle of a job that was never made."""
    handle = json.dumps({"version": 1, "adapter": "apiyi", "provider": "apiyi", "id": "x"})
    # A NUL cannot be part of an argument, nor can a lone surrogate be passed on by this test.
    text = garble(play.rng, handle.encode()).replace(b"\x00", b"").decode("utf-8", "replace")
    return ["resume", "{" + text]


TRIES: tuple[Callable[[Round], list[str]], ...] = (
    try_arguments,
    try_texts,
    try_settings,
    try_job,
    try_handle,
)


def play(round_: Round) -> None:
    """Run some commands; none may end in a traceback, and none may send an order."""
    with run_sandbox() as sandbox:
        write_settings(round_, sandbox)
        for _ in range(RUNS):
            arguments = round_.rng.choice(TRIES)(round_)
            code, _, err = round_.finish(round_.launch("-m", "anyvideo", *arguments))
            check_end(round_, arguments, code, err)
            round_.check(sandbox.posts() == [], f"{arguments!r:.300} sent an order")


def check_end(round_: Round, arguments: list[str], code: int, err: str) -> None:
    """Check the exit code of a command, and that it says what is wrong in lines of its own."""
    lines = err.splitlines()
    shown = f"{arguments!r:.300} ended with {code}: {err[:600]!r}"
    round_.check(code in CODES, shown)
    round_.check("Traceback" not in err and "internal error" not in err, shown)
    round_.check(all(line.isprintable() for line in lines), shown)
    if code not in {0, 1}:
        own = [line for line in lines if line.startswith("anyvideo: ")]
        round_.check(own and len(own) == len(set(own)), shown)

"""Ctrl-C and SIGTERM at random moments of `anyvideo generate` and `anyvideo resume`."""

import signal
import subprocess
import time

from anyvideo.sandbox import Sandbox
from tests.soak.commands import MODEL, write_settings
from tests.soak.orders import read_journal
from tests.soak.round import Round, count_posts, count_tasks, run_sandbox

KEY = "order-7"
WORDS = ("", "", "", " [fault:slow-accept=0.5]", " [fault:drop-after-accept]", " [fault:poll-503]")
CODES = {signal.SIGINT: 130, signal.SIGTERM: 143}


def play(round_: Round) -> None:
    """Interrupt a job, interrupt what resumes it, and then resume it."""
    rng = round_.rng
    with run_sandbox(0.5) as sandbox:
        write_settings(round_, sandbox)
        prompt = f"a red fox{rng.choice(WORDS)}"
        generate = ["generate", prompt, "-o", "fox.mp4", "--key", KEY, "-m", MODEL]
        interrupt(round_, sandbox, generate)
        if known := read_journal(round_.home / "journal.sqlite"):
            interrupt(round_, sandbox, ["resume", KEY])
            resume(round_, sandbox, known[KEY].state)
        round_.check(count_posts(sandbox, "a red fox") <= 1, "more than one POST")


def interrupt(round_: Round, sandbox: Sandbox, arguments: list[str]) -> None:
    """Run a command and interrupt it once; check that its end names the job."""
    rng = round_.rng
    number = rng.choice((signal.SIGINT, signal.SIGTERM))
    seen = len(sandbox.requests)
    program = round_.launch("-m", "anyvideo", *arguments)
    if rng.random() < 0.7:
        wait_for_call(program, sandbox, seen)
        time.sleep(rng.choice((0.0, 0.02, 0.6, 2.0)) * rng.random())
    else:
        time.sleep(rng.uniform(0, 1.5))
    program.send_signal(number)
    code, out, err = round_.finish(program)
    shown = f"{arguments} interrupted by {number.name} ended with {code}: {err[-600:]!r}"
    made = count_tasks(sandbox, "a red fox")
    round_.check(len(made) <= 1, f"{made} were made; {shown}")
    round_.check(count_posts(sandbox, "a red fox") <= 1, f"more than one POST; {shown}")
    if len(sandbox.requests) > seen and not out:
        round_.check(code in {0, 5, CODES[number]} or was_not_made(made, err), shown)
        round_.check("Traceback" not in err, shown)
    else:  # before the program begins and after its end, signals are Python's
        ends = {0, 5, 9, CODES[number], -number}
        round_.check(code in ends or was_not_made(made, err), shown)
    if code == CODES[number] and len(sandbox.requests) > seen:
        round_.check(KEY in err, f"the job is not named: {shown}")
    if made:
        row = read_journal(round_.home / "journal.sqlite").get(KEY)
        known = row is not None and (row.task.id == made[0] or row.sent)
        round_.check(known, f"{made[0]} is not in the journal: {row}; {shown}")


def was_not_made(made: list[str], err: str) -> bool:
    """Say whether a command said that no job was created, rightly: it was interrupted before."""
    return not made and "no job was created" in err


def wait_for_call(program: subprocess.Popen[str], sandbox: Sandbox, seen: int) -> None:
    """Return when a request has arrived at the sandbox, or the program has ended."""
    while program.poll() is None and len(sandbox.requests) == seen:
        time.sleep(0.005)


def resume(round_: Round, sandbox: Sandbox, state: str) -> None:
    """Resume the job to its end; only an ambiguous one may stay open."""
    code, _, err = round_.finish(round_.launch("-m", "anyvideo", "resume", KEY))
    shown = f"resume of a job that was {state} ended with {code}: {err[-600:]!r}"
    # 9: the row of a job that may be in flight stays leased for a while.
    made = count_tasks(sandbox, "a red fox")
    round_.check(code in {0, 5, 9} or was_not_made(made, err), shown)
    if code == 0:
        round_.check((round_.folder / "fox.mp4").is_file(), f"there is no video; {shown}")

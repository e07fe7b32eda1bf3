"""A thousand jobs, three processes on one journal, two of them killed at random."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from anyvideo.journal.database import Journal
from anyvideo.tasks.status import Status
from tests.processes import list_uncounted
from tests.safety.counting import CountingServer

pytestmark = pytest.mark.volume

ROOT = Path(__file__).parents[2]
COUNT = 1000
# With both cores busy the processes take several times as long as alone.
PATIENCE = 90


def start(server, folder, seed):
    path = os.pathsep.join([str(ROOT), *sys.path])
    program = [
        sys.executable,
        "-m",
        "tests.safety.crowd",
        server.url,
        str(folder),
        str(COUNT),
        seed,
    ]
    return subprocess.Popen(program, env={**list_uncounted(), "PYTHONPATH": path})


def kill_after(server, victim, posts):
    """Kill a process in the midst of its work: once so many requests were paid by all."""
    deadline = time.monotonic() + 60
    while sum(server.posts.values()) < posts and time.monotonic() < deadline:
        server.closing.wait(0.001)
    victim.kill()
    assert victim.wait(10) == -signal.SIGKILL


def read_flight(folder, pid):
    """What a killed process had certainly, and what it may have had in flight."""
    certainly, maybe = set(), set()
    for line in (folder / f"{pid}.log").read_text().splitlines():
        word, _, ref = line.partition(" ")
        if word in {"may-begin", "in"}:
            maybe.add(ref)
        if word == "in":
            certainly.add(ref)
        if word in {"may-end", "not-in"}:
            certainly.discard(ref)
        if word in {"out", "not-in"}:
            maybe.discard(ref)
    return certainly, maybe


def test_no_job_is_paid_twice_and_only_those_in_flight_are_in_doubt(tmp_path):
    with CountingServer(pause=0.01) as server:
        workers = [start(server, tmp_path, seed) for seed in "abc"]
        try:
            kill_after(server, workers[0], 200)
            kill_after(server, workers[1], 500)
            assert workers[2].wait(PATIENCE) == 0
        finally:
            for worker in workers:
                worker.kill()
                worker.wait(10)
        journal = Journal(tmp_path / "j.sqlite")
        rows = journal.entries()
        journal.close()

        assert max(server.posts.values()) == 1
        assert len(server.posts) <= COUNT
    ambiguous = {row.ref for row in rows if row.state == Status.AMBIGUOUS}
    home = {row.ref for row in rows if row.state == Status.SUCCEEDED and row.facts}
    assert len(rows) == COUNT == len(home) + len(ambiguous)
    assert all((tmp_path / f"{ref}.mp4").read_bytes() == server.film for ref in home)
    flights = [read_flight(tmp_path, worker.pid) for worker in workers[:2]]
    certainly, maybe = (set().union(*kinds) for kinds in zip(*flights, strict=True))
    assert certainly <= ambiguous <= maybe
    assert certainly

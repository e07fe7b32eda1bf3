"""kill -9 at every step of a job: no second paid request, and every video is downloaded."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from anyvideo.errors import AmbiguousSubmitError
from anyvideo.testing.clock import VirtualClock
from tests.acme.clients import JOB, open_client
from tests.processes import list_uncounted
from tests.safety.counting import CountingServer
from tests.safety.victim import KEY
from tests.sockets import make_options

pytestmark = pytest.mark.volume
ROOT = Path(__file__).parents[2]
# An hour on, when no lease is left.
LATER = time.time() + 3600

BEFORE = ["open:before", "open:after", "mark:before"]
INSIDE = ["mark:after", "submit", "advance:before"]
AFTER = ["advance:after", "status", "file", "finish:before", "finish:after"]


def kill(kind, server, folder, where):
    """Run a program that makes a video, and have it killed."""
    path = os.pathsep.join([str(ROOT), *sys.path])
    program = [sys.executable, "-m", "tests.safety.victim", kind, server.url, str(folder)]
    step = where if ":" in where else ""
    environment = {**list_uncounted(), "PYTHONPATH": path}
    with subprocess.Popen([*program, step], env=environment) as victim:
        server.victim = victim.pid
        assert victim.wait(60) == -signal.SIGKILL


def open_later(kind, server, folder):
    options = make_options(server.url, 60.0)
    clock = VirtualClock(LATER)
    return open_client(kind, None, journal=folder / "j.sqlite", clock=clock, **options)


def download_all(client, folder):
    """What `anyvideo resume --all` does."""
    for row in client.session.journal.entries():
        task = client.wait(client.resume(row.task))
        client.download(task, folder / "fox.mp4", overwrite=True)


@pytest.mark.parametrize("where", BEFORE + INSIDE + AFTER)
def test_a_killed_job_is_paid_once_and_comes_home(kind, tmp_path, where):
    with CountingServer(kill_at=where) as server:
        kill(kind, server, tmp_path, where)
        paid = sum(server.posts.values())
        with open_later(kind, server, tmp_path) as client:
            if where == "open:before":
                assert client.session.journal.entries() == []
                client.submit(JOB, "acme/acme-1", key=KEY)
            if where in INSIDE:
                with pytest.raises(AmbiguousSubmitError):
                    download_all(client, tmp_path)
                with pytest.raises(AmbiguousSubmitError):
                    client.submit(JOB, "acme/acme-1", key=KEY)
                assert sum(server.posts.values()) == paid
                settle(client, server)
            download_all(client, tmp_path)
            (row,) = client.session.journal.entries()

        assert sum(server.posts.values()) == 1
        assert (row.ref, row.state) == (KEY, "succeeded")
        assert (tmp_path / "fox.mp4").read_bytes() == server.film


def settle(client, server):
    """Settle the job with what its user finds at the vendor."""
    if number := server.tasks.get(JOB.prompt):
        client.resolve(KEY, number)
        return
    client.resolve(KEY)
    client.submit(JOB, "acme/acme-1", key=KEY)


def test_what_had_arrived_when_it_was_killed_is_not_fetched_again(kind, tmp_path):
    with CountingServer(kill_at="file") as server:
        kill(kind, server, tmp_path, "file")
        arrived = (tmp_path / "fox.mp4.part").stat().st_size
        with open_later(kind, server, tmp_path) as client:
            download_all(client, tmp_path)

        assert arrived in {0, 1000}
        assert server.bytes == 1000 + len(server.film) - arrived

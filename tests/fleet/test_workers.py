"""Workers over a real database: killed, stopped, cut off, and what a person sees of them."""

import asyncio
import json
import signal
import subprocess
import sys
import time
import urllib.request

import psycopg
import pytest

from anyvideo.cli import main
from anyvideo.errors import ConfigError
from anyvideo.fleet.database import connect, count_lines
from anyvideo.fleet.line import LineState
from anyvideo.fleet.worker import Worker
from tests.fleet.conftest import ROOT, enqueue, make_line
from tests.postgres import Postgres

COUNT = 12
# A worker that counts as dead after a second of silence, so that nobody waits for it long.
PROGRAM = """
import asyncio, sys
from anyvideo.fleet.worker import Worker
asyncio.run(Worker(sys.argv[1], sys.argv[2], drains=sys.argv[3] == "drain", silence=1.0).run())
"""


class Crew:
    """Worker processes, and the vendor that counts what they pay."""

    def __init__(self, path, vendor, results):
        self.path, self.vendor, self.results, self.workers = path, vendor, results, []

    def start(self, mode="drain"):
        command = [sys.executable, "-c", PROGRAM, str(self.path), str(self.results), mode]
        self.workers.append(subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL))
        return self.workers[-1]

    def ask_vendor(self):
        with urllib.request.urlopen(f"{self.vendor}/counts") as answer:  # noqa: S310 (our own server)
            return json.load(answer)

    def wait_for_posts(self, number):
        deadline = time.monotonic() + 30
        while self.ask_vendor()["posts"] < number:
            assert time.monotonic() < deadline
            time.sleep(0.02)

    def list_files(self):
        return sorted(path.name for path in self.results.glob("*.mp4"))


@pytest.fixture
def crew(settings, vendor, tmp_path):
    crew = Crew(settings(), vendor, tmp_path / "out")
    yield crew
    for worker in crew.workers:
        worker.kill()
        worker.wait()


def count(place):
    with connect(place) as connection:
        return count_lines(connection).accounts[("apiyi",)]


@pytest.mark.slow
def test_what_a_killed_worker_had_is_finished_by_another_one_and_nothing_is_paid_twice(crew, place):
    enqueue(place, *map(make_line, range(COUNT)))
    victim, heir = crew.start(), crew.start()
    crew.wait_for_posts(COUNT // 2)
    victim.kill()
    assert heir.wait(60) == 0

    found = crew.ask_vendor()
    assert found["twice"] == 0
    assert found["most_at_once"] <= 8
    ended = count(place)
    # What was in flight at the kill stays in doubt; all else is home.
    assert ended[LineState.DONE] + ended.get(LineState.AMBIGUOUS, 0) == COUNT
    assert len(crew.list_files()) == ended[LineState.DONE] >= COUNT - 8


@pytest.mark.slow
def test_a_worker_that_is_stopped_ends_what_it_began_and_takes_nothing_new(crew, place):
    enqueue(place, *map(make_line, range(COUNT)))
    worker = crew.start("stay")
    crew.wait_for_posts(8)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(20) == 0
    with psycopg.connect(place) as connection:
        assert (
            connection.execute("SELECT 1 FROM procrastinate_jobs WHERE status = 'doing'").fetchall()
            == []
        )
    assert count(place).get(LineState.WAITING, 0) > 0
    assert crew.start().wait(60) == 0

    assert count(place) == {LineState.DONE: COUNT}
    assert crew.ask_vendor()["posts"] == COUNT


@pytest.mark.slow
def test_a_database_that_restarts_loses_nothing(vendor, settings, tmp_path):
    with Postgres() as own:
        place = own.make_database()
        path = settings()
        path.write_text(path.read_text().replace(path.read_text().split('"')[1], place))
        crew = Crew(path, vendor, tmp_path / "out")
        enqueue(place, *map(make_line, range(COUNT)))
        worker = crew.start()
        crew.wait_for_posts(6)
        own.stop()
        own.start()
        assert worker.wait(60) == 0

        assert count(place) == {LineState.DONE: COUNT}
    assert crew.ask_vendor()["twice"] == 0
    assert len(crew.list_files()) == COUNT


def call(capsys, *arguments):
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    return int(ended.value.code or 0), *capsys.readouterr()


@pytest.fixture
def quiet_loop(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ANYVIDEO_HOME", str(tmp_path))


@pytest.mark.slow
def test_a_list_goes_from_a_file_to_videos(settings, tmp_path, quiet_loop, capsys):
    path, jobs = settings(), tmp_path / "jobs.jsonl"
    lines = [
        {"prompt": f"job-{n}", "seconds": 4, "size": "1280x720", "key": f"k{n}"} for n in range(3)
    ]
    jobs.write_text("\n".join(map(json.dumps, [*lines, {"prompt": "x", "seconds": 99}])))

    assert call(capsys, "worker", "--config", path, "--status")[1] == "nothing was enqueued yet\n"
    code, out, err = call(capsys, "enqueue", jobs, "--config", path)
    assert (code, "1 of 4 lines cannot be enqueued, and nothing was" in err) == (2, True)
    assert "3 in all, for 1.68 USD" in out
    code, out, err = call(
        capsys, "enqueue", jobs, "--config", path, "--skip-bad", "--max-cost", "5"
    )
    assert (code, out.splitlines()[-3]) == (0, "3 enqueued")
    assert "line 4: apiyi/grok-imagine-video-1.5: seconds 99" in err
    code, out, _ = call(capsys, "enqueue", jobs, "--config", path, "--skip-bad", "--json")
    assert (json.loads(out)["new"], json.loads(out)["known"]) == (0, 3)
    code, out, err = call(
        capsys, "worker", "--config", path, "--drain", "--results", tmp_path / "out"
    )
    assert (code, err) == (0, "")
    assert out.splitlines()[-1].split() == ["apiyi", "0", "0", "3", "0", "0"]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "k0.mp4",
        "k1.mp4",
        "k2.mp4",
    ]
    status = json.loads(call(capsys, "worker", "--config", path, "--status", "--json")[1])
    assert status["accounts"][0]["done"] == 3


def test_a_worker_without_a_key_says_which_and_takes_nothing(settings, place):
    enqueue(place, make_line(1))
    path = settings()
    path.write_text(path.read_text().replace('"a-key"', '{ env = "NO_SUCH_KEY" }'))
    with pytest.raises(ConfigError, match=r"no key for apiyi: set NO_SUCH_KEY"):
        asyncio.run(Worker(path).run())
    assert count(place) == {LineState.WAITING: 1}

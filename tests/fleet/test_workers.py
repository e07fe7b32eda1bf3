"""Workers over a real database: killed, stopped, cut off, and what a person sees of them."""

import asyncio
import io
import json
import os
import signal
import time

import click
import psycopg
import pytest

from anyvideo.cli import main
from anyvideo.errors import ConfigError
from anyvideo.fleet.database import connect, count_lines
from anyvideo.fleet.line import LineState
from anyvideo.fleet.worker import Worker
from tests.fleet.conftest import enqueue, make_line
from tests.fleet.crew import Crew
from tests.postgres import Postgres

COUNT = 12


@pytest.fixture
def crew(settings, vendor, tmp_path):
    crew = Crew(settings(), vendor, tmp_path / "out")
    yield crew
    for worker in crew.workers:
        worker.kill()
        worker.wait()


def count_submits(place):
    with psycopg.connect(place) as connection:
        query = "SELECT count(*) FROM anyvideo_job WHERE state = 'submitting'"
        ((number,),) = connection.execute(query).fetchall()
        return number


def count(place):
    with connect(place) as connection:
        return count_lines(connection).accounts[("apiyi",)]


def kill_between_submits(victim, place):
    """Kill a worker that has jobs and no paid request in flight, whose lease would have to run out."""
    deadline = time.monotonic() + 30
    while True:
        assert time.monotonic() < deadline
        victim.send_signal(signal.SIGSTOP)
        if count(place).get(LineState.RUNNING, 0) >= 8 and not count_submits(place):
            break
        victim.send_signal(signal.SIGCONT)
        time.sleep(0.02)
    victim.kill()


@pytest.mark.slow
@pytest.mark.parametrize("vendor", ["3"], indirect=True)
def test_what_a_killed_worker_had_is_finished_by_another_one_and_nothing_is_paid_twice(crew, place):
    enqueue(place, *map(make_line, range(COUNT)))
    victim, heir = crew.start(), crew.start()
    kill_between_submits(victim, place)
    assert heir.wait(60) == 0

    assert count(place) == {LineState.DONE: COUNT}
    assert crew.ask_vendor()["twice"] == 0
    assert crew.ask_vendor()["most_at_once"] <= 8
    assert len(crew.list_files()) == COUNT


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


@pytest.fixture
def ask(settings, tmp_path, capsys):
    """Run `enqueue` with a list, as lines of JSON without a prompt."""

    def run(lines, *options, monkeypatch=None):
        jobs = tmp_path / "list.jsonl"
        jobs.write_text(
            "\n".join(json.dumps({"prompt": "a fox", "seconds": 4, **line}) for line in lines)
        )
        return call(capsys, "enqueue", jobs, "--config", settings(), *options)

    return run


def test_a_list_with_many_mistakes_shows_some_of_them(ask, capsys, place):
    code, _, err = ask([{"seconds": 99 + number} for number in range(22)])
    assert (code, "and 2 more lines" in err) == (2, True)
    code, _, err = ask([])
    assert (code, "the list has no job; nothing was enqueued" in err) == (2, True)
    assert call(capsys, "worker", "--status")[0] == 2


def test_a_list_is_confirmed_on_a_terminal(ask, monkeypatch):
    questions, answers = list[str](), [True, False, click.Abort()]

    def confirm(question):
        questions.append(question)
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr("anyvideo.cli.commands.enqueue.asks_first", lambda *_, **__: True)
    monkeypatch.setattr("click.confirm", confirm)
    assert ask([{"key": "a"}])[0] == 0
    code, _, err = ask([{"key": "b"}, {"key": "c"}])
    assert (code, "not confirmed; nothing was enqueued" in err) == (3, True)
    assert ask([{"key": "b"}])[0] == 130
    assert questions[:2] == ["Enqueue 1 job for 0.32 USD?", "Enqueue 2 jobs for 0.64 USD?"]


def test_what_failed_before_a_vendor_had_it_is_shown_and_enqueued_again(
    ask, settings, place, capsys
):
    ask([{"key": "a"}, {"key": "b"}], "-q", "-o", "memory://clips/{key}.mp4")
    with psycopg.connect(place) as connection:
        connection.execute(
            "UPDATE anyvideo_line SET state = 'failed', problem = 'no foxes' WHERE ref = 'a'"
        )
        connection.execute("UPDATE anyvideo_line SET problem = 'busy' WHERE ref = 'b'")
    _, out, _ = call(capsys, "worker", "--config", settings(), "--status")
    assert out.splitlines()[-2:] == ["a: failed: no foxes", "b: tried again: busy"]
    again = [{"key": "a"}, {"key": "b"}]
    assert "0 enqueued, 1 wait again, 1 known already" in ask(again)[1]
    _, out, _ = ask(again)
    assert "0 enqueued, 2 known already" in out
    assert "start workers" not in out


def test_a_list_whose_cost_is_unknown_says_so(ask):
    code, out, _ = ask([{"key": "a", "options": {"apiyi": {"model": "grok-new"}}}])
    assert (code, "1 in all, for an unknown cost" in out) == (0, True)


def test_a_list_comes_from_standard_input(settings, place, capsys, monkeypatch):
    data = io.BytesIO(json.dumps({"prompt": "a fox", "seconds": 4}).encode())
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(data))
    assert "1 enqueued" in call(capsys, "enqueue", "-", "--config", settings())[1]


def test_a_worker_that_is_stopped_prints_no_sums(settings, monkeypatch, capsys):
    async def run(worker):
        worker.on_begin()

    monkeypatch.setattr(Worker, "run", run)
    code, out, _ = call(capsys, "worker", "--config", settings())
    assert (code, len(out.splitlines())) == (0, 1)
    assert out.startswith("working on postgresql://anyvideo@/journal_")


def test_an_engine_that_broke_begins_anew(settings, monkeypatch, caplog):
    begun = list[set[tuple[str, ...]]]()

    async def work(engine, groups, at_once):
        begun.append(set(groups))
        asyncio.get_running_loop().call_exception_handler({"message": "lost", "exception": None})
        if len(begun) == 1:
            raise ConnectionError
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.Event().wait()

    async def rescue(engine):
        message = "away\nfor a while"
        raise ConnectionError(message)

    monkeypatch.setattr("anyvideo.fleet.engine.Engine.work", work)
    monkeypatch.setattr("anyvideo.fleet.engine.Engine.rescue", rescue)
    asyncio.run(Worker(settings()).run())

    assert begun == [set(), set()]
    assert "the database was away; the worker begins anew" in caplog.text
    assert "the fleet's list: away\n" in caplog.text
    assert "stopping: what is under way ends first" in caplog.text


def test_a_worker_leaves_the_lines_of_other_accounts_alone(settings, place, caplog, monkeypatch):
    """It begins with the accounts that it has keys for, and reports each that it lacks once."""
    monkeypatch.delenv("FAL_KEY", raising=False)
    enqueue(place, make_line(1, ("apiyi", "fal")))
    enqueue(place, make_line(2))
    with psycopg.connect(place) as connection:
        connection.execute("UPDATE anyvideo_line SET state = 'done' WHERE ref = 'job-2'")
        connection.execute(
            "INSERT INTO anyvideo_line (ref, accounts, job, model, target, currency)"
            " VALUES ('x', 'apiyi', '{}', 'apiyi/nothing', 'x.mp4', 'USD')"
        )
    asyncio.run(Worker(settings(), drains=True).run())

    assert (
        caplog.text.count("no key for fal: set FAL_KEY; its lines are left to other workers") == 1
    )
    with connect(place) as connection:
        found = count_lines(connection).accounts
    assert found[("apiyi", "fal")] == {LineState.WAITING: 1}
    assert found[("apiyi",)] == {LineState.DONE: 1, LineState.FAILED: 1}

"""The progress of a job, on a terminal and in a pipe."""

from datetime import datetime

import pytest
from attrs import evolve

from anyvideo.cli.views.live_progress import LiveProgress
from anyvideo.cli.views.progress import PlainProgress, ProgressReporter, report_progress
from anyvideo.client.sync import Client
from anyvideo.sandbox import Sandbox
from anyvideo.tasks.task import Task


@pytest.fixture
def session(clock):
    with Sandbox(clock=clock) as sandbox, Client({}, sandbox, journal=":memory:") as client:
        yield client.session


@pytest.fixture
def task(session):
    provider = session.provider("apiyi")
    born = datetime.fromtimestamp(session.clock.now(), tz=session.now.tzinfo)
    return Task(
        provider.alias, "apiyi", provider.base_url, "t1", "sora-2", created_at=born, ref="order-7"
    )  # fmt: skip


@pytest.mark.parametrize("json", [False, True])
def test_plain_lines_go_to_stderr_where_stdout_is_json(session, task, capsys, json):
    with report_progress(session, json=json, sent=True) as reporter:
        reporter(task)
    out, err = capsys.readouterr()

    assert (err if json else out) == (
        "sent to apiyi/sora-2: task t1, job order-7\n     0 s  queued, usually 3 s more\n"
    )
    assert (out if json else err) == ""


def test_the_usual_time_is_learned_from_the_journal(session, task, monkeypatch, capsys):
    monkeypatch.setattr(session.journal, "finishes", lambda _: [40.0, 60.0, 90.0])
    ProgressReporter(session, PlainProgress())(task)

    assert capsys.readouterr().out.endswith("usually 1 min more\n")


def test_without_a_date_a_journal_or_an_offer_no_time_is_given(clock, capsys):
    with Client({}, journal=None) as client:
        session = client.session
        provider = session.provider("apiyi")
        reporter = ProgressReporter(session, PlainProgress())
        reporter(Task("apiyi", "apiyi", provider.base_url, "t1", "no-such-model"))
        reporter(Task("apiyi", "apiyi", provider.base_url, "t1", "sora-2", progress=45))

    assert capsys.readouterr().out.splitlines()[1:] == [
        "     0 s  queued",
        "     0 s  queued 45 %, usually 5 min more",
    ]


def test_a_closed_pipe_ends_the_plain_lines(monkeypatch):
    lines = PlainProgress()
    written = []

    def write(line, *, err):
        written.append(line)
        raise BrokenPipeError

    monkeypatch.setattr("anyvideo.cli.views.progress.echo", write)
    lines.write("one")
    lines.write("two")

    assert (written, lines.muted) == (["one"], True)


def test_the_live_line_tells_status_percent_and_time(session, task, terminal, capsys):
    with report_progress(session, sent=True) as reporter:
        assert isinstance(reporter.display, LiveProgress)
        reporter(task)
        reporter.display.update(task, 1, 3)
        row = reporter.display.row
        assert (row.description, row.total, row.fields["percent"]) == ("queued", None, "")
        reporter.display.update(Task("a", "b", "c", "d", "e", "running", 45), 61, None)
        assert (row.description, row.total, row.fields["percent"]) == ("running", 100, "45 %")
        reporter.display.update(Task("a", "b", "c", "d", "e", "succeeded", 100), 62, None)
    out = capsys.readouterr().out

    assert "sent to apiyi/sora-2: task t1, job order-7" in out
    assert "running" in out
    assert "succeeded after 1 min 2 s" in out
    assert "1 min 1 s" in out


def test_a_job_that_this_run_did_not_send_is_followed(session, task, capsys):
    ProgressReporter(session, PlainProgress())(task)

    assert capsys.readouterr().out == (
        "already sent to apiyi/sora-2 at 2026-11-20 12:00 UTC: task t1, job order-7; following it\n"
        "     0 s  queued, usually 3 s more\n"
    )


@pytest.mark.parametrize(
    ("status", "words"), [("succeeded", "it succeeded"), ("failed", "it is failed")]
)
def test_a_job_that_has_ended_is_not_said_to_end_now(session, task, capsys, status, words):
    ProgressReporter(session, PlainProgress())(evolve(task, status=status, created_at=None))

    assert capsys.readouterr().out == (
        f"already sent to apiyi/sora-2: task t1, job order-7; {words}\n"
    )


def test_a_job_that_never_got_an_id_has_not_been_sent(session, task, capsys):
    ProgressReporter(session, PlainProgress())(evolve(task, id="", status="failed"))

    assert capsys.readouterr().out == ""


def test_quiet_shows_nothing(session, task, terminal, capsys):
    with report_progress(session, quiet=True) as reporter:
        reporter.display.start()
        reporter(task)
        reporter.display.stop()

    assert capsys.readouterr() == ("", "")

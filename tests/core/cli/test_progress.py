from datetime import datetime

import pytest

from anyvideo.cli.live import LiveLine
from anyvideo.cli.progress import Narration, PlainLines, narrate, say_left
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


def test_what_is_left_is_said_until_nothing_is():
    assert say_left(30) == "usually 30 s more"
    assert say_left(0.4) == "usually done by now"


@pytest.mark.parametrize("json", [False, True])
def test_plain_lines_go_where_nobody_parses_them(session, task, capsys, json):
    with narrate(session, json=json) as narration:
        narration(task)
    out, err = capsys.readouterr()

    assert (err if json else out) == (
        "sent to apiyi/sora-2: task t1, job order-7\n     0 s  queued, usually 3 s more\n"
    )
    assert (out if json else err) == ""


def test_the_usual_time_is_learned_from_the_journal(session, task, monkeypatch):
    monkeypatch.setattr(session.journal, "finishes", lambda _: [40.0, 60.0, 90.0])
    lines = []
    drawing = PlainLines()
    monkeypatch.setattr(PlainLines, "say", lambda _, line: lines.append(line))
    Narration(session, drawing)(task)

    assert lines[-1].endswith("usually 1 min more")


def test_without_a_birthday_or_a_journal_or_an_offer_nothing_is_promised(clock, capsys):
    with Client({}, journal=None) as client:
        session = client.session
        provider = session.provider("apiyi")
        narration = Narration(session, PlainLines())
        narration(Task("apiyi", "apiyi", provider.base_url, "t1", "no-such-model"))
        narration(Task("apiyi", "apiyi", provider.base_url, "t1", "sora-2", progress=45))

    assert capsys.readouterr().out.splitlines()[1:] == [
        "     0 s  queued",
        "     0 s  queued 45 %, usually 5 min more",
    ]


def test_nothing_is_written_any_more_once_nobody_reads(monkeypatch):
    lines = PlainLines()
    written = []

    def write(line, *, err):
        written.append(line)
        raise BrokenPipeError

    monkeypatch.setattr("anyvideo.cli.progress.click.echo", write)
    lines.say("one")
    lines.say("two")

    assert (written, lines.muted) == (["one"], True)


def test_the_live_line_tells_status_percent_and_time(session, task, terminal, capsys):
    with narrate(session) as narration:
        assert isinstance(narration.drawing, LiveLine)
        narration(task)
        narration.drawing.show(task, 1, 3)
        row = narration.drawing.row
        assert (row.description, row.total, row.fields["percent"]) == ("queued", None, "")
        narration.drawing.show(Task("a", "b", "c", "d", "e", "running", 45), 61, None)
        assert (row.description, row.total, row.fields["percent"]) == ("running", 100, "45 %")
        narration.drawing.show(Task("a", "b", "c", "d", "e", "succeeded", 100), 62, None)
    out = capsys.readouterr().out

    assert "sent to apiyi/sora-2: task t1, job order-7" in out
    assert "running" in out
    assert "succeeded after 1 min 2 s" in out
    assert "1 min 1 s" in out

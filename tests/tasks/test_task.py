"""Task: its handle, what a report changes in it, and what never changes."""

import json
import os
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from attrs import evolve, fields
from hypothesis import given
from hypothesis import strategies as st

from anyvideo.errors import ERROR_KINDS, ConfigError
from anyvideo.model.quote import Quote
from anyvideo.tasks.report import Output, Report, TaskError, read_progress
from anyvideo.tasks.status import Status
from anyvideo.tasks.task import Difference, Facts, Task, Video, advance

BARE = Task("apiyi", "apiyi", "https://api.apiyi.com", "video_1", "sora-2")
_CONVERTED = ("id", "status", "progress", "video_url", "expires_at", "enhanced_prompt", "cost")
_FIVE = ("provider", "adapter", "base_url", "id", "model")
NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
URL = "https://a.b/c.mp4"


GARBAGE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.binary(max_size=5)
    | st.dates()
    | st.decimals()
    | st.sampled_from([-(10**400), "1e999", "http://[", "https://a:b", "9" * 5000]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
MONEY = st.decimals(min_value=0, max_value=10**6, places=4)
MOMENTS = st.datetimes(
    min_value=datetime(1971, 1, 1),  # noqa: DTZ001 (the strategy adds the zone)
    timezones=st.timezones() | st.just(timezone(timedelta(hours=5, minutes=30))),
)
ERRORS = st.builds(
    TaskError, st.none() | st.sampled_from(sorted(ERROR_KINDS)), st.none() | WORDS, WORDS
)
QUOTES = st.builds(
    Quote,
    amount=st.none() | MONEY,
    currency=WORDS,
    basis=WORDS,
    source=WORDS,
    checked=st.none() | st.dates(),
    failures_billed=st.none() | st.booleans(),
)
MAYBE = {
    "progress": st.floats(0, 100),
    "video_url": st.just(URL),
    "expires_at": MOMENTS,
    "enhanced_prompt": WORDS,
    "error": ERRORS,
    "quote": QUOTES,
    "cost": MONEY,
    "created_at": MOMENTS,
    "updated_at": MOMENTS,
    "submitted_at": MOMENTS,
    "raw": WORDS,
}
TASKS = st.builds(
    Task,
    *[WORDS] * 5,
    status=st.sampled_from(Status),
    ref=WORDS,
    **{name: st.none() | value for name, value in MAYBE.items()},
)
REPORTS = st.builds(
    Report,
    WORDS,
    st.sampled_from(Status),
    st.none() | st.floats(0, 100),
    st.none() | st.just(URL),
    st.none() | MOMENTS,
    st.none() | WORDS,
    st.none() | ERRORS,
    st.none() | MONEY,
    st.none() | MOMENTS,
)


@given(st.fixed_dictionaries(dict.fromkeys(_CONVERTED, GARBAGE)))
def test_a_report_can_be_made_of_anything(values):
    report = Report(**values)

    assert isinstance(report.id, str)
    assert isinstance(report.status, Status)
    assert report.progress is None or 0 <= report.progress <= 100
    assert report.expires_at is None or report.expires_at.tzinfo is not None
    assert report.cost is None or report.cost >= 0


def test_a_vendor_cannot_report_what_only_we_can_know():
    assert (Report("x", "submitting").status, Report("x", "ambiguous").status) == (
        "queued",
        "running",
    )


def test_a_task_can_be_built_from_five_fields_alone():
    known = {"provider", "adapter", "base_url", "id", "model", "status", "ref", "extra", "outputs"}

    assert (BARE.status, BARE.ref) == ("queued", "")
    assert {item.name for item in fields(Task) if getattr(BARE, item.name) is not None} == known
    assert Task.from_json(dict.fromkeys(_FIVE, "x")) == Task("x", "x", "x", "x", "x")


@given(TASKS)
def test_a_handle_holds_the_whole_task(task):
    text = task.to_json()

    assert Task.from_json(text) == task
    assert Task.from_json(text.encode()) == task
    assert Task.from_json(json.loads(text)) == task


def test_a_handle_is_plain_json():
    quote = Quote(Decimal("2.40"), checked=date(2026, 11, 20))
    task = evolve(BARE, quote=quote, error=TaskError("server", None, "x"), created_at=NOW)
    handle = json.loads(task.to_json())

    assert handle["quote"]["amount"] == "2.40"
    assert handle["error"] == {"kind": "server", "message": "x"}
    assert handle["created_at"] == "2026-11-20 10:00:00+00:00"
    assert "cost" not in handle


def test_a_handle_of_a_later_version_can_be_read():
    handle = {**json.loads(BARE.to_json()), "mood": "blue", "raw": None, "error": {"kind": "bored"}}

    assert Task.from_json(handle) == evolve(BARE, error=TaskError())
    assert Task.from_json({**handle, "error": {"code": 7}}).error == TaskError(None, "7")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "video_1",
        "[]",
        "null",
        "7",
        '"x"',
        "{}",
        b"\xff",
        "[" * 100_000,
        '{"provider": "apiyi"}',
        {**json.loads(BARE.to_json()), "id": 7},
        {**json.loads(BARE.to_json()), "raw": []},
        {**json.loads(BARE.to_json()), "error": 5},
        {**json.loads(BARE.to_json()), "quote": 5},
        {**json.loads(BARE.to_json()), "quote": {"amount": "many"}},
        {**json.loads(BARE.to_json()), "quote": {"confidence": "high"}},
    ],
)
def test_what_is_no_handle_is_refused_in_one_line(text):
    with pytest.raises(ConfigError, match=r"that is no task handle \("):
        Task.from_json(text)


@given(GARBAGE | st.dictionaries(st.sampled_from([f.name for f in fields(Task)]), GARBAGE))
def test_no_text_at_all_breaks_the_reading_of_a_handle(value):
    try:
        task = Task.from_json(value)
    except ConfigError:
        return
    assert Task.from_json(task.to_json()) == task


@given(TASKS, REPORTS)
def test_a_task_after_a_report(task, report):
    later = advance(task, report, NOW, "body")

    assert (later.provider, later.model, later.quote) == (task.provider, task.model, task.quote)
    assert later.id == (task.id or report.id) or later is task
    if task.status.final:
        assert later.status == task.status
    else:
        assert (later.status, later.updated_at, later.raw) == (report.status, NOW, "body")
        assert later.created_at == (report.created_at or task.created_at or NOW)
        assert later.submitted_at == task.submitted_at
    for name in ("progress", "video_url", "expires_at", "enhanced_prompt", "error", "cost"):
        assert (getattr(later, name) is None) <= (getattr(task, name) is None)


@given(TASKS, st.lists(REPORTS, max_size=5))
def test_a_final_task_never_moves(task, reports):
    states = [task.status]
    for report in reports:
        task = advance(task, report, NOW)
        states.append(task.status)

    ends = [state for state in states if state.final]
    assert len(set(ends)) <= 1
    assert all(state.final for state in states[len(states) - len(ends) :])


def test_a_finished_task_takes_a_fresh_url_and_keeps_its_last_body():
    done = evolve(BARE, status="succeeded", video_url="https://a.b/old.mp4", raw="old")
    fresh = advance(done, Report("video_1", "succeeded", video_url=URL), NOW)

    assert (fresh.video_url, fresh.raw) == (URL, "old")
    assert advance(done, Report("video_1", "failed"), NOW) is done


def test_a_difference_is_said_in_words():
    difference = Difference("size", "1920x1080", "1280x720")
    video = Video(Path("a.mp4"), BARE, 9, Facts(1.0, 64, 48, 24.0, has_audio=False), (difference,))

    assert video.report == video.differences
    assert str(video.differences[0]) == "size ordered 1920x1080, delivered 1280x720"


def test_a_notebook_shows_a_task_and_plays_a_video(tmp_path):
    quote, error = Quote(Decimal("0.40"), "USD", "exact"), TaskError("server", None, "<oops>")
    task = evolve(BARE, status="failed", progress=40, quote=quote, error=error, ref="order-<7>")
    shown = task._repr_html_()
    assert "<th>status</th><td>failed</td>" in shown
    assert "<th>cost</th><td>0.40 USD</td>" in shown
    assert "&lt;oops&gt;" in shown
    assert "order-&lt;7&gt;" in shown
    assert "<th>error</th>" not in BARE._repr_html_()

    path = tmp_path / "fox.mp4"
    facts, differs = Facts(4.0, 160, 120, 24.0, None), (Difference("size", "1x1", "160x120"),)
    video = Video(path, task, 3, facts, differs)
    assert "<video" not in video._repr_html_()
    path.write_bytes(b"mp4")
    playing = video._repr_html_()
    assert 'src="data:video/mp4;base64,bXA0"' in playing
    assert "<th>clip</th><td>4 s, 160x120</td>" in playing
    assert "<th>differs</th><td>size ordered 1x1, delivered 160x120</td>" in playing
    os.truncate(path, (16 << 20) + 1)
    assert "<video" not in video._repr_html_()
    bare = evolve(video, facts=Facts(None, None, None, None, None), differences=())
    assert "<th>clip</th>" not in bare._repr_html_()


def test_progress_may_be_a_fraction():
    assert [read_progress(value, whole=1) for value in (0, 0.5, "0.25", 1, 2, None)] == [
        0, 50, 25, 100, 100, None,
    ]  # fmt: skip


def test_what_an_adapter_keeps_stays_with_the_task_and_its_handle():
    first = advance(BARE, Report("x", extra={"poll": "https://a.b/1", "n": [1, {"a": None}]}), NOW)
    second = advance(first, Report("x", "running", extra={"poll": "https://a.b/2"}), NOW)

    assert second.extra == {"poll": "https://a.b/2", "n": [1, {"a": None}]}
    assert Task.from_json(second.to_json()) == second
    assert "extra" not in BARE.to_json()
    for wrong in ({"a": {1}}, {"a": float("nan")}, {"a": "x" * 4096}):
        with pytest.raises(ValueError, match="extra h"):
            Report("x", extra=wrong)


def test_a_handle_keeps_all_files():
    files = (Output("https://x.example/1.mp4"), Output("https://x.example/last.png", "last_frame"))
    task = advance(BARE, Report("task-1", "succeeded", outputs=files), NOW)

    assert Task.from_json(task.to_json()).outputs == files
    assert advance(task, Report("task-1", "succeeded"), NOW).outputs == files
    assert Video(Path("x.mp4"), task, 1, Facts(None, None, None, None, None)).outputs == files

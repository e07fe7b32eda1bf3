"""What the fields of reports and tasks make of what vendors send."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from anyvideo.limits import MOST_ID_LENGTH, MOST_URL_LENGTH
from anyvideo.tasks.report import (
    Output,
    Report,
    read_id,
    read_money,
    read_progress,
    read_time,
    read_url,
)

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
URL = "https://a.b/c.mp4"


def show(value):
    """Name a parameter; pytest wants every name to be there once."""
    digits = isinstance(value, int) and abs(value) > 10**20
    return f"{type(value).__name__} {'huge' if digits else repr(value)[:40]}"


@pytest.mark.parametrize(
    ("value", "percent"),
    [
        (45, 45),
        (45.5, 45.5),
        ("45", 45),
        (" 45% ", 45),
        ("45.5 %", 45.5),
        (-3, 0),
        (250, 100),
        (0, 0),
        ("soon", None),
        ("", None),
        ("nan", None),
        ("inf", None),
        (True, None),
        (None, None),
        ([45], None),
        (10**400, None),
    ],
    ids=show,
)
def test_progress(value, percent):
    assert read_progress(value) == percent


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        (1795168800, NOW),
        (1795168800000, NOW),
        ("1795168800", NOW),
        (1795168800.0, NOW),
        ("2026-11-20T10:00:00Z", NOW),
        ("2026-11-20T10:00:00", NOW),
        ("2026-11-20 18:00:00+08:00", NOW),
        (NOW, NOW),
        (datetime(2026, 11, 20, 10), NOW),  # noqa: DTZ001 (a moment without a zone is in UTC)
        ("0001-01-01T00:00:00+08:00", None),
        (0, None),
        ("0", None),
        (-5, None),
        ("", None),
        ("soon", None),
        (True, None),
        (None, None),
        (float("nan"), None),
        (1e300, None),
        (10**400, None),
    ],
    ids=show,
)
def test_a_moment(value, moment):
    assert read_time(value) == moment


@pytest.mark.parametrize(
    "url",
    [
        "https://a.b/c.mp4?sig=1%2F2&x=y#z",
        "http://127.0.0.1:8000/a",
        "HTTPS://A.B/C",
        "https://upload.apimart.ai/f/video/9998234998953836-…mp4",
        f"  {URL}\n",
    ],
)
def test_an_http_url_is_taken_as_it_stands(url):
    assert read_url(url) == url.strip()


@pytest.mark.parametrize(
    "text",
    [
        "任务超时",
        "https://a.b/c.mp4: 403 Forbidden",
        "https://***.com/***",
        "https://",
        "https:///path",
        "http://[",
        "https://a:b/c",
        "https://a.b/\x00",
        "https://a.b/\ud800",
        "ftp://a.b/c",
        "data:video/mp4;base64,AAAA",
        "//a.b/c",
        "/v1/videos/x/content",
        "",
        None,
        7,
        [URL],
    ],
)
def test_what_is_no_http_url_is_none(text):
    assert read_url(text) is None


@pytest.mark.parametrize(
    ("value", "amount"),
    [
        (0.15, "0.15"),
        (0.047920000000000004, "0.047920000000000004"),
        ("0.1234", "0.1234"),
        (0, "0"),
        (Decimal("1.50"), "1.50"),
    ],
    ids=show,
)
def test_money(value, amount):
    assert read_money(value) == Decimal(amount)


@pytest.mark.parametrize(
    "value", [-1, "free", "nan", "sNaN", "inf", True, None, [], 10**5000], ids=show
)
def test_what_is_no_money_is_none(value):
    assert read_money(value) is None


@pytest.mark.parametrize(
    ("value", "id"),
    [("x", "x"), (" x ", "x"), (7, "7"), (None, ""), (True, ""), (1.5, ""), (10**5000, "")],
    ids=show,
)
def test_an_id(value, id):  # noqa: A002 (the field's own name)
    assert read_id(value) == id


def test_what_is_too_long_is_no_id_and_no_url():
    url = f"https://cdn.example/{'a' * MOST_URL_LENGTH}"

    assert read_id("a" * MOST_ID_LENGTH) == "a" * MOST_ID_LENGTH
    assert read_id("a" * (MOST_ID_LENGTH + 1)) == ""
    assert read_url(url[:MOST_URL_LENGTH]) == url[:MOST_URL_LENGTH]
    assert read_url(url) is None


def test_the_first_video_of_several_files_is_the_video():
    files = [
        Output("https://x.example/last.png", "last_frame"),
        Output("no url"),
        Output("https://x.example/1.mp4"),
        Output("https://x.example/2.mp4"),
    ]
    report = Report("x", "succeeded", outputs=files)

    assert report.video_url == "https://x.example/1.mp4"
    assert report.outputs[1].url == ""
    third = "https://x.example/3.mp4"
    assert Report("x", video_url=third, outputs=files).video_url == third
    assert Report("x", outputs=files[:2]).video_url is None

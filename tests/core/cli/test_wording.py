from datetime import date
from decimal import Decimal

import pytest

from anyvideo.cli import wording
from anyvideo.model.job import VideoJob
from anyvideo.model.media import Character, Image
from anyvideo.model.quote import Quote

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (45.4, "45 s"), (60, "1 min"), (125, "2 min 5 s"), (5400, "1 h 30 min")],
)
def test_durations(seconds, words):
    assert wording.say_duration(seconds) == words


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "0 B"), (75_210, "75.2 kB"), (999_900, "1 MB"), (3_200_000_000, "3.2 GB")],
)
def test_bytes(size, words):
    assert wording.say_bytes(size) == words


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([], ""),
        ([8, 4, 12], "4, 8, 12"),
        (range(1, 16), "1-15"),
        ([5, 6, 10], "5, 6, 10"),
        ([0.5, 1, 2, 3, 10], "0.5, 1-3, 10"),
    ],
)
def test_numbers(values, words):
    assert wording.say_numbers(values) == words


def test_few_words_are_listed_and_the_rest_counted():
    assert wording.say_few(["a", "b", "a"]) == "a b"
    assert wording.say_few("abcdef", 4) == "a b c d +2"


def test_a_price_says_where_it_is_from_how_old_it_is_and_what_failures_cost():
    quote = Quote(
        Decimal("2.40"), "USD", "exact", "8 s x 0.30 USD/s", "a page", date(2026, 7, 1), False
    )
    unknown = Quote(failures_billed=True)

    assert wording.say_price(quote, TODAY) == (
        "2.40 USD (8 s x 0.30 USD/s), price of 2026-07-01 stale"
    )
    assert wording.say_price(unknown, TODAY) == "unknown: no price is known"
    assert wording.say_failures(quote) == "a failed job is free"
    assert wording.say_failures(unknown) == "a failed job is billed too"
    assert wording.say_failures(Quote()) == "whether a failed job is billed is not known"


def test_rates():
    assert wording.say_rate(Decimal("2.40"), 8) == "0.30"
    assert wording.say_rate(Decimal("0.25"), 6) == "0.0417"
    assert wording.say_rate(Decimal(20), 1) == "20.00"
    assert wording.say_rate(Decimal(1), None) == ""


@pytest.mark.parametrize(
    ("job", "words"),
    [
        (VideoJob("x"), "as the vendor chooses"),
        (VideoJob("x", seconds=4, size="1280x720", audio=False), "4 s, 1280x720, sound off"),
        (
            VideoJob(
                "x",
                resolution="720p",
                aspect_ratio="16:9",
                images=["a", Image("https://b/c", "last_frame")],
            ),
            "720p 16:9, 2 images",
        ),
    ],
    ids=["nothing", "all", "images"],
)
def test_clips(job, words):
    assert wording.describe_clip(job) == words


def test_wishes_are_told_false_and_zero_too():
    job = VideoJob(
        "x",
        seed=0,
        watermark=False,
        style="noir",
        character=Character(from_task="t1"),
        images=[Image("a.png", "first_frame"), Image(b"123", "last_frame")],
        options={"apimart": {"mode": "pro"}},
        metadata={"shot": "7"},
    )
    assert list(wording.describe_wishes(job)) == [
        ("seed", "0"),
        ("watermark", "off"),
        ("style", "noir"),
        ("character", "from task t1"),
        ("image", "first_frame a.png"),
        ("image", "last_frame (3 B)"),
        ("options", "apimart: mode=pro"),
        ("metadata", "shot=7"),
    ]

"""Values in words."""

from datetime import date
from decimal import Decimal

import pytest

from anyvideo.cli.views.text import (
    format_bytes,
    format_duration,
    format_failures,
    format_few,
    format_left,
    format_numbers,
    format_price,
    format_rate,
    list_preferences,
)
from anyvideo.model.job import VideoJob
from anyvideo.model.media import Character, Image
from anyvideo.model.quote import Quote

IMAGES = [Image("a.png", "first_frame"), Image(b"123", "last_frame")]


@pytest.mark.parametrize(
    ("function", "arguments", "words"),
    [
        (format_duration, [0], "0 s"),
        (format_duration, [45.4], "45 s"),
        (format_duration, [60], "1 min"),
        (format_duration, [125], "2 min 5 s"),
        (format_duration, [5400], "1 h 30 min"),
        (format_left, [30], "usually 30 s more"),
        (format_left, [0.4], "usually done by now"),
        (format_bytes, [0], "0 B"),
        (format_bytes, [75_210], "75.2 kB"),
        (format_bytes, [999_900], "1 MB"),
        (format_bytes, [3_200_000_000], "3.2 GB"),
        (format_numbers, [[]], ""),
        (format_numbers, [[8, 4, 12]], "4, 8, 12"),
        (format_numbers, [range(1, 16)], "1-15"),
        (format_numbers, [[5, 6, 10]], "5, 6, 10"),
        (format_numbers, [[0.5, 1, 2, 3, 10]], "0.5, 1-3, 10"),
        (format_few, [["a", "b", "a"]], "a b"),
        (format_few, ["abcdef", 4], "a b c d +2"),
        (format_rate, [Decimal("2.40"), 8], "0.30"),
        (format_rate, [Decimal("0.25"), 6], "0.0417"),
        (format_rate, [Decimal(20), 1], "20.00"),
        (format_rate, [Decimal(1), None], ""),
        (format_failures, [Quote()], "whether a failed job is billed is not known"),
        (format_failures, [Quote(failures_billed=False)], "a failed job is free"),
        (format_failures, [Quote(failures_billed=True)], "a failed job is billed too"),
    ],
)
def test_values(function, arguments, words):
    assert function(*arguments) == words


def test_a_price_has_its_basis_and_its_age():
    price = Quote(Decimal("2.40"), "USD", "exact", "8 s x 0.30 USD/s", "a page", date(2026, 7, 1))
    today = date(2026, 11, 20)

    assert format_price(price, today) == "2.40 USD (8 s x 0.30 USD/s), price of 2026-07-01 stale"
    assert format_price(Quote(), today) == "unknown: no price is known"


def test_preferences_are_listed_false_and_zero_too():
    job = VideoJob(
        "x",
        seed=0,
        watermark=False,
        style="noir",
        character=Character(from_task="t1"),
        images=IMAGES,
        options={"apimart": {"mode": "pro"}},
        metadata={"shot": "7"},
    )
    assert list(list_preferences(job)) == [
        ("seed", "0"),
        ("watermark", "off"),
        ("style", "noir"),
        ("character", "from task t1"),
        ("image", "first_frame a.png"),
        ("image", "last_frame (3 B)"),
        ("options", "apimart: mode=pro"),
        ("metadata", "shot=7"),
    ]

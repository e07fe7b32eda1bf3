"""Deliveries held against orders, and what the journal keeps of them."""

import pytest

from anyvideo import VideoJob
from anyvideo.files.delivery import find_differences, read_facts
from anyvideo.tasks.task import Facts


def make_facts(seconds=8.0, width=1920, height=1080, has_audio=True):
    return Facts(seconds, width, height, 24.0, has_audio)


@pytest.mark.parametrize(
    ("order", "facts"),
    [
        ({}, make_facts()),
        ({"seconds": 8.5}, make_facts()),
        ({"seconds": 8}, make_facts(seconds=None)),
        ({"size": "1920x1080"}, make_facts()),
        ({"size": "1920x1080"}, make_facts(width=None)),
        ({"resolution": "1080p", "aspect_ratio": "16:9"}, make_facts()),
        ({"resolution": "1080p"}, make_facts(width=1080, height=1920)),
        ({"audio": True}, make_facts(has_audio=None)),
        ({"audio": False}, make_facts(has_audio=False)),
    ],
)
def test_what_was_ordered_or_left_open_is_no_difference(order, facts):
    assert find_differences(VideoJob("fox", **order), facts) == ()


@pytest.mark.parametrize(
    ("order", "facts", "differences"),
    [
        ({"seconds": 10}, make_facts(), ["seconds ordered 10, delivered 8"]),
        ({"size": "1280x720"}, make_facts(), ["size ordered 1280x720, delivered 1920x1080"]),
        (
            {"resolution": "1080p"},
            make_facts(width=1280, height=720),
            ["resolution ordered 1080p, delivered 720p"],
        ),
        (
            {"aspect_ratio": "9:16"},
            make_facts(),
            ["aspect_ratio ordered 9:16, delivered 1920x1080"],
        ),
        ({"audio": True}, make_facts(has_audio=False), ["audio ordered on, delivered off"]),
        (
            {"audio": False, "seconds": 4},
            make_facts(),
            ["seconds ordered 4, delivered 8", "audio ordered off, delivered on"],
        ),
    ],
)
def test_what_was_not_ordered_is_said_in_words(order, facts, differences):
    found = find_differences(VideoJob("fox", **order), facts)

    assert [str(item) for item in found] == differences


def test_without_an_order_there_is_nothing_to_compare():
    assert find_differences(None, make_facts()) == ()


def test_facts_of_an_older_version_are_read_as_far_as_they_go():
    assert read_facts('{"seconds": 4, "more": 1}') == Facts(4, None, None, None, None)

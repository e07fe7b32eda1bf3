"""A flow runs against given answers; adapters and the kit's names are found."""

import pytest

from anyvideo import testing
from anyvideo.errors import ConfigError
from anyvideo.plugin import Report, Request
from anyvideo.testing import answer, drive


def ask_twice():
    first = yield Request("GET", "/a")
    second = yield Request("GET", "/b")
    return Report(id=f"{first.status}-{second.status}")


def find_file():
    response = yield Request("GET", "/v1/videos/1/content", expects="video")
    return Request("GET", response.json()["url"], expects="video")


def test_a_flow_is_run_against_answers():
    assert drive(ask_twice(), [answer(status=201), answer(status=202)]).id == "201-202"


def test_a_flow_that_asks_for_more_says_for_what():
    with pytest.raises(
        AssertionError, match=r"no answer is left for Request\(method='GET', url='/b'"
    ):
        drive(ask_twice(), [answer()])


def test_a_flow_that_asks_for_the_file_has_found_it():
    assert drive(find_file(), []).url == "/v1/videos/1/content"
    assert drive(find_file(), [answer({"url": "https://x.example/1"})]).url == "https://x.example/1"


def test_adapters_are_found_by_name():
    assert testing.adapter("apiyi").name == "apiyi"
    with pytest.raises(ConfigError, match="unknown adapter 'apiyy'; did you mean apiyi"):
        testing.adapter("apiyy")


def test_the_package_offers_its_names_and_no_others():
    assert {getattr(testing, name).__name__ for name in dir(testing)} == set(testing.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = testing.nothing

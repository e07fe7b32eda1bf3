"""Images and characters: their sources, roles and time-stamps."""

import base64
from pathlib import Path
from typing import Any

import pytest

from anyvideo.errors import JobError
from anyvideo.model.media import Character, Image, to_images
from anyvideo.validation import is_number, show


@pytest.mark.parametrize(
    ("value", "source", "is_url"),
    [
        ("https://x.example/a.png", "https://x.example/a.png", True),
        ("HTTP://x.example/a.png", "HTTP://x.example/a.png", True),
        ("a.png", "a.png", False),
        (Path("folder") / "a.png", "folder/a.png", False),
        (b"bytes", b"bytes", False),
        ("data:image/png;base64," + base64.b64encode(b"bytes").decode(), b"bytes", False),
    ],
)
def test_an_image_is_a_url_a_path_or_bytes(value, source, is_url):
    image = Image(value)
    assert (image.source, image.is_url, image.role) == (source, is_url, "first_frame")


@pytest.mark.parametrize(
    "value", ["", None, 3, "data:,text", "data:image/png;base64,%%", "data:;base64,é"]
)
def test_what_is_no_image_is_told(value):
    with pytest.raises(JobError, match="an http\\(s\\) URL, a path, or bytes that are not empty"):
        Image(value)


def test_empty_bytes_are_no_image():
    with pytest.raises(JobError, match="bytes that are not empty"):
        Image(b"")


def test_other_urls_and_roles_are_told():
    with pytest.raises(JobError, match=r"'ftp://x/a\.png': only http\(s\) URLs, paths and bytes"):
        Image("ftp://x/a.png")
    with pytest.raises(
        JobError, match="role 'middle' is unknown; use first_frame, last_frame, ref"
    ):
        Image("a.png", "middle")  # type: ignore[arg-type]  # no such role


def test_bytes_are_not_shown():
    assert repr(Image(b"secret")) == "Image(source=<6 bytes>, role='first_frame')"
    assert repr(Image("a.png", "reference")) == "Image(source='a.png', role='reference')"


def test_urls_and_ids_are_text():
    with pytest.raises(JobError, match=r"'http://x/a.ud800\.png': only http\(s\) URLs, paths and"):
        Image("http://x/a\ud800.png")
    wrong: list[dict[str, Any]] = [{"url": "http://x/a\ud800.mp4"}, {"from_task": "\ud800"}]
    for given in wrong:
        with pytest.raises(JobError, match=r"character (url|from_task): expected text, not '"):
            Character(**given)


@pytest.mark.parametrize("value", ["a.png", b"x", Path("a.png"), Image("a.png")])
def test_one_image_is_a_list_of_one(value):
    (image,) = to_images(value)
    assert image.role == "first_frame"


def test_a_list_may_mix_images_and_sources():
    assert to_images(["a.png", Image("b.png", "reference")]) == (
        Image("a.png"),
        Image("b.png", "reference"),
    )
    with pytest.raises(JobError, match="an image's source is"):
        to_images(3)  # type: ignore[arg-type]  # no image


def test_a_character_comes_from_a_url_or_a_task():
    assert Character(url="https://x.example/c.mp4", timestamps=[1, 3]).timestamps == (1, 3)
    assert Character(from_task="t1").timestamps is None
    assert Character(from_task="t1", timestamps=(2.4, 3.4)).timestamps == (2.4, 3.4)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({}, "needs either url or from_task, and not both"),
        ({"url": "https://x/y", "from_task": "t"}, "and not both"),
        ({"url": "", "from_task": ""}, "needs either"),
        ({"url": "c.mp4"}, "character url 'c.mp4' is not http"),
        ({"url": 3}, "character url: expected text, not 3"),
        ({"from_task": 3}, "character from_task: expected text, not 3"),
        ({"from_task": "t", "timestamps": [3, 1]}, "3,1 must span 1 to 3 seconds forward"),
        ({"from_task": "t", "timestamps": [-1, 1]}, "-1,1 must span"),
        ({"from_task": "t", "timestamps": [0, 3.5]}, "0,3.5 must span"),
        ({"from_task": "t", "timestamps": [0]}, "two numbers"),
        ({"from_task": "t", "timestamps": ["a", "b"]}, "two numbers"),
        ({"from_task": "t", "timestamps": [0, float("inf")]}, "two numbers"),
        ({"from_task": "t", "timestamps": 5}, "two numbers"),
    ],
)
def test_what_is_no_character_is_told(given, why):
    with pytest.raises(JobError, match=why):
        Character(**given)


def test_numbers_are_finite_and_no_flags():
    assert [is_number(value) for value in (1, 1.5, True, "1", float("nan"), 10**400)] == [
        True, True, False, False, False, False,
    ]  # fmt: skip


def test_what_is_shown_is_short():
    assert show("a") == "'a'"
    assert show("a" * 100) == "'" + "a" * 79 + "..."
    assert show(10**5000) == "a huge int"

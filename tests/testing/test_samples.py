"""Sample images and films are what they should be; a flow without end is cut off."""

import pytest

from anyvideo.files import mp4
from anyvideo.files.images import read_upload
from anyvideo.plugin import Request
from anyvideo.testing import answer, draw_picture, make_film
from anyvideo.testing.checks.case import record


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp"])
def test_a_picture_has_its_kind_and_its_size(kind):
    upload = read_upload(draw_picture(640, 360, kind))

    assert (upload.content_type, upload.width, upload.height) == (f"image/{kind}", 640, 360)


def test_a_film_plays_as_long_as_it_should(tmp_path):
    path = tmp_path / "film.mp4"
    path.write_bytes(make_film("a fox", seconds=2))

    assert mp4.read(path).seconds == 2


def test_a_flow_without_end_is_recorded_for_a_while():
    def ask():
        while True:
            yield Request("GET", "/v1/clips")

    assert len(record(ask(), [answer()])) == 20

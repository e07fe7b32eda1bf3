"""What arrives: a body in pieces, and a file that hardly comes."""

import pytest

from anyvideo.model.wire import Response
from anyvideo.secret import Secret
from anyvideo.transport.receive import BodyBuffer, Floor

KEY = "sk-0123456789abcdef"


def test_a_key_that_two_pieces_share_is_masked():
    buffer = BodyBuffer(Response(200, {"x": "y"}), Secret(KEY))
    buffer.take(KEY[:3].encode())
    buffer.take(KEY[3:].encode())
    answer = buffer.finish()

    assert (answer.headers, answer.body) == ({"x": "y"}, b"***")


@pytest.mark.parametrize("pieces", [[61439], [1] * 61439, [30000, 31439]], ids=len)
def test_the_time_of_a_file_is_renewed_once_its_floor_has_come(pieces):
    renewed = []
    floor = Floor(60, lambda: renewed.append(True))
    for size in pieces:
        floor.add(size)
    assert renewed == []

    floor.add(1)
    assert renewed == [True]
    floor.add(61439)
    assert renewed == [True]

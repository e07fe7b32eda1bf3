"""What arrives: a body in pieces, and a file that hardly comes."""

import pytest

from anyvideo.errors import ProviderError
from anyvideo.model.wire import Response
from anyvideo.secret import Secret
from anyvideo.testing.clock import VirtualClock
from anyvideo.transport.receive import BodyBuffer, StallGuard

KEY = "sk-0123456789abcdef"


def test_a_key_that_two_pieces_share_is_masked():
    buffer = BodyBuffer(Response(200, {"x": "y"}), Secret(KEY))
    buffer.take(KEY[:3].encode())
    buffer.take(KEY[3:].encode())
    answer = buffer.finish()

    assert (answer.headers, answer.body) == ({"x": "y"}, b"***")


def test_a_file_that_hardly_comes_is_given_up():
    clock = VirtualClock()
    guard = StallGuard(60, clock.now)
    for _ in range(60):
        clock.advance(1)
        guard.add(1023)

    clock.advance(1)
    with pytest.raises(ProviderError, match="only 61381 bytes came in 61 s") as caught:
        guard.add(1)
    assert caught.value.retryable


def test_a_file_that_comes_slowly_but_steadily_is_waited_for():
    clock = VirtualClock()
    guard = StallGuard(60, clock.now)
    for _ in range(1000):
        clock.advance(1)
        guard.add(1100)

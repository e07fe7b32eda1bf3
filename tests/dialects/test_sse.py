"""Server-sent events are decoded wherever the bytes are cut."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anyvideo.dialects.sse import Decoder
from anyvideo.errors import ProviderError


def decode(*chunks):
    decoder = Decoder()
    events = [event for chunk in chunks for event in decoder.feed(chunk)]
    return events + decoder.finish()


@pytest.mark.parametrize(
    ("stream", "events"),
    [
        (b"", []),
        (b"\n\n\n", []),
        (b"data: a\n\ndata: b\n\n", ["a", "b"]),
        (b"data: a\r\n\r\ndata: b\r\n\r\n", ["a", "b"]),
        (b"data: a\r\rdata: b\r\r", ["a", "b"]),
        (b"data:a\n\n", ["a"]),
        (b"data:  a \n\n", [" a "]),
        (b"data\n\n", [""]),
        (b"data: a\ndata: b\n\n", ["a\nb"]),
        (b": ping\n\ndata: a\n\n", ["a"]),
        (b"event: done\nid: 7\nretry: 5\ndata: a\nother: x\n\n", ["a"]),
        (b"event: done\n\n", []),
        (b"\xef\xbb\xbfdata: a\n\n", ["a"]),
        (b"data: a\n", ["a"]),
        (b"data: a", ["a"]),
        (b"data: a\r", ["a"]),
        (b"data: \xff\n\n", ["\ufffd"]),
        ("data: 进度\uff1a45.5% ❌\n\n".encode(), ["进度\uff1a45.5% ❌"]),
        (b'{"error": {"message": "no stream at all"}}', []),
    ],
)
def test_a_stream_is_decoded_wherever_it_is_cut(stream, events):
    assert decode(stream) == events
    assert decode(*(bytes([byte]) for byte in stream)) == events


def test_an_event_is_there_as_soon_as_its_blank_line_is():
    decoder = Decoder()

    assert decoder.feed(b"data: a\n") == []
    assert decoder.feed(b"\n") == ["a"]
    assert decoder.feed(b"data: b\r\n\r") == []
    assert decoder.feed(b"\ndata: c") == ["b"]
    assert decoder.finish() == ["c"]
    assert decoder.finish() == []


@given(st.lists(st.binary(max_size=20)), st.data())
def test_cuts_change_nothing(pieces, data):
    stream = b"".join(
        data.draw(st.sampled_from([b"data: ", b"\n", b"\r\n", b"\r", b""])) + p for p in pieces
    )
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)))))
    edges = [0, *cuts, len(stream)]

    assert decode(*(stream[a:b] for a, b in pairwise(edges))) == decode(stream)


@pytest.mark.parametrize(
    "piece", [b"x" * 65536, b"data: x\r" * 8192, b"data: x\ndata: " + b"y" * 9999]
)
def test_an_event_without_an_end_is_an_error(piece):
    decoder = Decoder()
    feed = lambda: [decoder.feed(piece) for _ in range(999)]  # noqa: E731 (a piece of work)
    with pytest.raises(ProviderError, match="more than 262144 bytes") as caught:
        feed()

    assert caught.value.kind == "malformed"
    with pytest.raises(ProviderError):
        decoder.finish()


def test_many_events_are_no_long_one():
    decoder = Decoder()

    assert sum(len(decoder.feed(b"data: " + b"x" * 999 + b"\n\n" * 2)) for _ in range(999)) == 999

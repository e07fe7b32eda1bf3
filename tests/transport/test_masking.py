"""The key cut out of what arrives, wherever it is cut into pieces."""

import asyncio
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anyvideo.transport.masking import (
    KeyMask,
    mask_body,
    mask_headers,
    mask_stream,
    mask_stream_async,
)

KEY = "abcabcabd"
SOME = st.text("abcd", max_size=30).map(str.encode)


def cut_at(data, places):
    edges = sorted({0, len(data), *(place % (len(data) + 1) for place in places)})
    return [data[start:end] for start, end in pairwise(edges)]


@given(st.lists(SOME), st.lists(st.integers(0, 999)))
def test_a_stream_is_masked_wherever_it_is_cut(parts, places):
    data = KEY.encode().join(parts)
    pieces = list(mask_stream(cut_at(data, places), KEY))

    assert b"".join(pieces) == data.replace(KEY.encode(), b"***")
    assert b"" not in pieces


def test_what_cannot_be_the_key_is_not_held_back():
    mask = KeyMask(KEY.encode())

    assert mask.feed(b"data: x\n\n") == b"data: x\n\n"
    assert (mask.feed(b"ab"), mask.feed(b"cx"), mask.finish()) == (b"", b"abcx", b"")


def test_an_async_stream_is_masked_alike():
    async def read(*pieces):
        async def send():
            for piece in pieces:
                yield piece

        return [piece async for piece in mask_stream_async(send(), KEY)]

    key = KEY.encode()
    assert asyncio.run(read(key[:4], key[4:], b"x", key[:2])) == [b"***", b"x", key[:2]]
    assert asyncio.run(read(b"x", key)) == [b"x", b"***"]


@pytest.mark.parametrize("key", [None, "", "sandbox"])
def test_a_word_that_stands_in_answers_by_itself_is_no_secret(key):
    assert mask_body(b"the sandbox", key) == b"the sandbox"
    assert mask_headers({"x": "the sandbox"}, key) == {"x": "the sandbox"}
    assert list(mask_stream([b"the sandbox"], key)) == [b"the sandbox"]


def test_headers_and_bodies_are_masked():
    assert mask_body(f"x{KEY}".encode(), KEY) == b"x***"
    assert mask_headers({"location": f"/x?key={KEY}"}, KEY) == {"location": "/x?key=***"}

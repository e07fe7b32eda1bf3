"""The key cut out of what arrives, wherever it is cut into pieces, and of what is logged."""

import asyncio
import logging
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anyvideo.secret import Secret
from anyvideo.transport.masking import (
    WordMask,
    mask_body,
    mask_headers,
    mask_logs,
    mask_stream,
    mask_stream_async,
    masked_logs,
)

WORD = "abcabcabd"
KEY = Secret(WORD)
SOME = st.text("abcd \n\r", max_size=30).map(str.encode)


def cut_at(data, places):
    edges = sorted({0, len(data), *(place % (len(data) + 1) for place in places)})
    return [data[start:end] for start, end in pairwise(edges)]


@given(st.lists(SOME), st.lists(st.integers(0, 999)))
def test_a_stream_is_masked_wherever_it_is_cut(parts, places):
    data = WORD.encode().join(parts)
    pieces = list(mask_stream(cut_at(data, places), KEY))

    assert b"".join(pieces) == data.replace(WORD.encode(), b"***")
    assert b"" not in pieces


def test_a_word_is_passed_on_at_its_end():
    mask = WordMask(KEY)

    assert mask.feed(b"data: x\n\n") == b"data: x\n\n"
    assert (mask.feed(b"ab"), mask.feed(b"cx y"), mask.finish()) == (b"", b"abcx ", b"y")


def test_a_word_without_end_is_passed_on_in_pieces():
    piece, mask = b"x" * 999, WordMask(KEY)
    passed = [mask.feed(piece) for _ in range(2000)]
    passed += [mask.feed(WORD[:4].encode()), mask.feed(WORD[4:].encode()), mask.finish()]

    assert b"".join(passed) == piece * 2000 + b"***"
    assert max(map(len, passed[:-1])) <= 1 << 20


def test_an_async_stream_is_masked_alike():
    async def read(*pieces, key=KEY):
        async def send():
            for piece in pieces:
                yield piece

        return [piece async for piece in mask_stream_async(send(), key)]

    key = WORD.encode()
    assert asyncio.run(read(key[:4], key[4:], b"x\n", key[:2])) == [b"***x\n", key[:2]]
    assert asyncio.run(read(b"x\n", key, key=None)) == [b"x\n", key]


@pytest.mark.parametrize("key", [None, Secret(), Secret("sandbox")])
def test_a_word_that_stands_in_answers_by_itself_is_no_secret(key):
    assert mask_body(b"the sandbox", key) == b"the sandbox"
    assert mask_headers({"x": "the sandbox"}, key) == {"x": "the sandbox"}
    assert b"".join(mask_stream([b"the sandbox"], key)) == b"the sandbox"


def test_headers_and_bodies_are_masked():
    assert mask_body(f"x{WORD}".encode(), KEY) == b"x***"
    assert mask_headers({"location": f"/x?key={WORD}"}, KEY) == {"location": "/x?key=***"}
    assert mask_headers({f"x-{WORD}": "1"}, KEY) == {"x-***": "1"}


def test_http_libraries_log_no_key_while_it_is_in_use(caplog):
    caplog.set_level(logging.DEBUG)
    mask_logs()
    logger = logging.getLogger("httpcore.http11")
    with masked_logs(KEY):
        logger.debug("sent %s", WORD)
    logger.debug("sent %s", WORD)

    assert [record.getMessage() for record in caplog.records] == ["sent ***", f"sent {WORD}"]

"""Bodies are decoded in pieces of a bounded size, in one layer, or left as they are."""

import gzip
import zlib

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anyvideo.limits import MOST_DECODED_BYTES
from anyvideo.transport.decoding import open_inflater

ZLIB, RAW = 15, -15


def deflate(data, wbits):
    packer = zlib.compressobj(9, zlib.DEFLATED, wbits)
    return packer.compress(data) + packer.flush()


PACKERS = {
    "gzip": gzip.compress,
    "X-GZIP": gzip.compress,
    "identity, gzip": gzip.compress,
    "deflate": lambda data: deflate(data, ZLIB),
    " Deflate ": lambda data: deflate(data, RAW),
    "identity": bytes,
    "": bytes,
    "br": bytes,
    "gzip, gzip": bytes,
}


def decode(encoding, *chunks):
    inflater = open_inflater(httpx.Headers({"content-encoding": encoding}))
    return [piece for chunk in chunks for piece in inflater.feed(chunk)]


@given(st.binary(max_size=300), st.sampled_from(sorted(PACKERS)), st.integers(2, 50))
def test_a_body_is_what_was_packed_wherever_it_is_cut(data, encoding, size):
    packed = PACKERS[encoding](data)
    chunks = [packed[start : start + size] for start in range(0, len(packed), size)]

    assert b"".join(decode(encoding, *chunks)) == data


@pytest.mark.parametrize("size", [*range(65530, 65540), 10 * MOST_DECODED_BYTES, 10**7])
@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_no_piece_is_larger_than_it_may_be_and_none_is_lost(size, encoding):
    pieces = decode(encoding, PACKERS[encoding](bytes(size)))

    assert max(map(len, pieces)) <= MOST_DECODED_BYTES
    assert sum(map(len, pieces)) == size


def test_what_follows_the_end_is_left_out():
    assert decode("gzip", gzip.compress(b"a") + b"rest", b"more" * 999) == [b"a"]


@pytest.mark.parametrize("chunks", [[b"no gzip"], [gzip.compress(b"a" * 999)[:20], b"no" * 99]])
def test_what_is_not_packed_as_said_is_an_error(chunks):
    with pytest.raises(httpx.DecodingError):
        decode("gzip", *chunks)

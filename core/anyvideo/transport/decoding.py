"""Decodes the bodies of answers in pieces of a bounded size, however much they unfold to.

httpx decodes each piece of the network as a whole, and as many layers as the answer names: 64 KiB
may become gigabytes.
"""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
from attrs import define, field

from anyvideo.limits import MOST_DECODED_BYTES

ACCEPTED = "gzip, deflate"
_PACKED = (["gzip"], ["x-gzip"], ["deflate"])
_ZLIB_OR_GZIP, _RAW = 47, -15


@define
class Inflater:
    """Decodes one layer of gzip or deflate; what is not `packed` passes unchanged."""

    packed: bool
    _stream: Any = field(factory=lambda: zlib.decompressobj(_ZLIB_OR_GZIP), init=False, repr=False)
    _begun: bool = field(default=False, init=False)

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield what these bytes unfold to; nothing after the end of what was packed.

        Raises:
            httpx.DecodingError: they are not packed as the answer says.
        """
        if not self.packed:
            yield data
            return
        piece = b""
        while (data or len(piece) == MOST_DECODED_BYTES) and not self._stream.eof:
            piece = self._inflate(data)
            data = self._stream.unconsumed_tail
            if piece:
                yield piece

    def _inflate(self, data: bytes) -> bytes:
        try:
            piece: bytes = self._stream.decompress(data, MOST_DECODED_BYTES)
        except zlib.error as error:
            if self._begun:
                raise httpx.DecodingError(str(error)) from error
            # Some servers send deflate without the header of zlib.
            self._begun, self._stream = True, zlib.decompressobj(_RAW)
            return self._inflate(data)
        self._begun = True
        return piece


def open_inflater(headers: httpx.Headers) -> Inflater:
    """Return what decodes a body; one in several layers, or not as asked for, stays as it is.

    Its status still says what it means.
    """
    named = headers.get_list("content-encoding", split_commas=True)
    layers = [name.strip().lower() for name in named]
    return Inflater([name for name in layers if name not in {"", "identity"}] in _PACKED)


def iter_body(answer: httpx.Response) -> Iterator[bytes]:
    """Yield the decoded body of an answer; a stand-in for a server has decoded its own already."""
    if answer.is_stream_consumed:
        if answer.content:
            yield answer.content
        return
    inflater = open_inflater(answer.headers)
    for chunk in answer.iter_raw():
        yield from inflater.feed(chunk)


async def iter_body_async(answer: httpx.Response) -> AsyncIterator[bytes]:
    """Yield the decoded body of an answer, as `iter_body` does."""
    if answer.is_stream_consumed:
        if answer.content:
            yield answer.content
        return
    inflater = open_inflater(answer.headers)
    async for chunk in answer.aiter_raw():
        for piece in inflater.feed(chunk):
            yield piece

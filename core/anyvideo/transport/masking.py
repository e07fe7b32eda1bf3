"""Masks the key where vendors echo it: in headers, bodies and streams."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator, Mapping
from typing import TypeGuard

from attrs import define

_MASK = "***"
_SHORTEST_KEY = 8


@define
class KeyMask:
    """Masks the key in a stream, also where two pieces share it; an empty key masks nothing."""

    key: bytes
    _rest: bytes = b""

    def feed(self, chunk: bytes) -> bytes:
        """Return the data so far, but hold back an end in which a key may begin."""
        if not self.key:
            return chunk
        data = (self._rest + chunk).replace(self.key, _MASK.encode())
        kept = next(n for n in range(len(self.key) - 1, -1, -1) if data.endswith(self.key[:n]))
        self._rest = data[len(data) - kept :]
        return data[: len(data) - kept]

    def finish(self) -> bytes:
        """Return the end that `feed` held back."""
        rest, self._rest = self._rest, b""
        return rest


def is_secret(key: str | None) -> TypeGuard[str]:
    """Say whether a key is long enough to differ from a word of an answer."""
    return key is not None and len(key) >= _SHORTEST_KEY


def mask_headers(headers: Mapping[str, str], key: str | None) -> Mapping[str, str]:
    """Return an answer's headers without the key in their values."""
    if not is_secret(key) or not any(key in value for value in headers.values()):
        return headers
    return {name: value.replace(key, _MASK) for name, value in headers.items()}


def mask_body(body: bytes, key: str | None) -> bytes:
    """Return a whole body without the key."""
    return body.replace(key.encode(), _MASK.encode()) if is_secret(key) else body


def mask_stream(chunks: Iterable[bytes], key: str | None) -> Iterator[bytes]:
    """Yield a stream's pieces without the key; none is empty, because that means the end."""
    mask = _make_mask(key)
    for chunk in chunks:
        if piece := mask.feed(chunk):
            yield piece
    if rest := mask.finish():
        yield rest


async def mask_stream_async(chunks: AsyncIterable[bytes], key: str | None) -> AsyncIterator[bytes]:
    """Yield an async stream's pieces without the key; none is empty."""
    mask = _make_mask(key)
    async for chunk in chunks:
        if piece := mask.feed(chunk):
            yield piece
    if rest := mask.finish():
        yield rest


def _make_mask(key: str | None) -> KeyMask:
    return KeyMask(key.encode() if is_secret(key) else b"")

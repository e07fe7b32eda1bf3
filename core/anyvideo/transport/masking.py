"""Cuts the key out of what vendors echo."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator, Mapping
from typing import TypeGuard

from attrs import define

MASK = "***"
_SHORTEST_KEY = 8


@define
class Mask:
    """Cuts the key out of what vendors echo, also where it is split between two pieces."""

    key: bytes
    _rest: bytes = b""

    def feed(self, chunk: bytes) -> bytes:
        """Return what is certain by now: all but an end in which a key may have begun."""
        if not self.key:
            return chunk
        data = (self._rest + chunk).replace(self.key, MASK.encode())
        kept = next(n for n in range(len(self.key) - 1, -1, -1) if data.endswith(self.key[:n]))
        self._rest = data[len(data) - kept :]
        return data[: len(data) - kept]

    def finish(self) -> bytes:
        """Return what was held back."""
        rest, self._rest = self._rest, b""
        return rest


def is_secret(key: str | None) -> TypeGuard[str]:
    """Say whether a key can be told from a word that stands in answers by itself."""
    return key is not None and len(key) >= _SHORTEST_KEY


def mask_headers(headers: Mapping[str, str], key: str | None) -> Mapping[str, str]:
    """Return an answer's headers without the key in them."""
    if not is_secret(key) or not any(key in value for value in headers.values()):
        return headers
    return {name: value.replace(key, MASK) for name, value in headers.items()}


def mask_stream(chunks: Iterable[bytes], key: str | None) -> Iterator[bytes]:
    """Yield a stream's pieces without the key; none of them is empty, which would mean the end."""
    mask = Mask(key.encode() if is_secret(key) else b"")
    for chunk in chunks:
        if piece := mask.feed(chunk):
            yield piece
    if rest := mask.finish():
        yield rest


async def mask_stream_async(chunks: AsyncIterable[bytes], key: str | None) -> AsyncIterator[bytes]:
    """Yield the same from an async stream."""
    mask = Mask(key.encode() if is_secret(key) else b"")
    async for chunk in chunks:
        if piece := mask.feed(chunk):
            yield piece
    if rest := mask.finish():
        yield rest

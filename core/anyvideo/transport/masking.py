"""Masks the key where vendors echo it: in headers, bodies, streams, and what HTTP libraries log."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterable, AsyncIterator, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from attrs import define, field

from anyvideo.secret import Secret

# A word that is longer is passed on in pieces that overlap by more than any form of a key.
_LONGEST_WORD, _OVERLAP = 1 << 20, 1 << 14
_BLANKS = (b" ", b"\n", b"\r", b"\t")
_LOGGERS = ("httpx", *(f"httpcore.{name}" for name in ("connection", "http11", "proxy", "socks")))
_key_in_use: ContextVar[Secret | None] = ContextVar("_key_in_use", default=None)


@define
class WordMask:
    """Masks the key in a stream; a word is held back until a blank ends it, so that it is whole.

    No form of a key holds a blank.
    """

    key: Secret
    _rest: bytearray = field(factory=bytearray, repr=False)

    def feed(self, chunk: bytes) -> bytes:
        """Return the whole words so far."""
        self._rest += chunk
        if end := max(map(chunk.rfind, _BLANKS)) + 1:
            return self._take(len(self._rest) - len(chunk) + end)
        if len(self._rest) > _LONGEST_WORD:
            self._rest[:] = self.key.mask_bytes(bytes(self._rest))
            return self._take(len(self._rest) - _OVERLAP)
        return b""

    def finish(self) -> bytes:
        """Return the word that `feed` held back."""
        return self._take(len(self._rest))

    def _take(self, size: int) -> bytes:
        taken = bytes(self._rest[:size])
        del self._rest[:size]
        return self.key.mask_bytes(taken)


def mask_headers(headers: Mapping[str, str], key: Secret | None) -> Mapping[str, str]:
    """Return an answer's headers without the key."""
    if key is None:
        return headers
    return {key.mask(name): key.mask(value) for name, value in headers.items()}


def mask_body(body: bytes, key: Secret | None) -> bytes:
    """Return a whole body without the key."""
    return body if key is None else key.mask_bytes(body)


def mask_stream(chunks: Iterable[bytes], key: Secret | None) -> Iterator[bytes]:
    """Yield the words of a stream without the key; no piece is empty, because that means the end."""
    mask = WordMask(key or Secret())
    for chunk in chunks:
        if piece := mask.feed(chunk):
            yield piece
    if rest := mask.finish():
        yield rest


async def mask_stream_async(
    chunks: AsyncIterable[bytes], key: Secret | None
) -> AsyncIterator[bytes]:
    """Yield the words of an async stream without the key; no piece is empty."""
    mask = WordMask(key or Secret())
    async for chunk in chunks:
        if piece := mask.feed(chunk):
            yield piece
    if rest := mask.finish():
        yield rest


class _LogMask(logging.Filter):
    """Masks the key of the request that this thread or task performs, and of no other."""

    def filter(self, record: logging.LogRecord) -> bool:
        key = _key_in_use.get()
        if key is not None:
            record.msg, record.args = key.mask(record.getMessage()), ()
        return True


_LOG_MASK = _LogMask()


def mask_logs() -> None:
    """Let the loggers of the HTTP libraries mask the keys in use; httpcore logs headers at DEBUG."""
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(_LOG_MASK)


@contextmanager
def masked_logs(key: Secret | None) -> Generator[None]:
    """Mask a key in what HTTP libraries log in a with statement."""
    token = _key_in_use.set(key)
    try:
        yield
    finally:
        _key_in_use.reset(token)

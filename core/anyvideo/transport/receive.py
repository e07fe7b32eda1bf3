"""Takes the body of an answer: within a limit of bytes, or into a part file."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack, ExitStack
from typing import BinaryIO

from attrs import define, field

from anyvideo.errors import DownloadError, ProviderError
from anyvideo.model.wire import Response
from anyvideo.transport.masking import mask_body, mask_headers
from anyvideo.transport.steps import Send, Transfer

MOST_BODY = 16 << 20
# A file that comes more slowly than this, in bytes per second, is given up and asked for anew.
_SLOWEST = 1024
_PARTIAL, _NOT_SATISFIABLE = 206, 416


@define
class BodyBuffer:
    """Takes the body of an answer that is no file, within its limit of bytes.

    Attributes:
        status: the HTTP status.
        headers: the headers by their names in lower case.
        key: the provider's key, which is cut out of the answer.
        chunks: the body so far.
        size: the bytes of the body so far.
    """

    status: int
    headers: Mapping[str, str]
    key: str | None
    chunks: list[bytes] = field(factory=list[bytes])
    size: int = 0

    def take(self, chunk: bytes) -> None:
        """Take the next piece.

        Raises:
            ProviderError: the body is too large for an answer.
        """
        self.size += len(chunk)
        if self.size > MOST_BODY:
            message = f"the answer is larger than {MOST_BODY} bytes"
            raise ProviderError(kind="malformed", message=message)
        self.chunks.append(chunk)

    def finish(self) -> Response:
        """Return the answer without the key, which some vendors echo."""
        body = mask_body(b"".join(self.chunks), self.key)
        return Response(self.status, mask_headers(self.headers, self.key), body)


@define
class StallGuard:
    """Gives up a file that hardly comes: less than 1 KiB a second over a request's time-out."""

    seconds: float
    clock: Callable[[], float] = time.monotonic
    size: int = 0
    since: float = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.since = self.clock()

    def add(self, size: int) -> None:
        """Count so many bytes.

        Raises:
            ProviderError: too few came for too long.
        """
        self.size += size
        now = self.clock()
        if now - self.since <= self.seconds:
            return
        if self.size < _SLOWEST * self.seconds:
            message = f"only {self.size} bytes came in {now - self.since:.0f} s"
            raise ProviderError(kind="timeout", message=message, retryable=True)
        self.size, self.since = 0, now


@define
class FileReceiver:
    """Takes the answer to a transfer: decides whether it is the file, and writes it if so.

    Attributes:
        step: names the part file, its offset and the limit in bytes.
        status: the HTTP status.
        headers: the headers by their names in lower case.
        key: the provider's key, which is cut out of what is returned.
        size: the bytes of the part so far.
        body: what came instead of a file.
        file: the part, once the file has begun.
    """

    step: Transfer
    status: int
    headers: Mapping[str, str]
    key: str | None
    size: int = 0
    body: BodyBuffer | None = None
    file: BinaryIO | None = None
    stall_guard: StallGuard = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.stall_guard = StallGuard(self.step.provider.timeout)

    def close(self) -> None:
        """Close the part, if it was opened."""
        if self.file is not None:
            self.file.close()

    def is_file(self, first: bytes) -> bool:
        """Say whether an answer that begins with these bytes is a file, whatever it calls itself."""
        if not 200 <= self.status < 300:
            return False
        kind = self.headers.get("content-type", "").lower()
        text = (
            "json" in kind or kind.startswith("text/") or first.lstrip()[:1] in {b"{", b"<", b"["}
        )
        return not text or first[4:8] == b"ftyp"

    def take(self, chunk: bytes) -> None:
        """Take the next piece: into the file, or into the body of what is no file.

        Raises:
            DownloadError: the file is larger than the limit.
            ProviderError: it does not continue the part, or hardly comes.
        """
        if self.file is None:
            if self.body is None and not self.is_file(chunk):
                self.body = BodyBuffer(self.status, self.headers, self.key)
            if self.body is not None:
                self.body.take(chunk)
                return
            self.file = self._open()
        size = len(chunk)
        self.size += size
        self._check_limit(self.size)
        self.stall_guard.add(size)
        self.file.write(chunk)

    def _open(self) -> BinaryIO:
        """Open the part: where the answer continues it, otherwise at the start."""
        offset, part = self.step.offset, self.step.part
        if self.status == _PARTIAL and not self._continues(offset):
            part.open("wb").close()
            span = self.headers.get("content-range")
            message = f"asked for the bytes from {offset} of {self.step.etag}, got {span}"
            raise ProviderError(kind="malformed", message=message, retryable=True)
        self.size = offset if self.status == _PARTIAL else 0
        self._check_limit(self.size + self._length())
        self.step.remember(Response(self.status, self.headers))
        file = part.open("r+b" if self.size else "wb")
        file.seek(self.size)
        file.truncate()
        return file

    def _continues(self, offset: int) -> bool:
        etag = self.headers.get("etag", self.step.etag)
        span = self.headers.get("content-range", "")
        return span.startswith(f"bytes {offset}-") and etag == self.step.etag

    def _length(self) -> int:
        length = self.headers.get("content-length", "")
        encoded = self.headers.get("content-encoding", "identity") != "identity"
        return int(length) if length.isdecimal() and not encoded else 0

    def _check_limit(self, size: int) -> None:
        if self.step.limit is not None and size > self.step.limit:
            message = f"the video is larger than the limit of {self.step.limit} bytes"
            raise DownloadError(message)

    def finish(self) -> Response:
        """Return the answer: without a body if it was the file, or if the part was whole already.

        Raises:
            ProviderError: the file is not whole, or a success came without a single byte.
        """
        headers = mask_headers(self.headers, self.key)
        empty = self.status == _PARTIAL and self.file is None and self.body is None
        if self.step.offset and (empty or self.status == _NOT_SATISFIABLE):
            return self._judge_part(headers)
        if self.body is not None:
            return self.body.finish()
        if self.file is None and 200 <= self.status < 300:
            message = "the answer holds no video"
            raise ProviderError(
                kind="malformed", message=message, status=self.status, retryable=True
            )
        begun = self.step.offset if self.status == _PARTIAL else 0
        if self.file is not None and self.size - begun < self._length():
            message = f"the answer broke off after {self.size} bytes"
            raise ProviderError(kind="server", message=message, retryable=True)
        return Response(self.status, headers)

    def _judge_part(self, headers: Mapping[str, str]) -> Response:
        """Return what it means that there are no bytes after the part: it is whole, or wrong."""
        if self.headers.get("content-range", "").rpartition("/")[2] == str(self.step.offset):
            return Response(200, headers)
        self.step.part.open("wb").close()
        message = f"there are no bytes from {self.step.offset} on; the part was wrong"
        raise ProviderError(kind="malformed", message=message, status=self.status, retryable=True)


def open_receiver(
    step: Send | Transfer,
    answer: Response,
    key: str | None,
    stack: ExitStack | AsyncExitStack,
) -> BodyBuffer | FileReceiver:
    """Return what takes the body of an answer whose head came; the stack closes it."""
    if isinstance(step, Send):
        return BodyBuffer(answer.status, answer.headers, key)
    receiver = FileReceiver(step, answer.status, answer.headers, key)
    stack.callback(receiver.close)
    return receiver


def read_range(step: Transfer) -> dict[str, str]:
    """Return the headers that ask for the rest of a part, if it can be joined."""
    headers = {"accept-encoding": "identity"}
    if step.offset and step.etag:
        headers |= {"range": f"bytes={step.offset}-", "if-range": step.etag}
    return headers

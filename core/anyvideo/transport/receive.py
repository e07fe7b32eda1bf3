"""Takes the body of an answer: within a limit of bytes, or into a part file."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AsyncExitStack, ExitStack
from typing import IO

from attrs import define, evolve, field

from anyvideo.errors import DownloadError, ProviderError
from anyvideo.files.private import open_private
from anyvideo.model.wire import Response
from anyvideo.secret import Secret
from anyvideo.transport.masking import mask_body
from anyvideo.transport.steps import Send, Transfer

MOST_BODY = 16 << 20
# A file that arrives more slowly than this, in bytes per second, is given up and asked for again.
_SLOWEST = 1024
_PARTIAL, _NOT_SATISFIABLE = 206, 416


@define
class BodyBuffer:
    """Takes the body of an answer that is not a file; masks the key in it."""

    head: Response
    key: Secret | None
    chunks: list[bytes] = field(factory=list[bytes], repr=False)
    size: int = 0

    def take(self, chunk: bytes) -> None:
        """Take the next piece, or raise a ProviderError if the body is too large."""
        self.size += len(chunk)
        if self.size > MOST_BODY:
            message = f"the answer is larger than {MOST_BODY} bytes"
            raise ProviderError(kind="malformed", message=message)
        self.chunks.append(chunk)

    def finish(self) -> Response:
        """Return the answer without the key, which some vendors echo."""
        return evolve(self.head, body=mask_body(b"".join(self.chunks), self.key))


@define
class StallGuard:
    """Gives up a file of which less than 1 KiB a second arrives over a request's time-out."""

    seconds: float
    clock: Callable[[], float] = time.monotonic
    size: int = 0
    since: float = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.since = self.clock()

    def add(self, size: int) -> None:
        """Count so many bytes, or raise a ProviderError if too few arrived."""
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
        step: Names the part file, its offset and the limit in bytes.
        head: The answer without its body and without the key.
        key: The provider's key, which is masked in the body too.
        stall_guard: Gives up a file that hardly arrives.
        size: The bytes of the part so far.
        body: What came instead of a file.
        file: The part, once the file has begun.
    """

    step: Transfer
    head: Response
    key: Secret | None
    stall_guard: StallGuard
    size: int = 0
    body: BodyBuffer | None = None
    file: IO[bytes] | None = None

    def close(self) -> None:
        """Close the part, if it was opened."""
        if self.file is not None:
            self.file.close()

    def is_file(self, first: bytes) -> bool:
        """Say whether an answer that begins with these bytes is a file, whatever its type says.

        What continues a part may begin with any bytes.
        """
        if self.step.offset and self.head.status == _PARTIAL:
            return True
        kind = self.head.headers.get("content-type", "").lower()
        text = (
            "json" in kind or kind.startswith("text/") or first.lstrip()[:1] in {b"{", b"<", b"["}
        )
        return self.head.ok and (not text or first[4:8] == b"ftyp")

    def take(self, chunk: bytes) -> None:
        """Take the next piece: into the file, or into the body of what is not a file."""
        if self.file is None:
            if self.body is None and not self.is_file(chunk):
                self.body = BodyBuffer(self.head, self.key)
            if self.body is not None:
                self.body.take(chunk)
                return
            self.file = self._open()
        self.size += len(chunk)
        self._check_limit(self.size)
        self.stall_guard.add(len(chunk))
        self.file.write(chunk)

    def _open(self) -> IO[bytes]:
        """Open the part: where the answer continues it, otherwise at the start."""
        step, span = self.step, self.head.headers.get("content-range", "")
        same = self.head.headers.get("etag", step.etag) == step.etag
        continues = self.head.status == _PARTIAL
        if continues and not (same and span.startswith(f"bytes {step.offset}-")):
            open_private(step.part, "wb").close()
            message = f"asked for the bytes from {step.offset} of {step.etag}, got {span or None}"
            raise ProviderError(kind="malformed", message=message, retryable=True)
        self.size = step.offset if continues else 0
        self._check_limit(self.size + self._length())
        step.remember(self.head)
        file = open_private(step.part, "r+b" if self.size else "wb")
        file.seek(self.size)
        file.truncate()
        return file

    def _length(self) -> int:
        """Return how many bytes of the file the answer announces, or 0."""
        length = self.head.headers.get("content-length", "")
        encoded = self.head.headers.get("content-encoding", "identity") != "identity"
        return int(length) if length.isdecimal() and not encoded else 0

    def _check_limit(self, size: int) -> None:
        if self.step.limit is not None and size > self.step.limit:
            message = f"the video is larger than the limit of {self.step.limit} bytes"
            raise DownloadError(message)

    def finish(self) -> Response:
        """Return the answer, without a body if it was the file or the part was whole already."""
        status, nothing = self.head.status, self.file is None and self.body is None
        if self.step.offset and (status == _NOT_SATISFIABLE or (status == _PARTIAL and nothing)):
            return self._judge_part()
        if self.body is not None:
            return self.body.finish()
        if self.file is None and self.head.ok:
            message = "the answer holds no video"
            raise ProviderError(kind="malformed", message=message, status=status, retryable=True)
        begun = self.step.offset if status == _PARTIAL else 0
        if self.file is not None and self.size - begun < self._length():
            message = f"the answer broke off after {self.size} bytes"
            raise ProviderError(kind="server", message=message, retryable=True)
        return self.head

    def _judge_part(self) -> Response:
        """Return what it means that there are no bytes after the part: it is whole, or wrong."""
        head, offset = self.head, self.step.offset
        if head.headers.get("content-range", "").rpartition("/")[2] == str(offset):
            return evolve(head, status=200)
        open_private(self.step.part, "wb").close()
        message = f"there are no bytes from {offset} on; the part was wrong"
        raise ProviderError(kind="malformed", message=message, status=head.status, retryable=True)


def open_receiver(
    step: Send | Transfer, head: Response, key: Secret | None, stack: ExitStack | AsyncExitStack
) -> BodyBuffer | FileReceiver:
    """Return what takes the body of an answer whose head came; the stack closes it."""
    if isinstance(step, Send):
        return BodyBuffer(head, key)
    receiver = FileReceiver(step, head, key, StallGuard(step.provider.timeout))
    stack.callback(receiver.close)
    return receiver


def read_range(step: Transfer) -> dict[str, str]:
    """Return the headers that ask for the rest of a part, if it can be continued."""
    headers = {"accept-encoding": "identity"}
    if step.offset and step.etag:
        headers |= {"range": f"bytes={step.offset}-", "if-range": step.etag}
    return headers

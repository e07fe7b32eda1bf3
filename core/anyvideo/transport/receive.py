"""Takes the body of an answer: within a limit of bytes, or into a part file."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AsyncExitStack, ExitStack
from typing import IO, NoReturn

from attrs import define, evolve, field

from anyvideo.errors import DownloadError, ProviderError
from anyvideo.files.private import open_private
from anyvideo.files.spans import read_length, read_span, read_total
from anyvideo.limits import MOST_ANSWER_BYTES, SLOWEST_FILE
from anyvideo.model.wire import Response
from anyvideo.outcomes import UNCLEAR, may_repeat
from anyvideo.secret import Secret
from anyvideo.transport.masking import mask_body
from anyvideo.transport.steps import Send, Transfer

_PARTIAL, _NOT_SATISFIABLE = 206, 416


@define
class BodyBuffer:
    """Takes the body of an answer that is not a file; masks the key in it."""

    head: Response
    key: Secret | None
    paid: bool = False
    chunks: list[bytes] = field(factory=list[bytes], repr=False)
    size: int = 0

    def take(self, chunk: bytes) -> None:
        """Take the next piece, or raise a ProviderError if the body is too large."""
        self.size += len(chunk)
        if self.size > MOST_ANSWER_BYTES:
            message = f"the answer is larger than {MOST_ANSWER_BYTES} bytes"
            retryable = may_repeat(UNCLEAR, paid=self.paid)
            raise ProviderError(kind="malformed", message=message, retryable=retryable)
        self.chunks.append(chunk)

    def finish(self) -> Response:
        """Return the answer without the key, which some vendors echo."""
        body = mask_body(b"".join(self.chunks), self.key)
        return evolve(self.head, body=body)


@define
class Floor:
    """Renews the time for a file each time that enough of it has come.

    A file may take longer than a request, but not at less than `SLOWEST_FILE` over one time-out.
    """

    seconds: float
    renew: Callable[[], object]
    arrived: int = 0

    def add(self, size: int) -> None:
        """Count so many bytes."""
        self.arrived += size
        if self.arrived >= SLOWEST_FILE * self.seconds:
            self.arrived = 0
            self.renew()


@define
class FileReceiver:
    """Takes the answer to a transfer: decides whether it is the file, and writes it if so.

    Attributes:
        step: Names the part file, its offset and the limit in bytes.
        head: The answer without its body and without the key.
        key: The provider's key, which is masked in the body too.
        floor: Gives up a file that hardly arrives.
        size: The bytes of the part so far.
        stop: How many bytes the part has when this answer is at its end, as far as that is known.
        body: What came instead of a file.
        file: The part, once the file has begun.
    """

    step: Transfer
    head: Response
    key: Secret | None
    floor: Floor
    size: int = 0
    stop: int | None = None
    body: BodyBuffer | None = None
    file: IO[bytes] | None = None

    def close(self) -> None:
        """Close the part, if it was opened."""
        if self.file is not None:
            self.file.close()

    @property
    def continues(self) -> bool:
        """Whether the answer is a range of the file."""
        return self.head.status == _PARTIAL

    def is_file(self, first: bytes) -> bool:
        """Say whether an answer that begins with these bytes is a file, whatever its type says.

        What continues a part may begin with any bytes.
        """
        if self.step.offset and self.continues:
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
        if self.stop is not None and self.size > self.stop:
            self._reject(f"more bytes came than were announced, {self.stop} in all")
        self.floor.add(len(chunk))
        self.file.write(chunk)

    def _open(self) -> IO[bytes]:
        """Open the part: where the answer continues it, otherwise at the start."""
        step = self.step
        self.size, self.stop = self._find_span() if self.continues else (0, read_length(self.head))
        self._check_limit(self.stop or 0)
        step.remember(self.head)
        file = open_private(step.part, "r+b" if self.size else "wb")
        file.seek(self.size)
        file.truncate()
        return file

    def _find_span(self) -> tuple[int, int]:
        """Return where a range begins and ends; it must be the one that was asked for."""
        step, span = self.step, read_span(self.head)
        same = not step.offset or self.head.headers.get("etag", step.etag) == step.etag
        totals = {step.total, None if span is None else span.total} - {None}
        if span is None or not same or span.start != step.offset or len(totals) > 1:
            said = self.head.headers.get("content-range")
            self._reject(f"asked for the bytes from {step.offset} of {step.etag}, got {said}")
        return span.start, span.stop

    def _reject(self, message: str) -> NoReturn:
        """Raise the error of an answer that cannot be trusted, and begin the part anew."""
        open_private(self.step.part, "wb").close()
        status = self.head.status
        raise ProviderError(kind="malformed", message=message, status=status, retryable=True)

    def _check_limit(self, size: int) -> None:
        if self.step.limit is not None and size > self.step.limit:
            message = f"the video is larger than the limit of {self.step.limit} bytes"
            raise DownloadError(message)

    def finish(self) -> Response:
        """Return the answer, without a body if it was the file or the part was whole already."""
        status, nothing = self.head.status, self.file is None and self.body is None
        if self.step.offset and (status == _NOT_SATISFIABLE or (self.continues and nothing)):
            return self._judge_part()
        if self.body is not None:
            return self.body.finish()
        if self.file is None and self.head.ok:
            message = "the answer holds no video"
            raise ProviderError(kind="malformed", message=message, status=status, retryable=True)
        if self.file is not None and self.size < (read_total(self.head) or self.stop or 0):
            message = f"the answer broke off after {self.size} bytes"
            raise ProviderError(kind="server", message=message, retryable=True)
        return self.head

    def _judge_part(self) -> Response:
        """Return what it means that there are no bytes after the part: it is whole, or wrong."""
        head, offset = self.head, self.step.offset
        if head.headers.get("content-range", "").rpartition("/")[2] != str(offset):
            self._reject(f"there are no bytes from {offset} on; the part was wrong")
        return evolve(head, status=200)


def open_receiver(
    step: Send | Transfer,
    head: Response,
    key: Secret | None,
    stack: ExitStack | AsyncExitStack,
    renew: Callable[[], object],
) -> BodyBuffer | FileReceiver:
    """Return what takes the body of an answer whose head came; the stack closes it.

    `renew` gives a file that arrives fast enough as much time again.
    """
    if isinstance(step, Send):
        return BodyBuffer(head, key, paid=step.request.paid)
    receiver = FileReceiver(step, head, key, Floor(step.provider.timeout, renew))
    stack.callback(receiver.close)
    return receiver


def read_range(step: Transfer) -> dict[str, str]:
    """Return the headers that ask for the rest of a part, if it can be continued."""
    headers = {"accept-encoding": "identity"}
    if step.offset and step.etag:
        headers |= {"range": f"bytes={step.offset}-", "if-range": step.etag}
    return headers

"""The steps that operations yield and the drivers perform.

Every operation is a generator of steps: it yields what is to be done and receives the result. A
sync and an async driver perform the steps.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from attrs import frozen

from anyvideo.model.wire import Request, Response

if TYPE_CHECKING:
    from anyvideo.config.provider import Provider

T = TypeVar("T")
# How long a stream may be silent, in seconds: a vendor that renders says nothing for minutes.
STREAM_READ_TIMEOUT = 300.0


@frozen
class Send:
    """Send a request to a provider; comes to its Response.

    `before` is called once everything is ready and just before the first byte leaves. If it was
    not called, or raised, nothing was sent.
    """

    provider: Provider
    request: Request
    before: Callable[[], object] | None = None


@frozen
class Read:
    """Read on in the stream that the last request opened; comes to bytes, b"" at its end."""


@frozen
class Transfer:
    """Fetch a file to the end of `part`, from `offset` on; comes to the Response without the file.

    `remember` is called with the head before the first byte is written. An answer that is no file
    comes back with its body, and nothing is written.
    """

    provider: Provider
    request: Request
    part: Path
    remember: Callable[[Response], object]
    offset: int = 0
    etag: str | None = None
    limit: int | None = None


@frozen
class Sleep:
    """Let time pass."""

    seconds: float


@frozen
class Work:
    """Do a piece of local work that may block, such as writing the journal; comes to its result."""

    work: Callable[[], Any]


Step: TypeAlias = "Send | Read | Transfer | Sleep | Work"
Steps: TypeAlias = Generator[Step, Any, T]

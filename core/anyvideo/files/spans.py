"""What the headers of an answer say of its length, and of its place in the whole file."""

from __future__ import annotations

import re

from attrs import frozen

from anyvideo.model.wire import Response

_SPAN = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(?:(\d{1,18})|\*)", re.ASCII | re.IGNORECASE)


@frozen
class Span:
    """The bytes of a file from `start` to before `stop`, of `total` if that is said."""

    start: int
    stop: int
    total: int | None


def read_span(head: Response) -> Span | None:
    """Return the Content-Range of an answer; None if there is none, or it contradicts itself.

    Source: https://www.rfc-editor.org/rfc/rfc9110#field.content-range
    """
    found = _SPAN.fullmatch(head.headers.get("content-range", "").strip())
    if found is None:
        return None
    start, stop = int(found[1]), int(found[2]) + 1
    total = None if found[3] is None else int(found[3])
    length = read_length(head)
    fits = start < stop and (total is None or stop <= total)
    return Span(start, stop, total) if fits and length in {None, stop - start} else None


def read_length(head: Response) -> int | None:
    """Return the Content-Length of a body that is not encoded, or None."""
    length = head.headers.get("content-length", "")
    plain = head.headers.get("content-encoding", "identity") == "identity"
    return int(length) if plain and length.isdecimal() and len(length) <= 18 else None


def read_total(head: Response) -> int | None:
    """Return how long the answer says that the whole file is, or None."""
    if head.status != 206:
        return read_length(head)
    span = read_span(head)
    return None if span is None else span.total

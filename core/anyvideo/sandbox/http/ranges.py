"""Serves a file by the rules of RFC 9110 (section 14): whole, or one range of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from anyvideo.sandbox.http.messages import Answer, Call

_RANGE = re.compile(r"bytes=(?:(\d+)-(\d*)|-(\d+))")


def serve(call: Call, body: bytes, etag: str, content_type: str) -> Answer:
    """Return the answer to a GET or HEAD of a file.

    The answer is the whole file where the header names several ranges or cannot be read, and where
    an If-Range is not the file's ETag: the file has changed since.
    """
    headers = {"content-type": content_type, "etag": etag, "accept-ranges": "bytes"}
    asked = _RANGE.fullmatch(call.headers.get("range", "").replace(" ", ""))
    if asked is None or call.headers.get("if-range", etag) != etag:
        return Answer(200, body, headers)
    part = _select(asked, len(body))
    if not part:
        return Answer(416, b"", {**headers, "content-range": f"bytes */{len(body)}"})
    where = f"bytes {part.start}-{part.stop - 1}/{len(body)}"
    return Answer(206, body[part.start : part.stop], {**headers, "content-range": where})


def _select(asked: re.Match[str], length: int) -> range:
    first, last, suffix = asked.groups()
    if suffix is not None:
        return range(max(0, length - int(suffix)), length)
    stop = min(length, int(last) + 1) if last else length
    return range(int(first), stop)


def split(body: bytes, size: int) -> Iterator[bytes]:
    """Yield a body in blocks."""
    for start in range(0, len(body), size):
        yield body[start : start + size]

"""Reads multipart/form-data (RFC 7578)."""

from __future__ import annotations

import re
from typing import Any

from attrs import field, frozen

_BOUNDARY = re.compile(r'boundary=(?:"([^"]+)"|([^;\s]+))', re.IGNORECASE)
_PARAMETER = re.compile(r';\s*(name|filename)="((?:[^"\\]|\\.)*)"', re.IGNORECASE)
_CONTENT_TYPE = re.compile(r"^content-type:\s*(\S+)", re.IGNORECASE | re.MULTILINE)


class FormError(ValueError):
    """The body is not multipart/form-data."""


@frozen
class File:
    """A file in a form."""

    name: str
    content_type: str
    body: bytes = field(repr=False)


def parse_form(content_type: str, body: bytes) -> dict[str, Any]:
    """Return the fields of a form: text or `File`, and a list of them where a name came twice.

    Raises:
        FormError: the body is not multipart/form-data, or is cut short.
    """
    boundary = _BOUNDARY.search(content_type)
    if boundary is None or not content_type.lower().startswith("multipart/form-data"):
        message = "multipart: Content-Type is not multipart/form-data with a boundary"
        raise FormError(message)
    mark = b"--" + (boundary[1] or boundary[2]).encode()
    # Every mark but the first has a line break before it; adding one there makes them alike.
    parts = (b"\r\n" + body).split(b"\r\n" + mark)
    if len(parts) < 2 or not parts[-1].startswith(b"--"):
        message = "multipart: NextPart: EOF"
        raise FormError(message)
    found: dict[str, list[str | File]] = {}
    for part in parts[1:-1]:
        name, value = _parse_part(part)
        values = found.setdefault(name, [])
        values.append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def _parse_part(part: bytes) -> tuple[str, str | File]:
    head, gap, content = part.partition(b"\r\n\r\n")
    text = head.decode("utf-8", "replace")
    names = {
        match[1].lower(): re.sub(r"\\(.)", r"\1", match[2]) for match in _PARAMETER.finditer(text)
    }
    if not gap or "name" not in names:
        message = "multipart: a part has no name"
        raise FormError(message)
    if "filename" not in names:
        return names["name"], content.decode("utf-8", "replace")
    kind = _CONTENT_TYPE.search(text)
    return names["name"], File(names["filename"], kind[1] if kind else "", content)

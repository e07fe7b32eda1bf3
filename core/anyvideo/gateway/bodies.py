"""Reads the body of a request: JSON or a form, bounded in size, whole or not at all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncGenerator, Mapping
from typing import Any, NoReturn

from attrs import frozen
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from anyvideo.gateway.brackets import unfold
from anyvideo.gateway.failures import refuse
from anyvideo.validation import find_excess, is_object

MOST_BYTES = 24 << 20
"""The largest body, in bytes: a prompt, and an image or two."""
_MOST_FIELDS = 200
_FORM = "multipart/form-data"


@frozen
class Body:
    """A body that was read.

    Attributes:
        fields: Its fields; a file is its bytes.
        digest: The hash of what it says, the same for the same fields in any notation.
    """

    fields: Mapping[str, Any]
    digest: str


async def read_body(request: Request, most: int = MOST_BYTES) -> Body:
    """Return the body of a request.

    Raises:
        RefusedError: it is too large, cut off, or of another type than its header says.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in {"application/json", _FORM}:
        message = f"the content type {kind or 'of nothing'!r} is not taken; send JSON or {_FORM}"
        refuse(message, status=415, code="unsupported_media_type")
    data = await _read(request, most)
    fields = await _read_form(request, data) if kind == _FORM else _read_json(data)
    return Body(fields, _hash(fields))


async def _read(request: Request, most: int) -> bytes:
    pieces, size = list[bytes](), 0
    length = request.headers.get("content-length", "0")
    try:
        if int(length if length.isdecimal() else 0) > most:
            _refuse_size(most)
        async for piece in request.stream():
            pieces.append(piece)
            size += len(piece)
            if size > most:
                _refuse_size(most)
    except ClientDisconnect:
        refuse("the body was cut off; nothing was sent", code="incomplete_body")
    return b"".join(pieces)


def _refuse_size(most: int) -> NoReturn:
    message = f"the body has more than {most >> 20} MiB; nothing was sent"
    refuse(message, status=413, code="request_too_large")


def _read_json(data: bytes) -> Mapping[str, Any]:
    try:
        value: object = json.loads(data)
    except (ValueError, RecursionError) as error:
        refuse(f"the body is not valid JSON: {error}", code="invalid_json")
    if not is_object(value):
        refuse("the body is no JSON object", code="invalid_json")
    if excess := find_excess(value, "the body"):
        refuse(excess, code="invalid_json")
    return value


async def _read_form(request: Request, data: bytes) -> Mapping[str, Any]:
    async def stream() -> AsyncGenerator[bytes]:
        yield data

    parser = MultiPartParser(request.headers, stream(), max_files=1, max_fields=_MOST_FIELDS)
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError, ValueError) as error:
        reason = getattr(error, "message", None) or "its boundary or a part is missing"
        refuse(f"the form cannot be read: {reason}", code="invalid_form")
    try:
        return await _unfold(form)
    finally:
        await form.close()


async def _unfold(form: FormData) -> Mapping[str, Any]:
    pairs: list[tuple[str, str | bytes]] = []
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            if name != "input_reference":
                refuse("the only file of a form is 'input_reference'", param=name)
            pairs.append((name, await value.read()))
        else:
            pairs.append((name, value))
    return unfold(pairs)


def _hash(value: object) -> str:
    return hashlib.sha256(
        json.dumps(value, sort_keys=True, default=_hash_bytes, ensure_ascii=True).encode()
    ).hexdigest()


def _hash_bytes(value: object) -> str:
    return hashlib.sha256(value if isinstance(value, bytes) else repr(value).encode()).hexdigest()

"""Opens the envelopes that gateways put errors in.

    {"error": {"message", "type", "code", "param"}}     OpenAI's, and the middleware of new-api
    {"code": "text", "message": "text", "data": null}   task errors of new-api
    {"code": 402, "message": "text"}                    APIMart, also inside HTTP 200
    {"success": false, "message": "text"}               dashboards
    {"base_resp": {"status_code": 1008, "status_msg": "text"}}, {"err_code", "err_msg"}
    {"error": "text"}, {"detail": ...}, bare text, an HTML page, nothing at all

A gateway may also put the answer of the gateway before it, as text, into its own message: JSON in
JSON in JSON. All levels are opened; the innermost usually says what really happened.

Sources: https://github.com/apertis-ai/docs, help/error-codes; https://docs.apiyi.com and
https://docs.apimart.ai, the errors of each page; https://github.com/QuantumNous/new-api.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from attrs import frozen

from anyvideo.model.wire import Response
from anyvideo.validation import is_list, is_object

_DEPTH = 16
_MOST = 40
_MESSAGE_LIMIT = 500
_PAGE_LIMIT = 8000
_REASONS = ("fail_reason", "failure_reason", "error_message", "reason", "description")
_MESSAGES = ("message", "msg", "detail", *_REASONS, "err_msg", "error_msg", "status_msg")
_CODES = ("code", "err_code", "error_code", "status_code")
_NESTED = ("error", "errors", *_MESSAGES, "data", "base_resp")
# Codes and messages that mean success.
FINE = frozenset({"", "0", "200", "201", "202", "success", "ok"})
_TAG = re.compile(r"<(script|style)\b.*?</\1\s*>|</?[a-z!][^>]*>", re.IGNORECASE | re.DOTALL)
_TITLE = re.compile(r"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)
_REQUEST_ID = re.compile(r"request[ _]id:?\s*([\w-]{8,80})", re.IGNORECASE)


@frozen
class ErrorLevel:
    """What one level of an envelope says; empty for what it does not say, and for success."""

    code: str = ""
    type: str = ""
    status: str = ""
    message: str = ""

    def __bool__(self) -> bool:
        """Whether this level says that something is wrong: a kind alone does not."""
        return bool(self.code or self.message)


def open_envelope(value: object) -> tuple[ErrorLevel, ...]:
    """Return what each level of an error says, outermost first; none if nothing is wrong.

    `value` is a decoded JSON body, or the error object or text inside one.
    """
    levels = (level for level in _open(value, _DEPTH) if level != ErrorLevel())
    return tuple(islice(levels, _MOST))


def _open(value: object, depth: int) -> Iterator[ErrorLevel]:
    if not depth:
        return
    if isinstance(value, str):
        yield from _open_text(value, depth)
    elif is_list(value):
        for item in value[:3]:
            yield from _open(item, depth - 1)
    elif is_object(value):
        message, *inner = _open_text(_find_message(value), depth) or [ErrorLevel()]
        codes = (_read_word(value.get(key)) for key in _CODES)
        code = next((code for code in codes if code.lower() not in FINE), "")
        kind, status = (_read_word(value.get(key)) for key in ("type", "status"))
        yield ErrorLevel(code, kind, status, message.message)
        yield from inner
        for key in _NESTED:
            # Text has been read as the message; only `error` may be text beside a message.
            if key == "error" or not isinstance(value.get(key), str):
                yield from _open(value.get(key), depth - 1)


def _open_text(text: str, depth: int) -> list[ErrorLevel]:
    """Return the levels in a text: its own words first, then those of the JSON inside it."""
    start = -1 if text.lstrip()[:1] == "<" else text.find("{")
    if start >= 0:
        try:
            value = json.JSONDecoder().raw_decode(text, start)[0]
        except (ValueError, RecursionError):
            value = None
        inner = [level for level in _open(value, depth - 1) if level != ErrorLevel()]
        if inner:
            return [ErrorLevel(message=clean(text[:start])), *inner]
    message = clean(text)
    return [ErrorLevel(message="" if message.lower() in FINE else message)]


def _read_word(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return clean(str(value))


def _find_message(value: Mapping[str, Any]) -> str:
    texts = (value.get(key) for key in _MESSAGES)
    return next((text for text in texts if isinstance(text, str) and text.strip()), "")


def clean(text: str) -> str:
    """Return one short line of a message, fit for a terminal; of an HTML page, its title."""
    head = text[:_PAGE_LIMIT]
    if "<" in head:
        title = _TITLE.search(head)
        head = title[1] if title else _TAG.sub(" ", head)
    line = " ".join("".join(char if char.isprintable() else " " for char in head).split())
    return line if len(line) <= _MESSAGE_LIMIT else line[: _MESSAGE_LIMIT - 1] + "…"


def find_request_id(response: Response, body: object) -> str | None:
    """Return the vendor's id of the request, from a header, the body or the message."""
    for name in ("x-request-id", "x-oneapi-request-id", "request-id"):
        if response.headers.get(name):
            return response.headers[name]
    if is_object(body) and isinstance(body.get("request_id"), str):
        return body["request_id"] or None
    found = _REQUEST_ID.search(response.text[:4000])
    return found[1] if found else None

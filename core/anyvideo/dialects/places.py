"""Finds facts in an answer: the mappings that may hold them, and the id, the word and the URL.

Vendors wrap the same few facts differently, change the wrapping without notice, and relay one
another's answers. So all known places are read, in a fixed order, for every vendor:

    {id, status, ...}                                   /v1/videos, /v1/video/query
    {code, data: [{task_id, status}]}                   APIMart's submit
    {code, data: {id, status, result, ...}}             APIMart's task
    {code: "success", data: {task_id, status}}          new-api's generic view
    {output: {task_id, task_status}}, {task: {id}}      DashScope, MiniMax
    {name: "operations/...", done, response or error}   Google's long-running operations
    {request_id, status}                                fal, xAI
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from anyvideo.dialects.envelope import FINE
from anyvideo.tasks.report import read_id, read_time, read_url
from anyvideo.tasks.status import Status, find_status, read_status
from anyvideo.validation import is_list, is_object

Place: TypeAlias = Mapping[str, Any]

_LEVELS = ("data", "output", "task")
_IDS = ("task_id", "id", "taskId", "video_id", "generation_id")
_STATUSES = ("status", "task_status", "state")
# The last is that of new-api's generic view.
_CREATED = ("created_at", "created", "submit_time")
_URLS = ("video_url", "url", "result_url", "urls", "output_url", "videos")
_NESTED = ("data", "result", "metadata", "detail", "output", "content", *_URLS)
# Where no URL stands in the places above, these are read too: none of them hides a better one.
_MORE_URLS = (*_URLS, "output", "sample", "uri")
_MORE_NESTED = (
    *_NESTED,
    *("task", "task_result", "creations", "response"),
    *("generateVideoResponse", "generatedSamples", "video"),
)
_PICTURES = (".png", ".jpg", ".jpeg", ".webp")
_POLLS = ("status_url", "response_url")
_OPERATION = re.compile(r"([\w.-]+/)*operations/[\w.-]+")
# Without an id beside it, such a word is the envelope's own and says nothing of a job.
_ENVELOPE = frozenset({"success", "ok", "error", "fail"})
_DEPTH = 5


def list_levels(body: object) -> list[Place]:
    """Return the mappings that may name the task and its state: the body, and its data."""
    if not is_object(body):
        return []
    inner = (_list(body.get(key)) for key in _LEVELS)
    return [body, *(items[0] for items in inner if items and is_object(items[0]))]


def list_places(
    value: object, nested: Iterable[str] = _MORE_NESTED, depth: int = _DEPTH
) -> list[Place]:
    """Return every mapping that may hold facts, each before those inside it."""
    if not is_object(value) or not depth:
        return []
    places: list[Place] = [value]
    for key in nested:
        # A list of details is that of a validation error: it repeats what the caller sent.
        if (inner := value.get(key)) and not (key == "detail" and is_list(inner)):
            for item in _list(inner):
                places += list_places(item, nested, depth - 1)
    return places


def _list(value: object) -> Sequence[Any]:
    return value if is_list(value) else [value]


def find_first(places: Iterable[Place], key: str) -> int | float | str | None:
    """Return the first number or text under a key; an empty text is none."""
    for place in places:
        value = place.get(key)
        if isinstance(value, int | float | str) and value != "" and not isinstance(value, bool):
            return value
    return None


def find_id(levels: Iterable[Place]) -> str:
    """Return the id of the task: the first under a usual key, else the name of an operation."""
    operation = ""
    for level in levels:
        for key in _IDS:
            if key in level and (found := read_id(level[key])):
                return found
        name = level.get("name")
        if isinstance(name, str) and _OPERATION.fullmatch(name):
            operation = operation or name
    return operation


def find_request_id(levels: Sequence[Place]) -> str:
    """Return the id of the request where it is the task's; `levels` have no other id.

    Most gateways put the id of a request beside that of a task, and into their refusals. fal and
    xAI have no other id: it stands alone, or beside a state or the URL of one.
    """
    if len(levels) != 1 or "code" in levels[0] or is_refusal(levels):
        return ""
    body = levels[0]
    polled = any(read_url(body.get(key)) for key in _POLLS)
    waits = find_status(find_word(levels) or "") in {Status.QUEUED, Status.RUNNING}
    return read_id(body.get("request_id")) if polled or waits or len(body) == 1 else ""


def find_word(levels: Sequence[Place]) -> str | None:
    """Return the word for the state of the task."""
    for level in levels:
        for key in _STATUSES:
            if isinstance(word := level.get(key), str) and word:
                if word.lower() not in _ENVELOPE or find_id([level]):
                    return word
                break
    done = next((level["done"] for level in levels if isinstance(level.get("done"), bool)), None)
    return None if done is None else str(Status.SUCCEEDED if done else Status.RUNNING)


def find_birth(levels: Iterable[Place]) -> datetime | None:
    """Return when the vendor created the task."""
    told = (read_time(level.get(key)) for level in levels for key in _CREATED)
    return next(filter(None, told), None)


def is_refusal(levels: Sequence[Place]) -> bool:
    """Say whether a 2xx answer is an error all the same."""
    outer = levels[0]
    code, message = (str(outer.get(key, "")).lower() for key in ("code", "message"))
    # Volcengine's code for success is 10000, with a message that says so.
    fine = outer.get("code") is None or code in FINE or message in FINE - {""}
    return not fine or outer.get("success") is False or any(level.get("error") for level in levels)


def find_url(value: object) -> str | None:
    """Return the http(s) URL of the video in a decoded answer: the first in the usual places."""
    url = _find_url(list_places(value, _NESTED), _URLS)
    return url or _find_url(list_places(value), _MORE_URLS, but=_PICTURES)


def _find_url(
    places: Iterable[Place], keys: Iterable[str], but: tuple[str, ...] = ()
) -> str | None:
    for place in places:
        for key in keys:
            for item in _list(value) if (value := place.get(key)) else ():
                url = read_url(item)
                if url is not None and not urlsplit(url).path.lower().endswith(but):
                    return url
        # new-api up to v0.10 kept the URL of a finished task in fail_reason.
        url = read_url(place.get("fail_reason"))
        if url is not None and read_status(place.get("status")) == Status.SUCCEEDED:
            return url
    return None

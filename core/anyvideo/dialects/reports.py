"""Reads a report from the answer to a submit or a status call.

Vendors wrap the same few facts differently, change the wrapping without notice, and relay one
another's answers. So all known places are read, in a fixed order, for every vendor:

    {id, status, ...}                             /v1/videos, /v1/video/query
    {code, data: [{task_id, status}]}             APIMart's submit
    {code, data: {id, status, result, ...}}       APIMart's task
    {code: "success", data: {task_id, status}}    new-api's generic view
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from anyvideo.dialects.diagnosis import diagnose, diagnose_failure
from anyvideo.dialects.envelope import FINE
from anyvideo.errors import ProviderError
from anyvideo.model.wire import Response
from anyvideo.tasks.report import Report, TaskError, read_id, read_time, read_url
from anyvideo.tasks.status import Status, read_status
from anyvideo.validation import is_list, is_object

Place: TypeAlias = Mapping[str, Any]

_IDS = ("task_id", "id", "taskId", "video_id", "generation_id")
_STATUSES = ("status", "task_status", "state")
_URLS = ("video_url", "url", "result_url", "urls", "output_url", "videos")
_ERRORS = ("error", "fail_reason", "error_message", "failure_reason", "task_status_msg")
# The last is that of new-api's generic view.
_CREATED = ("created_at", "created", "submit_time")
_NESTED = ("data", "result", "metadata", "detail", "output", "content", *_URLS)
# Without an id beside it, such a word is the envelope's own and says nothing of a job.
_ENVELOPE = frozenset({"success", "ok", "error", "fail"})
_LIKE_URL = re.compile(r"\s*(https?:|data:|/)\S*\s*", re.IGNORECASE)
_DEPTH = 5


def read_report(
    response: Response,
    *,
    id: str = "",  # noqa: A002 (the field's own name)
    paid: bool = False,
    needs_url: bool = False,
) -> Report:
    """Return what an answer says about a task.

    `id` is the task's id where it is known already (status calls), for answers that name none;
    `paid` marks the answer to a submit; `needs_url` is for wires whose finished task must carry
    its URL.

    Raises:
        ProviderError: the answer is an error, cannot be read, says nothing of a task, or, with
            `needs_url`, says that the task is complete without saying where the video is.
    """
    body = response.find() if response.ok else None
    levels, places = _list_levels(body), _list_places(body)
    named, word = _find_id(levels), _find_word(levels)
    url = _find_url(places)
    progress = _first(levels, "progress")
    if not (named or (id and (word or url or progress is not None))) or (
        word is None and _is_refusal(levels)
    ):
        raise _refuse(response, named, paid=paid)
    status = read_status(word) if word is not None else _guess_status(url, known=bool(id))
    status, error = _read_end(status, levels, places, found=url is not None)
    if status == Status.SUCCEEDED and url is None and needs_url:
        raise _miss_file(response, paid=paid)
    return Report(
        id=named or id,
        status=status,
        progress=progress,
        video_url=url if status == Status.SUCCEEDED else _find_early_url(places, status),
        expires_at=_first(places, "expires_at"),
        enhanced_prompt=_first(levels, "enhanced_prompt"),
        error=error,
        cost=_first(levels, "cost"),
        created_at=_find_birth(levels),
    )


def _read_end(
    status: Status, levels: list[Place], places: list[Place], *, found: bool
) -> tuple[Status, TaskError | None]:
    """Return how the job ended, and why it failed; `found` says whether there is a file.

    APIYI reports a moderated job as completed, with an error and without a video:
    https://docs.apiyi.com/en/api-capabilities/grok-imagine-video/video-generation
    """
    if status != Status.SUCCEEDED:
        return status, _read_failure(places) if status.final else None
    errors = (
        () if found else (diagnose_failure(level.get("error"), relayed=True) for level in levels)
    )
    error = next(filter(None, errors), None)
    return status if error is None else Status.FAILED, error


def _refuse(response: Response, named: str, *, paid: bool) -> ProviderError:
    """Return the error of an answer that may name a task all the same.

    Sora's channel adds the task's id to the answer of the vendor behind it.
    """
    error = diagnose(response, paid=paid, relayed=bool(named))
    if paid and named:
        error.message += f" (the answer names the task {named!r})"
    return error


def _miss_file(response: Response, *, paid: bool) -> ProviderError:
    message = "says that the video is complete, but not where it is"
    return ProviderError("malformed", message, status=response.status, retryable=not paid)


def _list_levels(body: object) -> list[Place]:
    """Return the mappings that may name the task and its state: the body, and its data."""
    if not is_object(body):
        return []
    data = _list(body.get("data"))
    return [body, data[0]] if data and is_object(data[0]) else [body]


def _list(value: object) -> Sequence[Any]:
    return value if is_list(value) else [value]


def _list_places(value: object, depth: int = _DEPTH) -> list[Place]:
    """Return every mapping that may hold facts, each before those inside it."""
    if not is_object(value) or not depth:
        return []
    places: list[Place] = [value]
    for key in _NESTED:
        if inner := value.get(key):
            for item in _list(inner):
                places += _list_places(item, depth - 1)
    return places


def _first(places: Iterable[Place], key: str) -> int | float | str | None:
    """Return the first number or text under a key; an empty text is none."""
    for place in places:
        value = place.get(key)
        if isinstance(value, int | float | str) and value != "" and not isinstance(value, bool):
            return value
    return None


def _find_id(levels: Iterable[Place]) -> str:
    for level in levels:
        for key in _IDS:
            if key in level and (found := read_id(level[key])):
                return found
    return ""


def _find_word(levels: Iterable[Place]) -> str | None:
    """Return the word for the state of the task."""
    for level in levels:
        for key in _STATUSES:
            if isinstance(word := level.get(key), str) and word:
                if word.lower() not in _ENVELOPE or _find_id([level]):
                    return word
                break
    return None


def _find_birth(levels: Iterable[Place]) -> datetime | None:
    """Return when the vendor created the task."""
    told = (read_time(level.get(key)) for level in levels for key in _CREATED)
    return next(filter(None, told), None)


def _is_refusal(levels: list[Place]) -> bool:
    """Say whether a 2xx answer is an error all the same."""
    outer = levels[0]
    code = outer.get("code")
    fine = code is None or str(code).lower() in FINE
    return not fine or outer.get("success") is False or any(level.get("error") for level in levels)


def _guess_status(url: str | None, *, known: bool) -> Status:
    """Return the status of an answer that has no word for it: new where it was just submitted."""
    if not known:
        return Status.QUEUED
    return Status.RUNNING if url is None else Status.SUCCEEDED


def _read_failure(places: list[Place]) -> TaskError | None:
    """Return why a job ended: from the places for it, from a message, or from where the URL goes."""
    told = [place.get(key) for place in places for key in _ERRORS]
    # The message of an envelope is about the call, unless the state of the job is beside it.
    told += [place.get("message") for place in places if "data" not in place or _find_word([place])]
    # new-api shows the reason where the URL would be, in result_url and metadata.url.
    told += [place.get("result_url") for place in places]
    told += [data.get("url") for place in places if is_object(data := place.get("metadata"))]
    texts = (text for text in told if not (isinstance(text, str) and _LIKE_URL.fullmatch(text)))
    failures = (diagnose_failure(text, relayed=True) for text in texts)
    return next(filter(None, failures), None)


def find_url(value: object) -> str | None:
    """Return the http(s) URL of the video in a decoded answer: the first in the usual places."""
    return _find_url(_list_places(value))


def _find_url(places: Iterable[Place]) -> str | None:
    for place in places:
        for key in _URLS:
            for item in _list(value) if (value := place.get(key)) else ():
                if (url := read_url(item)) is not None:
                    return url
        # new-api up to v0.10 kept the URL of a finished task in fail_reason.
        url = read_url(place.get("fail_reason"))
        if url is not None and read_status(place.get("status")) == Status.SUCCEEDED:
            return url
    return None


def _find_early_url(places: list[Place], status: Status) -> str | None:
    """Return the URL of a task that still runs, if it is called the video's.

    Other URLs in such an answer may be those of the request; a failed task has failure texts there.
    """
    return None if status.final else read_url(_first(places, "video_url"))

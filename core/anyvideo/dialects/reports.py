"""Reads a report from the answer to a submit or a status call.

`places` finds the facts, wherever a vendor puts them. This module says what they mean together:
how the task stands, and why it failed. tests/dialects/answers.toml lists what real answers mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from attrs import evolve

from anyvideo.dialects.diagnosis import diagnose, diagnose_failure
from anyvideo.dialects.places import (
    Place,
    find_birth,
    find_first,
    find_id,
    find_request_id,
    find_url,
    find_word,
    is_refusal,
    list_levels,
    list_places,
)
from anyvideo.errors import ProviderError
from anyvideo.model.wire import Response
from anyvideo.tasks.report import Report, TaskError, read_url
from anyvideo.tasks.status import Status, read_status
from anyvideo.validation import is_object

__all__ = ["find_url", "read_report"]

_ERRORS = (
    *("error", "fail_reason", "error_message", "failure_reason", "task_status_msg"),
    *("failure", "base_resp"),
)
_LIKE_URL = re.compile(r"\s*(https?:|data:|/)\S*\s*", re.IGNORECASE)
# No state of a job: Black Forest Labs says so in a region that did not take it.
_LOST = frozenset({"task not found", "task_not_found", "not_found"})


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
    levels, places = list_levels(body), list_places(body)
    named, word = find_id(levels) or ("" if id else find_request_id(levels)), find_word(levels)
    url, progress = find_url(body), find_first(levels, "progress")
    if not (named or (id and (word or url or progress is not None))) or (
        is_refusal(levels) if word is None else word.lower() in _LOST
    ):
        raise _refuse(response, named, paid=paid)
    status = read_status(word) if word is not None else _guess_status(url, known=bool(id))
    status, error = _read_end(status, word, levels, places, found=url is not None)
    if status == Status.SUCCEEDED and url is None and needs_url:
        raise _miss_file(response, paid=paid)
    return Report(
        id=named or id,
        status=status,
        progress=progress,
        video_url=_choose_url(status, url, places),
        expires_at=find_first(places, "expires_at"),
        enhanced_prompt=find_first(levels, "enhanced_prompt"),
        error=error,
        cost=find_first(levels, "cost"),
        created_at=find_birth(levels),
    )


def _read_end(
    status: Status, word: str | None, levels: list[Place], places: list[Place], *, found: bool
) -> tuple[Status, TaskError | None]:
    """Return how the job ended, and why it failed; `found` says whether there is a file.

    APIYI reports a moderated job as completed, with an error and without a video:
    https://docs.apiyi.com/en/api-capabilities/grok-imagine-video/video-generation
    """
    if status != Status.SUCCEEDED:
        return status, _read_failure(word, places) if status.final else None
    errors = (diagnose_failure(level.get("error"), relayed=True) for level in levels)
    error = None if found else next(filter(None, (*errors, *_list_blocks(places))), None)
    return status if error is None else Status.FAILED, error


def _list_blocks(places: list[Place]) -> Iterator[TaskError]:
    """Yield why moderation kept the file back, as xAI and Google say it of a completed job.

    https://docs.x.ai/docs/guides/video-generations and https://ai.google.dev/gemini-api/docs/video
    """
    for place in places:
        if place.get("respect_moderation") is False:
            yield TaskError("content_policy", None, "moderation kept the video back")
        reason = diagnose_failure(place.get("raiMediaFilteredReasons"), relayed=True)
        if reason is not None:
            yield evolve(reason, kind="content_policy")


def _choose_url(status: Status, url: str | None, places: list[Place]) -> str | None:
    """Return the URL of a task; of one that still runs, only what is called the video's.

    Other URLs in such an answer may be those of the request; a failed task has failure texts there.
    """
    if status.final:
        return url if status == Status.SUCCEEDED else None
    return read_url(find_first(places, "video_url"))


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


def _guess_status(url: str | None, *, known: bool) -> Status:
    """Return the status of an answer that has no word for it: new where it was just submitted."""
    if not known:
        return Status.QUEUED
    return Status.RUNNING if url is None else Status.SUCCEEDED


def _read_failure(word: str | None, places: list[Place]) -> TaskError | None:
    """Return why a job ended: from the places for it, from a message, or from where the URL goes.

    The status word itself may say more than they do: "Content Moderated".
    """
    failure = next(filter(None, map(_diagnose_text, _list_reasons(places))), None)
    said = diagnose_failure(word)
    if said is None or said.kind != "content_policy":
        return failure
    return said if failure is None else evolve(failure, kind="content_policy")


def _diagnose_text(told: object) -> TaskError | None:
    """Return what a reason says; a URL is none."""
    if isinstance(told, str) and _LIKE_URL.fullmatch(told):
        return None
    return diagnose_failure(told, relayed=True)


def _list_reasons(places: list[Place]) -> Iterator[object]:
    """Yield what may be the reason of a failure, the likeliest first."""
    yield from (place.get(key) for place in places for key in _ERRORS)
    yield from ({key: place.get(key) for key in ("err_code", "err_msg")} for place in places)
    # The message of an envelope is about the call, unless the state of the job is beside it.
    yield from (
        place.get("message") for place in places if "data" not in place or find_word([place])
    )
    # new-api shows the reason where the URL would be, in result_url and metadata.url.
    yield from (place.get("result_url") for place in places)
    yield from (data.get("url") for place in places if is_object(data := place.get("metadata")))

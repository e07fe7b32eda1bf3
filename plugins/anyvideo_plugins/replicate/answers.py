"""Reads Replicate's answers: predictions, stored files, and the two forms of its errors.

{"title", "detail", "status": 422, "invalid_fields"}   a call is refused, as RFC 7807 has it
{"status": "failed", "error": "text (E005)"}           a prediction failed; the code is in the text
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from attrs import evolve

from anyvideo.plugin import (
    ErrorKind,
    Output,
    ProviderError,
    Report,
    Response,
    Status,
    TaskError,
    diagnose,
    diagnose_failure,
    is_list,
    is_object,
    read_status,
)

# https://replicate.com/docs/topics/predictions/lifecycle
_WORDS = {
    "starting": "queued",
    "processing": "running",
    "succeeded": "succeeded",
    "failed": "failed",
    "canceled": "cancelled",
    "aborted": "cancelled",
}
# Codes of four digits are the platform's: https://replicate.com/docs/reference/error-codes. Those of
# three are the models' own, as clients met them.
_FAILURES: Mapping[str, ErrorKind] = {
    "E005": "content_policy",
    "flagged as sensitive": "content_policy",
    "E006": "invalid_request",
    # What Replicate itself says of an image that it cannot fetch, in place of a code.
    "input validation error": "invalid_request",
    "E001": "server",
    "E004": "server",
    "E1000": "server",
    "E1001": "server",
    "E6716": "timeout",
}
# What the text of a refusal says more than its HTTP status.
_REFUSALS: Mapping[str, ErrorKind] = {
    "flagged as sensitive": "content_policy",
    "was throttled": "rate_limited",
    "insufficient credit": "insufficient_funds",
    "spend limit": "insufficient_funds",
    "specified version does not exist": "model_unavailable",
    "version has been disabled": "model_unavailable",
}
_CODE = re.compile(r"\b(E\d{3,4})\b|\(code: (\w+)\)")
_PICTURES = (".png", ".jpg", ".jpeg", ".webp")
_SOUNDS = (".mp3", ".wav")
# Two of them, with every character escaped, fit into `Report.extra`.
_LONGEST_URL = 600


def read_prediction(response: Response, *, task_id: str = "", paid: bool = False) -> Report:
    """Return what an answer says of a prediction.

    A deadline that passes before the start makes it "aborted", which costs nothing; one that is
    "canceled" may have run: https://replicate.com/changelog/2025-10-16-prediction-deadlines

    Raises:
        ProviderError: the answer is an error, says nothing of a prediction, or says that it
            succeeded with an output that cannot be read.
    """
    word = response.find("status")
    report = Report(
        id=task_id or response.find("id"),
        status=read_status(word, _WORDS) if isinstance(word, str) else Status.QUEUED,
        created_at=response.find("created_at"),
        cost=0 if word == "aborted" else None,
        extra=_read_urls(response),
    )
    if not response.ok or not report.id or not (paid or isinstance(word, str)):
        raise refuse(response, paid=paid)
    if report.status == Status.FAILED:
        return evolve(report, error=explain(response.find("error")))
    return (
        _read_output(response, report, paid=paid) if report.status == Status.SUCCEEDED else report
    )


def _read_output(response: Response, report: Report, *, paid: bool) -> Report:
    """Return the report of a prediction that succeeded: its files, or what became of them."""
    output = response.find("output")
    if files := list_files(output):
        url = next((file.url for file in files if file.kind == "video"), files[0].url)
        return evolve(report, video_url=url, outputs=files if len(files) > 1 else ())
    if paid:  # the id is what matters; the next answer says what became of the output
        return evolve(report, status=Status.RUNNING)
    if response.find("data_removed") is True:
        return evolve(report, status=Status.EXPIRED)
    if output in (None, "", [], {}):
        error = TaskError("server", None, "the prediction succeeded, and has no output")
        return evolve(report, status=Status.FAILED, error=error)
    raise _miss_output(response)


def _miss_output(response: Response) -> ProviderError:
    message = "the prediction succeeded, and its output cannot be read"
    return ProviderError("malformed", message, status=response.status, retryable=True)


def list_files(output: object) -> tuple[Output, ...]:
    """Return the files of an output, which is a URL, a list of URLs, or an object that has some."""
    found = (Output(item, _find_kind(item)) for item in _list_texts(output))
    return tuple(file for file in found if file.url)


def _list_texts(value: object, depth: int = 4) -> Iterator[str]:
    """Yield every text in an output, whatever it is inside of."""
    if isinstance(value, str):
        yield value
    elif depth and (is_list(value) or is_object(value)):
        for item in value.values() if is_object(value) else value:
            yield from _list_texts(item, depth - 1)


def _find_kind(url: str) -> str:
    """Return what a file is: a video, unless its name ends like that of something else."""
    try:
        path = urlsplit(url).path.lower()
    except ValueError:  # no URL; `Output` leaves it out
        return "video"
    return "image" if path.endswith(_PICTURES) else "audio" if path.endswith(_SOUNDS) else "video"


def _read_urls(response: Response) -> dict[str, str]:
    """Return the URLs by which later calls reach the prediction; a longer one is not kept."""
    given = {name: response.find("urls", name) for name in ("get", "cancel")}
    return {
        name: url
        for name, url in given.items()
        if isinstance(url, str) and 0 < len(url) <= _LONGEST_URL and url.isascii()
    }


def explain(told: object) -> TaskError:
    """Return why a prediction failed; the vendor's code stands in its text, as "... (E005)"."""
    code = _CODE.search(told) if isinstance(told, str) else None
    given = told if code is None else {"code": code[1] or code[2], "message": told}
    error = diagnose_failure(given, relayed=True, kinds=_FAILURES)
    return error or TaskError("server", None, "no reason given")


def read_file_url(response: Response) -> str:
    """Return the URL of a file that was stored.

    Raises:
        ProviderError: the file was refused, or the answer does not say where it is.
    """
    url = response.find("urls", "get")
    if not response.ok or not isinstance(url, str) or not url.startswith(("https://", "http://")):
        raise refuse(response)
    return url


def refuse(response: Response, *, paid: bool = False) -> ProviderError:
    """Return the error that an answer means; a submit that is not found names an unknown model."""
    error = diagnose(response, paid=paid, kinds=_REFUSALS)
    titled = None if response.find("detail") else diagnose_failure(response.find("title"))
    if titled is not None:
        error.message = titled.message
    if paid and response.status == 404:
        error.kind = "model_unavailable"
    return error

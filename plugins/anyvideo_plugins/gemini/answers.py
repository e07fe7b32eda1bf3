"""What the answers of Google's Interactions API and Files API mean.

A block of an interaction's `steps` holds the clip. `output_video`, which guides show, is a field of the
SDKs, and `outputs` is what `steps` were until June 2026; a proxy may still send them.
https://ai.google.dev/gemini-api/docs/omni, .../docs/interactions-breaking-changes-may-2026
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator, Mapping
from typing import Any

from attrs import evolve

from anyvideo.plugin import (
    DownloadError,
    ErrorKind,
    ExpiredError,
    ProviderError,
    Report,
    Response,
    Status,
    Task,
    TaskError,
    diagnose,
    diagnose_failure,
    is_list,
    is_object,
    read_status,
)

ORIGIN = "https://generativelanguage.googleapis.com"
"""Where Google serves the Gemini API and the files that it makes."""
# No clip follows: nobody is there to act, the work stopped early, or the account's limit did.
_WORDS = {"requires_action": "failed", "incomplete": "failed", "budget_exceeded": "failed"}
# Google's texts and codes where the usual ones mean something else, the certain ones first.
# https://ai.google.dev/gemini-api/docs/api-errors and .../docs/troubleshooting
_KINDS: Mapping[str, ErrorKind] = {
    "api key not valid": "auth",
    "api key expired": "auth",
    "api key was reported as leaked": "auth",
    "use api key or other form of api consumer identity": "auth",
    "multiple authentication credentials": "auth",
    "user location is not supported": "permission",
    "prepayment credits are depleted": "insufficient_funds",
    "monthly spending cap": "insufficient_funds",
    "enable billing": "insufficient_funds",
    # OpenAI says with these words that there is no money, Google that a rate was exceeded.
    "exceeded your current quota": "rate_limited",
    "invalid interaction name": "not_found",
    "for safety reasons": "content_policy",
    "violate usage policies": "content_policy",
    "safety": "content_policy",
    "image_safety": "content_policy",
    "prohibited_content": "content_policy",
    "image_prohibited_content": "content_policy",
    "blocklist": "content_policy",
    "spii": "content_policy",
    "recitation": "content_policy",
    "image_recitation": "content_policy",
    "language": "content_policy",
    "image_other": "content_policy",
    "content_blocked": "content_policy",
    "authentication": "auth",
    "parameter_unknown": "invalid_request",
    "out_of_range": "invalid_request",
    "failed_precondition": "invalid_request",
    # A daily number of calls, not money.
    "quota_exceeded": "rate_limited",
    "gateway_timeout": "timeout",
    # Neither says what became of an order.
    "aborted": "server",
    "cancelled": "server",
    "internal": "server",
}
# Files were seen to follow up to 95 s after their interaction; the core asks five times in all.
_SECONDS_TO_FILE = 25.0


def read_interaction(response: Response, *, task_id: str = "", paid: bool = False) -> Report:
    """Return what an interaction says of itself.

    Raises:
        ProviderError: the answer is an error or names no interaction, or the clip was billed and
            is in no place that is known.
    """
    word = response.find("status")
    report = Report(
        id=task_id or response.find("id"),
        status=Status.QUEUED if word is None else read_status(word, _WORDS),
        created_at=response.find("created"),
    )
    if not response.ok or not report.id or (task_id and not isinstance(word, str)):
        raise diagnose(response, paid=paid, kinds=_KINDS)
    if report.status == Status.SUCCEEDED:
        return _read_end(report, response, paid=paid)
    if report.status in {Status.FAILED, Status.CANCELLED, Status.EXPIRED}:
        return evolve(report, error=_find_failure(response, str(word)))
    return report


def _read_end(report: Report, response: Response, *, paid: bool) -> Report:
    """Return the end of a complete interaction: a clip, or the failure that its absence means.

    Google reports a blocked prompt, and a region that may not use an input, as complete without a
    video; only the usage tells that from a clip in a place that is not known.
    """
    video = _find_video(response)
    if video is not None:
        return evolve(report, video_url=_read_uri(video.get("uri")))
    if _made_video(response):
        if paid:  # the job has an id: nothing else may be made of it
            return evolve(report, status=Status.RUNNING)
        raise _miss_video(response)
    told = _find_failure(response, "completed")
    message = told.message if told else _read_text(response)
    blocked = "completed without a video: blocked, or not allowed in this region"
    error = TaskError("content_policy", told.code if told else None, message or blocked)
    return evolve(report, status=Status.FAILED, error=error)


def _miss_video(response: Response) -> ProviderError:
    message = "says that a video was made, but not where it is"
    return ProviderError("malformed", message, status=response.status, retryable=True)


def _list_output(response: Response) -> Iterator[Mapping[str, Any]]:
    """Yield the content blocks of the model, the last first; those of the user are no output."""
    for step in reversed(_list_objects(response.find("steps"))):
        if step.get("type") == "model_output":
            yield from reversed(_list_objects(step.get("content")))
    yield from reversed(_list_objects(response.find("outputs")))
    for video in _list_objects(response.find("output_video")):
        yield {"type": "video", **video}


def _find_video(response: Response) -> Mapping[str, Any] | None:
    return next((block for block in _list_output(response) if _holds_video(block)), None)


def _holds_video(block: Mapping[str, Any]) -> bool:
    return block.get("type") == "video" and bool(block.get("uri") or block.get("data"))


def _read_uri(uri: object) -> str | None:
    """Return the URL of a file; Google also writes its name alone, such as "files/abc"."""
    if not isinstance(uri, str):
        return None
    return f"{ORIGIN}/v1beta/{uri}" if uri.startswith("files/") else uri


def _read_text(response: Response) -> str:
    texts = [
        block["text"] for block in _list_output(response) if isinstance(block.get("text"), str)
    ]
    return " ".join(reversed(texts))


def _made_video(response: Response) -> bool:
    """Say whether there is a block of a video without its file, or the usage has its output tokens."""
    return any(block.get("type") == "video" for block in _list_output(response)) or any(
        str(count.get("modality")).lower() == "video" and str(count.get("tokens") or 0) != "0"
        for count in _list_objects(response.find("usage", "output_tokens_by_modality"))
    )


def _list_objects(value: object) -> list[Mapping[str, Any]]:
    return list(filter(is_object, value if is_list(value) else [value]))


def _find_failure(response: Response, word: str) -> TaskError | None:
    """Return why there is no clip: from `error`, from `errors` or from a step, else the word itself."""
    told = [response.find("error"), response.find("errors")]
    told += [step.get("error") for step in _list_objects(response.find("steps"))]
    for value in told:
        if error := diagnose_failure(value, kinds=_KINDS):
            return evolve(error, kind="insufficient_funds") if word == "budget_exceeded" else error
    if word == "budget_exceeded":
        return TaskError("insufficient_funds", word, "the budget of the interaction is used up")
    return TaskError(None, word, f"the interaction ended as {word}") if word in _WORDS else None


def read_location(response: Response, task: Task) -> str | bytes | Report:
    """Return the URL of an interaction's file, the file inside the answer, or why there is none.

    Raises:
        ExpiredError: Google no longer knows the interaction.
        DownloadError: it has no file yet, or none that can be read.
    """
    try:
        report = read_interaction(response, task_id=task.id)
    except ProviderError as error:
        if error.kind != "not_found":
            raise
        message = f"{task.provider} no longer knows the task {task.id}: {error.message}"
        raise ExpiredError(message, task=task) from error
    if report.status == Status.FAILED:
        return report
    found = report.video_url or _read_data(response)
    if found:
        return found
    lacks = "cannot be read" if report.status == Status.SUCCEEDED else "is missing"
    message = f"the video of {task.id} at {task.provider} {lacks}: it is {report.status}"
    raise DownloadError(message, task=task)


def _read_data(response: Response) -> bytes:
    """Return the file inside an answer, which is what an order without `delivery` gets."""
    video = _find_video(response) or {}
    try:
        return b64decode(str(video.get("data") or ""))
    except ValueError:
        return b""


def read_file(response: Response, task: Task) -> Report | None:
    """Return None if the Files API has the file, and the report of the failure if it never will.

    Raises:
        ExpiredError: the file is gone; Google answers 403 there, as for the file of somebody else.
        ProviderError: the file is not ready yet, or the answer is another error.
    """
    if not response.ok:
        raise _explain_file(response, task)
    state = response.find("state")
    if state == "PROCESSING":
        raise _ask_again()
    if state != "FAILED":
        return None
    failure = diagnose_failure(response.find("error"), kinds=_KINDS)
    return Report(task.id, "failed", error=failure or TaskError("server", "FAILED", "no file"))


def _explain_file(response: Response, task: Task) -> ProviderError | ExpiredError:
    error = diagnose(response, kinds=_KINDS)
    if error.kind != "not_found" and "may not exist" not in error.message:
        return error
    message = f"{task.provider} no longer has the video of {task.id}: {error.message}"
    return ExpiredError(message, task=task)


def _ask_again() -> ProviderError:
    message = "the file is not ready yet"
    return ProviderError("server", message, retryable=True, retry_after=_SECONDS_TO_FILE)

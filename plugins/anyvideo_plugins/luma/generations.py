"""Luma's wire, the Luma Agents API: https://docs.agents.lumalabs.ai/api.

    POST /v1/generations        {"model", "type": "video", "prompt", "aspect_ratio", "video": {...}}
    GET  /v1/generations/{id}   {"id", "state", "created_at", "output": [{"type", "url"}],
                                 "failure_code", "failure_reason"}, which the POST answers as well

`video` holds "duration": "5s", "resolution": "720p", and the frames, each {"url"} or {"data",
"media_type"}. The link to a file lives for an hour; each GET has a fresh one. There is no cancel, no
list of jobs, no webhook, and no key that makes a second submit harmless.

Luma's older API, Dream Machine, had another host, other keys and the models before Ray 3.2.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from attrs import evolve

from anyvideo.plugin import (
    DownloadError,
    ErrorKind,
    ExpiredError,
    Flow,
    Image,
    Inline,
    JobError,
    Offer,
    Output,
    Plan,
    ProviderError,
    Report,
    Request,
    Response,
    Status,
    Task,
    TaskError,
    diagnose,
    diagnose_failure,
    is_list,
    is_object,
    load_offers,
    read_status,
    segment,
)

# What of a body stands inside `video`:
# https://github.com/lumalabs/luma-agents-python, src/luma_agents/types/video_options_param.py; the
# keyframes are on https://docs.agents.lumalabs.ai/guides/videos/generation/.
_VIDEO = (
    *("duration", "resolution", "loop", "hdr", "exr_export", "start_frame", "end_frame"),
    *("keyframes", "keyframe_indexes", "edit", "source_position"),
)
_FRAMES = {"first_frame": "start_frame", "last_frame": "end_frame"}
# https://github.com/lumalabs/luma-agents-python, src/luma_agents/types/generation.py
_WORDS = {
    "queued": "queued",
    "processing": "running",
    "completed": "succeeded",
    "failed": "failed",
}
# Each `failure_code`: https://docs.agents.lumalabs.ai/guides/error-handling/. The vendor advises to
# repeat a job whose output was not found, so that is its own fault. The last one is of a refused
# submit, as clients recorded it beside the text.
_KINDS: Mapping[str, ErrorKind] = {
    "content_moderated": "content_policy",
    "generation_failed": "server",
    "output_not_found": "server",
    "budget_exhausted": "insufficient_funds",
    "image_too_large": "invalid_request",
    "unsupported_format": "invalid_request",
    "corrupt_input": "invalid_request",
    "invalid_request": "invalid_request",
    "rate_limited": "rate_limited",
    "rate_limit.budget": "insufficient_funds",
}
# What a file is, where its name says it better than the vendor's `type`.
_FILES = {"mp4": "video", "exr": "exr"}


class Luma:
    """The adapter `luma`; it holds nothing, so one serves every provider."""

    name = "luma"
    base_url = "https://agents.lumalabs.ai"
    key_env = "LUMA_AGENTS_API_KEY"

    def offers(self) -> Sequence[Offer]:
        """Return Ray 3.2, and the models that Luma's older API had."""
        return load_offers("anyvideo_plugins.luma", self.name)

    def submit(self, plan: Plan) -> Flow[Report]:
        """Create the generation.

        Raises:
            JobError: an option contradicts the job's images, or asks for a loop that cannot be.
        """
        response = yield encode(plan)
        return read_generation(response, paid=True)

    def status(self, task: Task) -> Flow[Report]:
        """Ask how a generation stands."""
        response = yield _ask(task)
        return read_generation(response, task_id=task.id)

    def locate(self, task: Task) -> Flow[Request]:
        """Find the file at the task's own link, or at a fresh one, which each status call has.

        Raises:
            ExpiredError: the vendor no longer knows the generation.
            DownloadError: it has no file, or not yet.
        """
        if task.video_url:
            return Request("GET", task.video_url, expects="video")
        response = yield _ask(task)
        return read_location(response, task)


def _ask(task: Task) -> Request:
    return Request("GET", f"/v1/generations/{segment(task.id)}")


def encode(plan: Plan) -> Request:
    """Return the paid request for a plan.

    An option of the caller is sent as it is, at its place in the body; those in an object `video`
    count each by itself. null removes a parameter.

    Raises:
        JobError: an option contradicts the job's images, or asks for a loop that cannot be.
    """
    frames = {
        _FRAMES[image.role]: _write_frame(plan, image)
        for image in plan.images("first_frame", "last_frame")
    }
    _check_options(plan.options, frames)
    # The type is here too, for rows of a config: without one the vendor makes an image.
    body: dict[str, Any] = {"type": "video", **plan.parameters()}
    given = body.pop("video", {})
    placed = {name: body.pop(name) for name in _VIDEO if name in body}
    video = given
    if is_object(given):
        video = _drop_nulls({**placed, **frames, **given})
        _check_loop(video)
    return Request("POST", "/v1/generations", json=_drop_nulls({**body, "video": video}), paid=True)


def _write_frame(plan: Plan, image: Image) -> dict[str, Any]:
    """Return an image as {"url"}, or a local one as {"data", "media_type"}: no data: URL.

    https://github.com/lumalabs/luma-agents-python, src/luma_agents/types/image_ref_param.py
    """
    if image.is_url:
        return {"url": image.source}
    upload = plan.uploads[image]
    return {"data": Inline(upload, bare=True), "media_type": upload.content_type}


def _check_options(options: Mapping[str, Any], frames: Mapping[str, Any]) -> None:
    """Check that no option replaces an image of the job."""
    inner = options.get("video", {})
    named = {*options, *inner} if is_object(inner) else {*options, *frames}
    if clashes := ", ".join(sorted(frames.keys() & named)):
        message = f"options.luma sets {clashes}, as the job's images do; give only one of them"
        raise JobError(message)


def _check_loop(video: Mapping[str, Any]) -> None:
    """Check what the vendor would refuse: a loop is not for 10 s, and not for HDR.

    https://github.com/lumalabs/luma-agents-python, src/luma_agents/types/video_options_param.py
    """
    if video.get("loop") and (video.get("duration") == "10s" or video.get("hdr")):
        message = "luma makes a loop of 5 seconds and without HDR; change one of these options"
        raise JobError(message)


def _drop_nulls(body: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if value is not None}


def read_generation(response: Response, *, task_id: str = "", paid: bool = False) -> Report:
    """Return what an answer says of a generation.

    Raises:
        ProviderError: the answer is an error, says nothing of a generation, or says that it is
            complete without saying where its video is.
    """
    word = response.find("state")
    status = read_status(word, _WORDS) if word is not None else Status.QUEUED
    done, items = status is Status.SUCCEEDED, response.find("output")
    files = _list_files(items) if done else ()
    if done and not files and (items == [] or response.find("failure_code")):
        status = Status.FAILED  # no output is no success
    report = Report(
        id=task_id or response.find("id"),
        status=status,
        error=_read_failure(response) if status is Status.FAILED else None,
        created_at=response.find("created_at"),
        video_url=next((file.url for file in files if file.kind == "video"), None),
        outputs=files if len(files) > 1 else (),
    )
    if not response.ok or not report.id or (task_id and not isinstance(word, str)):
        raise diagnose(response, paid=paid, kinds=_KINDS)
    if status is Status.SUCCEEDED and report.video_url is None:
        if paid:  # its id is worth more than an error; a poll finds the video
            return evolve(report, status=Status.RUNNING)
        raise _miss_file(response)
    return report


def _miss_file(response: Response) -> ProviderError:
    message = "says that the generation is complete, but not where its video is"
    return ProviderError("malformed", message, status=response.status, retryable=True)


def _list_files(items: object) -> tuple[Output, ...]:
    """Return the files of a generation: a video, and its EXR where that was asked for."""
    known = [item for item in (items if is_list(items) else [items]) if is_object(item)]
    files = [Output(item.get("url"), str(item.get("type") or "video").lower()) for item in known]
    return tuple(Output(file.url, _name_kind(file)) for file in files if file.url)


def _name_kind(file: Output) -> str:
    return _FILES.get(urlsplit(file.url).path.lower().rpartition(".")[2], file.kind)


def _read_failure(response: Response) -> TaskError:
    """Return why a generation failed; where the vendor does not say, its own fault is meant."""
    told = {"code": response.find("failure_code"), "message": response.find("failure_reason")}
    return diagnose_failure(told, kinds=_KINDS) or TaskError("server", None, "no reason given")


def read_location(response: Response, task: Task) -> Request:
    """Return the request whose body is the file, from the answer to a status call.

    Raises:
        ExpiredError: the vendor no longer knows the generation.
        DownloadError: it has no file, or not yet.
        ProviderError: the answer is any other error.
    """
    try:
        report = read_generation(response, task_id=task.id)
    except ProviderError as error:
        if error.kind != "not_found":
            raise
        message = f"{task.provider} no longer knows the generation {task.id}: {error.message}"
        raise ExpiredError(message, task=task) from error
    if report.video_url is None:
        message = f"{task.provider} names no video for {task.id}, which is {report.status}"
        raise DownloadError(message, task=task)
    return Request("GET", report.video_url, expects="video")

"""What Luma accepts: reads an order, and refuses as the vendor does.

Pages: docs.agents.lumalabs.ai/guides/videos/generation (what goes together) and
docs.agents.lumalabs.ai/guides/error-handling (the refusals).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

from anyvideo.sandbox import (
    Answer,
    Call,
    Model,
    Problem,
    Refusal,
    UnreadableError,
    count_pixels,
    find_problem,
    inspect_image,
    is_list,
    is_object,
    json_answer,
    load_models,
)

_PACKAGE = "anyvideo_plugins.luma.sandbox"
_URL = re.compile(r"https?://[^\s/]+\.[^\s/]+(/\S*)?", re.IGNORECASE)
_MOST_BYTES = 50 * 1024 * 1024
_WAYS = ("url", "data", "generation_id")
# What belongs to images: create_params.py says so of each.
_OF_IMAGES = ("image_ref", "output_format", "style", "web_search")


def refuse(status: int, detail: str) -> Answer:
    """Return an error; all of them have this shape."""
    return json_answer({"detail": detail}, status)


def reject(detail: str, status: int = 400) -> NoReturn:
    """Raise the refusal of a parameter."""
    raise Refusal(refuse(status, detail))


def read_order(call: Call) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the body of an order, and its `video`.

    Raises:
        Refusal: the vendor does not take it.
    """
    try:
        body = call.read_json()
    except UnreadableError:
        reject("Invalid JSON body")
    model = _find_model(body)
    _check(body, model, _OF_IMAGES)
    video: dict[str, Any] = body.get("video") or {}
    _check(video, load_models(_PACKAGE, "models.toml", "video")[model.name], ())
    _check_source(body)
    _check_together(video)
    for place, image in _list_images(video):
        _check_image(place, image)
    return body, video


def _find_model(body: Mapping[str, Any]) -> Model:
    """Return the model; without a name it is that of images, which makes no videos."""
    name, kind = body.get("model", "uni-1"), body.get("type", "image")
    model = load_models(_PACKAGE, "models.toml").get(name) if isinstance(name, str) else None
    if model is None and name not in {"uni-1", "uni-1-max"}:
        reject(f"Unknown model: {name}")
    if model is None or kind not in model.facts["types"]:
        reject(f"Type '{kind}' is not supported for model '{name}'")
    return model


def _check(fields: Mapping[str, Any], model: Model, foreign: tuple[str, ...]) -> None:
    if problem := find_problem(fields, model, foreign):
        _refuse_problem(problem, model)


def _refuse_problem(problem: Problem, model: Model) -> NoReturn:
    if problem.param == "prompt":
        reject("Prompt must be between 1 and 6000 characters")
    if problem.kind == "unsupported":
        reject(f"{problem.param} is not supported for model '{model.name}'")
    values = sorted(map(str, model.takes[problem.param].values))
    valid = ", ".join(values) or problem.accepted
    reject(f"Invalid {problem.param} '{problem.got}'. Valid: {valid}")


def _check_source(body: Mapping[str, Any]) -> None:
    source, kind = body.get("source"), body["type"]
    if kind == "video" and source is not None:
        reject("source is only valid for type 'image_edit', 'video_edit' or 'video_reframe'")
    if kind != "video":
        if source is None:
            reject(f"source is required for type '{kind}'")
        _check_ways("source", source)


def _check_together(video: Mapping[str, Any]) -> None:
    """Check what goes together; the words of these refusals are not documented."""
    long, hdr = video.get("duration") == "10s", video.get("hdr")
    frames = [name for name in ("start_frame", "end_frame") if video.get(name) is not None]
    if long and (hdr or frames):
        reject(f"video.{'hdr' if hdr else frames[0]} is not supported with duration 10s", 422)
    if video.get("loop") and (long or hdr or "end_frame" in frames or video.get("keyframes")):
        reject("video.loop needs duration 5s, standard dynamic range and no end_frame", 422)
    if hdr and video.get("resolution") in {"360p", "540p"}:
        reject("video.hdr needs resolution 720p or 1080p", 422)
    if video.get("exr_export") and not hdr:
        reject("video.exr_export requires video.hdr", 422)
    keyframes, places = video.get("keyframes"), video.get("keyframe_indexes")
    if keyframes and frames:
        reject("video.keyframes cannot be combined with start_frame or end_frame", 422)
    if keyframes and not (is_list(places) and len(places) == len(set(places)) == len(keyframes)):
        reject("video.keyframe_indexes needs one unique place for each keyframe", 422)


def _list_images(video: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name in ("start_frame", "end_frame"):
        if video.get(name) is not None:
            yield f"video.{name}", video[name]
    for number, image in enumerate(video.get("keyframes") or ()):
        yield f"video.keyframes[{number}]", image


def _check_ways(place: str, image: Mapping[str, Any]) -> None:
    given = [name for name in _WAYS if image.get(name) is not None]
    if len(given) > 1:
        reject(f"{place}: provide either '{given[0]}' or '{given[1]}', not both")
    if not given:
        reject(f"{place}: provide exactly one of 'url', 'data' or 'generation_id'")


def _check_image(place: str, image: Mapping[str, Any]) -> None:
    _check_ways(place, image)
    url, data = image.get("url"), image.get("data")
    if url is not None and not (isinstance(url, str) and _URL.fullmatch(url)):
        reject(f"{place}: failed to fetch URL", 422)
    if data is None:
        return
    if not image.get("media_type"):
        reject(f"{place}: 'media_type' is required with 'data'")
    try:
        content = base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError, TypeError):
        reject(f"{place}: invalid base64 data", 422)
    if len(content) > _MOST_BYTES:
        reject(f"{place}: image exceeds 50 MB limit", 413)
    picture = inspect_image(content)
    if picture is None or picture.content_type != image["media_type"]:
        reject(f"{place}: content-type is not an image", 422)


def count_pixels_of(body: Mapping[str, Any], video: Mapping[str, Any]) -> tuple[int, int]:
    """Return the size of what an order makes; without a ratio, that of a first frame if it is known."""
    lines, frame = video.get("resolution", "720p"), video.get("start_frame")
    ratio = body.get("aspect_ratio")
    if ratio is None and is_object(frame) and frame.get("data"):
        picture = inspect_image(base64.b64decode(frame["data"]))
        ratio = f"{picture.width}:{picture.height}" if picture else None
    return count_pixels(ratio or "16:9", lines)

"""The canonical job: what the caller wants, in no vendor's words.

A job holds no model and no vendor; where it runs is a separate argument everywhere.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

from attrs import asdict, field, frozen

from anyvideo.errors import JobError
from anyvideo.model import sizes
from anyvideo.model.media import Character, Image, to_images
from anyvideo.model.wire import JSON
from anyvideo.structuring import read_fields, structure
from anyvideo.validation import is_list, is_number, is_object, show


@frozen
class VideoJob:
    """One clip to make. `None` means "no preference"; `seed=0` and `audio=False` are values.

    Attributes:
        prompt: What the video shows.
        seconds: The length of the clip, in seconds.
        aspect_ratio: Width to height, such as "16:9".
        resolution: The short side in lines, such as "720p".
        size: Width and height in pixels, such as "1280x720"; it sets the two fields before it.
        images: The images to start from, to end with or to refer to.
        audio: Whether the video has sound.
        negative_prompt: What the video does not show.
        seed: The seed of the random numbers, at most 64 bits.
        enhance_prompt: Whether the vendor may rewrite the prompt.
        upscale: Whether the vendor enlarges the finished video.
        watermark: Whether the video carries the vendor's mark.
        private: Whether the video is private at the vendor.
        style: The vendor's name of a style.
        character: A person or thing to keep the same.
        metadata: The caller's own texts, sent with the job.
        options: Vendor options by adapter, passed through as they are.

    Raises:
        JobError: a value is of the wrong type or range, or two values contradict each other.
    """

    prompt: str
    seconds: float | None = field(default=None, kw_only=True)
    aspect_ratio: str | None = field(default=None, kw_only=True)
    resolution: str | None = field(default=None, kw_only=True)
    size: str | None = field(default=None, kw_only=True)
    images: tuple[Image, ...] = field(default=(), converter=to_images, kw_only=True)
    audio: bool | None = field(default=None, kw_only=True)
    negative_prompt: str | None = field(default=None, kw_only=True)
    seed: int | None = field(default=None, kw_only=True)
    enhance_prompt: bool | None = field(default=None, kw_only=True)
    upscale: bool | None = field(default=None, kw_only=True)
    watermark: bool | None = field(default=None, kw_only=True)
    private: bool | None = field(default=None, kw_only=True)
    style: str | None = field(default=None, kw_only=True)
    character: Character | None = field(default=None, kw_only=True)
    metadata: Mapping[str, str] = field(factory=dict[str, str], kw_only=True)
    options: Mapping[str, Mapping[str, JSON]] = field(
        factory=dict[str, Mapping[str, JSON]], kw_only=True
    )

    def __attrs_post_init__(self) -> None:
        try:
            values = read_fields(self)
            _check_values(self)
            values["aspect_ratio"], values["resolution"] = sizes.reconcile(
                self.size, self.aspect_ratio, self.resolution
            )
        except ValueError as error:
            raise JobError(str(error)) from error
        for name, value in values.items():
            object.__setattr__(self, name, value)  # the attrs way to normalise a frozen value once

    def to_json(self) -> str:
        """Return the job as JSON text, without the fields that were not set."""
        return dump_json(self.to_mapping())

    def to_mapping(self) -> dict[str, Any]:
        """Return the job as plain JSON values; an image's bytes become a data: URL."""
        return asdict(self, filter=_is_set, value_serializer=_to_plain)

    @classmethod
    def from_json(cls, text: str | bytes | Mapping[str, Any]) -> VideoJob:
        """Read a job from JSON text, or from the mapping that the text holds.

        Raises:
            JobError: the text is no JSON object, or a field is unknown or wrong.
        """
        try:
            data = text if isinstance(text, Mapping) else json.loads(text)
        except (ValueError, RecursionError) as error:
            message = f"the job is not valid JSON: {error}"
            raise JobError(message) from error
        problems: list[str] = []
        job = structure(_spell_out(data), cls, "the job", problems)
        if job is None:
            raise JobError("; ".join(problems))
        return job


def dump_json(value: object, indent: int | None = None) -> str:
    """Return JSON text that can be encoded; only the name of a file can hold what is no text."""
    text = json.dumps(value, ensure_ascii=False, indent=indent, default=str)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(value, indent=indent, default=str)
    return text


def _is_set(_: object, value: object) -> bool:
    return value is not None and value not in ((), {})


def _to_plain(_: object, __: object, value: object) -> object:
    if isinstance(value, bytes):
        return "data:;base64," + base64.b64encode(value).decode()
    return dict(value) if is_object(value) else value


def _spell_out(data: object) -> object:
    """Return a job's JSON with its images as tables, and without null, which sets nothing."""
    if not is_object(data):
        return data
    known = {name: value for name, value in data.items() if value is not None}
    if "images" in known:
        images = known["images"]
        known["images"] = list(map(_spell_image, images if is_list(images) else [images]))
    return known


def _spell_image(image: object) -> object:
    if isinstance(image, str | bytes):
        return {"source": image}
    if is_object(image):
        return {name: value for name, value in image.items() if value is not None}
    return image


def _check_values(job: VideoJob) -> None:
    """Raise a `ValueError` for a value that has the right type and still cannot be meant."""
    if not job.prompt.strip():
        message = "the prompt is empty; say what the video shows"
        raise ValueError(message)
    if job.seconds is not None and not (is_number(job.seconds) and job.seconds > 0):
        message = f"seconds: expected a number above 0, not {show(job.seconds)}"
        raise ValueError(message)
    if job.seed is not None and not -(2**63) <= job.seed < 2**64:
        message = "seed: expected a whole number of at most 64 bits"
        raise ValueError(message)
    for role in ("first_frame", "last_frame"):
        if (count := sum(image.role == role for image in job.images)) > 1:
            message = f"{count} images have the role {role}; give the others another role"
            raise ValueError(message)
    plain = [dict(options) for options in job.options.values()]
    try:
        json.dumps(plain, ensure_ascii=False, allow_nan=False).encode()
    except (TypeError, ValueError, RecursionError) as error:
        message = f"options hold JSON values only: {error}"
        raise ValueError(message) from error

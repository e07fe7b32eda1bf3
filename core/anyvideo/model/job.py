"""The canonical job: what the caller wants, in no vendor's words.

`None` means "no preference", and nothing else does: `seed=0` and `audio=False` are values. A job
holds no model and no vendor; where it runs is a separate argument everywhere.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import NOTHING, asdict, field, fields, frozen

from anyvideo.errors import JobError
from anyvideo.model import sizes
from anyvideo.model.media import Character, Image, to_images
from anyvideo.model.wire import JSON
from anyvideo.validation import check_text, explain_unknown, is_list, is_number, is_object, show

Part = TypeVar("Part", Image, Character)
# What a field takes besides None, and how to say so.
_KINDS: dict[str, tuple[type, str]] = {
    "prompt": (str, "text"),
    "aspect_ratio": (str, 'text such as "16:9"'),
    "resolution": (str, 'text such as "720p"'),
    "size": (str, 'text such as "1280x720"'),
    "audio": (bool, "true or false"),
    "negative_prompt": (str, "text"),
    "seed": (int, "a whole number"),
    "enhance_prompt": (bool, "true or false"),
    "upscale": (bool, "true or false"),
    "watermark": (bool, "true or false"),
    "private": (bool, "true or false"),
    "style": (str, "text"),
    "character": (Character, "a character"),
    "metadata": (Mapping, "a mapping of text to text"),
    "options": (Mapping, "a mapping of vendor options by adapter"),
}


@frozen
class VideoJob:
    """One clip to make. Everything but the prompt is a preference, and `None` is none.

    `seconds` is a length; `size` is "1280x720" and fills in `aspect_ratio` and `resolution`;
    `options` maps an adapter's name to vendor options that are passed through as they are.

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
        _check_types(self)
        _check_values(self)
        _check_mappings(self)
        try:
            _reconcile(self)
        except ValueError as error:
            raise JobError(str(error)) from error

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
        known = _check_keys(cls, data, "the job")
        if "images" in known:
            known["images"] = _read_images(known["images"])
        if "character" in known:
            known["character"] = _read_part(Character, known["character"], "character")
        known.setdefault("prompt", "")
        return cls(**known)


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


def _check_types(job: VideoJob) -> None:
    for name, (kind, words) in _KINDS.items():
        value = getattr(job, name)
        if value is None and name not in {"prompt", "metadata", "options"}:
            continue
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            message = f"{name} is {show(value)}; it takes {words}"
            raise JobError(message)
        if isinstance(value, str):
            check_text(name, value)
    if job.seconds is not None and not (is_number(job.seconds) and job.seconds > 0):
        message = f"seconds is {show(job.seconds)}; it takes a number above 0"
        raise JobError(message)
    if isinstance(job.seconds, float) and job.seconds.is_integer():
        _set(job, "seconds", int(job.seconds))


def _check_values(job: VideoJob) -> None:
    if not job.prompt.strip():
        message = "the prompt is empty; say what the video shows"
        raise JobError(message)
    if job.seed is not None and not -(2**63) <= job.seed < 2**64:
        message = "seed takes a whole number of at most 64 bits"
        raise JobError(message)
    for role in ("first_frame", "last_frame"):
        if (count := sum(image.role == role for image in job.images)) > 1:
            message = f"{count} images have the role {role}; give the others another role"
            raise JobError(message)


def _check_mappings(job: VideoJob) -> None:
    for pair in job.metadata.items():
        if not all(isinstance(item, str) for item in pair):
            message = f"metadata maps text to text; {show(pair[0])} maps to {show(pair[1])}"
            raise JobError(message)
    for owner, options in job.options.items():
        if not isinstance(owner, str) or not isinstance(options, Mapping):
            message = (
                f"options are keyed by adapter, such as {{'apimart': {{...}}}}; not {show(owner)}"
            )
            raise JobError(message)
    plain = [dict(job.metadata), [dict(options) for options in job.options.values()]]
    try:
        json.dumps(plain, ensure_ascii=False, allow_nan=False).encode()
    except (TypeError, ValueError, RecursionError) as error:
        message = f"options hold JSON values only: {error}"
        raise JobError(message) from error


def _reconcile(job: VideoJob) -> None:
    """Check the three shape fields against each other and fill in what a size implies."""
    if job.aspect_ratio is not None:
        _set(job, "aspect_ratio", sizes.normalise_ratio(job.aspect_ratio))
    if job.resolution is not None:
        _set(job, "resolution", sizes.normalise_resolution(job.resolution))
    if job.size is None:
        return
    aspect_ratio, resolution = sizes.formats_of(job.size)
    width, height = sizes.parse_size(job.size)
    if job.aspect_ratio is not None and not sizes.matches(width / height, job.aspect_ratio):
        message = f"size {job.size} is {aspect_ratio}, not {job.aspect_ratio}; drop one of the two"
        raise JobError(message)
    if job.resolution is not None and job.resolution != resolution:
        message = f"size {job.size} is {resolution}, not {job.resolution}; drop one of the two"
        raise JobError(message)
    _set(job, "aspect_ratio", aspect_ratio)
    _set(job, "resolution", resolution)


def _set(job: VideoJob, name: str, value: float | str) -> None:
    object.__setattr__(job, name, value)  # the attrs way to normalise a frozen value once


def _check_keys(cls: type, data: object, where: str) -> dict[str, Any]:
    """Return the keys of a JSON object that are set; null is the same as leaving a key out."""
    names = [attribute.name for attribute in fields(cls)]
    if not is_object(data):
        message = f"{where} is a JSON object with the keys {', '.join(names)}"
        raise JobError(message)
    for key in data:
        if key not in names:
            message = f"{where} has an {explain_unknown(str(key), names)}"
            raise JobError(message)
    return {key: value for key, value in data.items() if value is not None}


def _read_images(value: object) -> list[Image]:
    items = value if is_list(value) else [value]
    return [_read_part(Image, item, f"images[{number}]") for number, item in enumerate(items)]


def _read_part(cls: type[Part], data: object, where: str) -> Part:
    if isinstance(data, cls):
        return data
    if cls is Image and isinstance(data, str | bytes):
        data = {"source": data}
    known = _check_keys(cls, data, where)
    needed = [item.name for item in fields(cls) if item.default is NOTHING]
    if missing := [name for name in needed if name not in known]:
        message = f"{where} lacks {', '.join(missing)}"
        raise JobError(message)
    return cls(**known)

"""The images and the character of a job."""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Iterable, Sequence
from typing import Literal, TypeAlias, get_args

from attrs import field, frozen

from anyvideo.errors import JobError
from anyvideo.structuring import read_fields
from anyvideo.validation import is_list, is_number, is_text, show

Role = Literal["first_frame", "last_frame", "reference"]
Source: TypeAlias = "str | bytes | os.PathLike[str]"
ROLES: tuple[Role, ...] = get_args(Role)
_WEB = ("http://", "https://")


def _read_source(value: Source) -> str | bytes:
    source = os.fsdecode(value) if isinstance(value, os.PathLike) else value
    if isinstance(source, str) and source.startswith("data:"):
        source = _read_data_url(source)
    if not source or not isinstance(source, str | bytes):  # pyright: ignore[reportUnnecessaryIsInstance]  # callers pass anything
        message = "an image's source is an http(s) URL, a path, or bytes that are not empty"
        raise JobError(message)
    return source


def _read_data_url(url: str) -> bytes:
    head, _, body = url.partition(",")
    try:
        return base64.b64decode(body, validate=True) if head.endswith(";base64") else b""
    except (binascii.Error, ValueError):
        return b""


def _describe(source: str | bytes) -> str:
    return repr(source) if isinstance(source, str) else f"<{len(source)} bytes>"


@frozen
class Image:
    """An image that the video starts from, ends with, or refers to.

    `source` is an http(s) URL, a data: URL, the path of a local file, or the file's bytes.

    Raises:
        JobError: the source is none of these, or the role is unknown.
    """

    source: str | bytes = field(converter=_read_source, repr=_describe)
    role: Role = "first_frame"

    def __attrs_post_init__(self) -> None:
        if self.role not in ROLES:
            message = f"image role {show(self.role)} is unknown; use {', '.join(ROLES)}"
            raise JobError(message)
        path_or_url = self.source if isinstance(self.source, str) else ""
        if "://" in path_or_url and not (self.is_url and is_text(path_or_url)):
            message = f"image {show(self.source)}: only http(s) URLs, paths and bytes can be used"
            raise JobError(message)

    @property
    def is_url(self) -> bool:
        """Whether the vendor is to fetch the image itself."""
        return isinstance(self.source, str) and self.source.lower().startswith(_WEB)


def to_images(value: Image | Source | Iterable[Image | Source]) -> tuple[Image, ...]:
    """Return images from one of them or several; a bare source is a first frame.

    Raises:
        JobError: an item is not an image.
    """
    if isinstance(value, Image):
        return (value,)
    if isinstance(value, str | bytes) or not isinstance(value, Iterable):
        return (Image(value),)
    return tuple(item if isinstance(item, Image) else Image(item) for item in value)


def _to_timestamps(value: Sequence[float] | None) -> tuple[float, float] | None:
    if value is None:
        return None
    numbers = value if is_list(value) else ()
    if len(numbers) != 2 or not all(map(is_number, numbers)):
        message = "character timestamps are two numbers: the start and the end in seconds"
        raise JobError(message)
    return numbers[0], numbers[1]


@frozen
class Character:
    """A person or thing to keep the same: from a video at `url`, or from an earlier task.

    `timestamps` are the start and the end, in seconds, of the 1 to 3 seconds to take it from.

    Raises:
        JobError: it has neither source or both, or the timestamps do not span 1 to 3 seconds.
    """

    url: str | None = None
    from_task: str | None = None
    timestamps: tuple[float, float] | None = field(default=None, converter=_to_timestamps)

    def __attrs_post_init__(self) -> None:
        try:
            read_fields(self)
        except ValueError as error:
            message = f"character {error}"
            raise JobError(message) from error
        if bool(self.url) == bool(self.from_task):
            message = "a character needs either url or from_task, and not both"
            raise JobError(message)
        if self.url and not self.url.lower().startswith(_WEB):
            message = f"character url {show(self.url)} is not http(s)"
            raise JobError(message)
        if self.timestamps is not None:
            start, end = self.timestamps
            # Rounded, because 3.4 - 2.4 is a little less than 1 in binary.
            if start < 0 or not 1 <= round(end - start, 6) <= 3:
                message = f"character timestamps {start:g},{end:g} must span 1 to 3 seconds forward"
                raise JobError(message)

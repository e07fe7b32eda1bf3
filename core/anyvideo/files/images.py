"""Reads the local images of a job."""

from __future__ import annotations

import errno
import io
import struct
from pathlib import Path
from typing import BinaryIO

from anyvideo.errors import JobError
from anyvideo.model.job import VideoJob
from anyvideo.model.media import Image
from anyvideo.model.wire import Upload

_BLOCK = 1 << 20


def read_uploads(job: VideoJob) -> dict[Image, Upload]:
    """Return what each local image of the job is, read from disk in blocks.

    Raises:
        JobError: a file is missing, unreadable, empty or no PNG, JPEG, WebP or GIF image.
    """
    return {image: read_upload(image.source) for image in job.images if not image.is_url}


def read_upload(source: str | bytes) -> Upload:
    """Return what a local image is: name, type, size, hash and pixels.

    Raises:
        JobError: it cannot be read, or is no image that a vendor takes.
    """
    import hashlib  # noqa: PLC0415 (slow to import; only jobs with local images need it)

    name = _name(source) if isinstance(source, str) else "image"
    try:
        with open_source(source) as stream:
            head = stream.read(16)
            digest, size = hashlib.sha256(head), len(head)
            while block := stream.read(_BLOCK):
                digest.update(block)
                size += len(block)
            width, height = _measure(stream)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        message = f"image {source!r} cannot be read: {reason}"
        raise JobError(message) from error
    if not size:
        message = f"image {name!r} is empty"
        raise JobError(message)
    content_type = _sniff(head)
    if content_type is None or width < 1 or height < 1:
        message = f"image {name!r} is no PNG, JPEG, WebP or GIF that can be read"
        raise JobError(message)
    if isinstance(source, bytes):
        name = f"image.{content_type.removeprefix('image/').replace('jpeg', 'jpg')}"
    return Upload(name, content_type, source, size, digest.hexdigest(), width, height)


def _name(path: str) -> str:
    """Return a file's name as text that can be sent; a file system takes any bytes."""
    return Path(path).name.encode("utf-8", "replace").decode()


def open_source(source: str | bytes) -> BinaryIO:
    """Open an image's bytes for reading, from a path or from memory.

    Raises:
        OSError: the path is no file, or it cannot be opened.
    """
    if isinstance(source, bytes):
        return io.BytesIO(source)
    path = Path(source)
    if path.exists() and not path.is_file():  # a pipe would never end
        raise OSError(errno.EINVAL, "it is no file", source)
    return path.open("rb")


def _sniff(head: bytes) -> str | None:
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return "image/gif" if head[:6] in {b"GIF87a", b"GIF89a"} else None


def _measure(stream: BinaryIO) -> tuple[int, int]:
    import imagesize  # noqa: PLC0415 (only jobs with local images need it)

    stream.seek(0)
    try:
        width, height = imagesize.get(stream)  # pyright: ignore[reportUnknownMemberType]  # it ships no types
    except (ValueError, LookupError, ArithmeticError, struct.error):
        return (-1, -1)
    return int(width), int(height)

"""The images of an order: what MiniMax takes for one, and the shape that a video has by it."""

from __future__ import annotations

import base64
import binascii
import re

from attrs import frozen

from anyvideo.sandbox import ImageInfo, inspect_image

_DATA = re.compile(r"data:image/([a-z0-9.+-]+);base64,(.+)", re.DOTALL)
_WEB = re.compile(r"https?://[^\s/]+\S*")
_STORED = re.compile(r"mm_file://\w+")


@frozen
class Limits:
    """What an image may be: bytes, pixels of a side, and whether a stored file may stand for it."""

    largest: int
    shortest: int
    longest: int
    stored: bool = False


H3 = Limits(30 << 20, 256, 5760, stored=True)
HAILUO = Limits(20 << 20, 301, 100_000)


def find_fault(url: object, limits: Limits) -> str:
    """Return in words why a value is no image, an empty text where it is one."""
    if not isinstance(url, str) or not url:
        return "image is required"
    if _WEB.fullmatch(url) or (limits.stored and _STORED.fullmatch(url)):
        return ""
    picture, size = read_picture(url), len(read_data(url) or b"")
    if picture is None or not url.startswith(f"data:{picture.content_type};"):
        return "image must be a public url or a data url of a picture"
    sides = (picture.width, picture.height)
    if size >= limits.largest:
        return "image is too large"
    if min(sides) < limits.shortest or max(sides) > limits.longest:
        return f"image is {sides[0]}x{sides[1]}, outside the range of sizes"
    return "" if 0.4 <= sides[0] / sides[1] <= 2.5 else "image aspect ratio must be 2:5 to 5:2"


def read_data(url: str) -> bytes | None:
    """Return the bytes of a data: URL with its format in lower case, None where it is not one."""
    match = _DATA.fullmatch(url)
    try:
        return base64.b64decode(match[2], validate=True) if match else None
    except (binascii.Error, ValueError):
        return None


def read_picture(url: str) -> ImageInfo | None:
    """Return what a data: URL shows; a picture elsewhere is not fetched."""
    return inspect_image(read_data(url) or b"")


def size_film(lines: str, picture: ImageInfo | None) -> tuple[int, int]:
    """Return the pixels of a video in the shape of a picture, 16:9 without one."""
    short = 1440 if lines == "2K" else int(lines.removesuffix("P"))
    width, height = (16, 9) if picture is None else (picture.width, picture.height)
    long = round(short * max(width, height) / min(width, height) / 2) * 2
    return (long, short) if width >= height else (short, long)

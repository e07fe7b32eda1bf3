"""Sizes in pixels from a vendor's words, and the type and size of an uploaded image."""

from __future__ import annotations

import io

from attrs import frozen

_LINES = {"std": 720, "pro": 1080, "hd": 720, "fhd": 1080, "2k": 1440, "4k": 2160}
_RATIOS = {"landscape": "16:9", "portrait": "9:16", "adaptive": "16:9"}
_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
)


def count_pixels(ratio: str | None, lines: str | None) -> tuple[int, int]:
    """Return width and height from a ratio such as "16:9" and lines such as "720p", "4k" or "pro".

    The lines are the short side. The default is 16:9 and 720 lines.
    """
    word = (lines or "720p").lower()
    short = _LINES.get(word) or int(word.rstrip("p"))
    across, down = map(int, _RATIOS.get(ratio or "16:9", ratio or "16:9").split(":"))
    long = round(short * max(across, down) / min(across, down) / 2) * 2
    return (long, short) if across >= down else (short, long)


@frozen
class ImageInfo:
    """The type of an image, such as "image/png", and its size in pixels."""

    content_type: str
    width: int
    height: int


def inspect_image(body: bytes) -> ImageInfo | None:
    """Return the type and size of an image, None where it is not a PNG, JPEG, WebP or GIF."""
    import imagesize  # noqa: PLC0415 (only calls with images need it)

    kind = next((kind for magic, kind in _MAGIC if body.startswith(magic)), None)
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        kind = "image/webp"
    if kind is None:
        return None
    try:
        width, height = imagesize.get(io.BytesIO(body))  # pyright: ignore[reportUnknownMemberType] (its types are partial)
    except (ValueError, LookupError, ArithmeticError):
        return None
    return ImageInfo(kind, width, height) if min(width, height) > 0 else None

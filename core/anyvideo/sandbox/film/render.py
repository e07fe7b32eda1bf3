"""The sandbox's film: the prompt as a caption on a flat background, and a bar that shows the time.

It is an MP4 of the ordered length and size, made without an encoder.
"""

import math
import textwrap
from collections.abc import Sequence

from anyvideo.sandbox.film import glyphs
from anyvideo.sandbox.film.h264 import (
    MACROBLOCK,
    Blocks,
    PictureSize,
    write_idr_picture,
    write_p_picture,
    write_pps,
    write_sps,
)
from anyvideo.sandbox.film.mp4_writer import Track, write_mp4

# Samples stay within 16 to 235, the range of video levels.
_PAPER = bytes([40])
_INK = bytes([235])
_CHROMA = bytes([140]) * 64 + bytes([110]) * 64
_BACKGROUND = _PAPER * 256 + _CHROMA
_BAR = bytes([180]) * 256 + bytes([90]) * 64 + bytes([200]) * 64

_CAPTION_LENGTH = 240
_ELLIPSIS = "..."

_SHORTEST_SIDE, _LONGEST_SIDE = 16, 8192
_MOST_SECONDS = 3600
_MOST_FPS = 240


def render(prompt: str, *, seconds: float, width: int, height: int, fps: int = 24) -> bytes:
    """Return a playable MP4: `seconds` long to the nearest frame, captioned with the prompt.

    Equal arguments give equal bytes. An odd width or height is rounded up to the next even one,
    the finest that 4:2:0 video can crop to. The caption ends in an ellipsis after 240 characters,
    or earlier where it has no room. It is left out where nothing fits.

    Raises:
        ValueError: seconds are not above 0 and at most 3600, width or height are not from 16 to
            8192, or fps are not from 1 to 240.
    """
    _check(seconds, width, height, fps)
    size = PictureSize(width + width % 2, height + height % 2)
    scale = max(1, round(min(width, height) / 300))
    count = max(1, round(seconds * fps))
    pictures = [write_idr_picture(size, _BACKGROUND, _draw_caption(prompt, size, scale))]
    pictures += [
        write_p_picture(size, number, _draw_bar(size, scale, number, count - 1))
        for number in range(1, count)
    ]
    track = Track(size.width, size.height, fps, write_sps(size, fps), write_pps())
    return write_mp4(track, pictures)


def _check(seconds: float, width: int, height: int, fps: int) -> None:
    if not 0 < seconds <= _MOST_SECONDS:
        message = f"seconds must be above 0 and at most {_MOST_SECONDS}, not {seconds}"
        raise ValueError(message)
    for name, value, low, high in (
        ("width", width, _SHORTEST_SIDE, _LONGEST_SIDE),
        ("height", height, _SHORTEST_SIDE, _LONGEST_SIDE),
        ("fps", fps, 1, _MOST_FPS),
    ):
        if not low <= value <= high:
            message = f"{name} must be from {low} to {high}, not {value}"
            raise ValueError(message)


def _draw_caption(prompt: str, size: PictureSize, scale: int) -> Blocks:
    """Return the macroblocks that the prompt inks, in the middle of the picture.

    A character is half as wide as it is high, and at scale 1 as high as a macroblock; so each
    line fills exactly `scale` rows of macroblocks.
    """
    lines = _wrap(
        prompt,
        columns=size.width // (glyphs.WIDTH * scale) - 4,  # leaves a line's height at each side,
        lines=size.height // (glyphs.HEIGHT * scale) - 2,  # above and below
    )
    blocks: dict[int, bytes] = {}
    top = (size.height // MACROBLOCK - len(lines) * scale) // 2
    for number, line in enumerate(lines):
        pixels = _draw_line(line, size.columns * MACROBLOCK, scale)
        for part in range(scale):
            band = pixels[part * MACROBLOCK : (part + 1) * MACROBLOCK]
            first = (top + number * scale + part) * size.columns
            blocks.update(_cut(band, first))
    return blocks


def _wrap(prompt: str, *, columns: int, lines: int) -> list[str]:
    if columns < len(_ELLIPSIS) or lines < 1:
        return []
    text = " ".join(prompt.split())
    if len(text) > _CAPTION_LENGTH:
        text = text[: _CAPTION_LENGTH - len(_ELLIPSIS)] + _ELLIPSIS
    return textwrap.wrap(text, columns, max_lines=lines, placeholder=_ELLIPSIS)


def _draw_line(line: str, width: int, scale: int) -> Sequence[bytes]:
    """Return the luma samples of one line of text: `HEIGHT * scale` rows, each `width` long."""
    letters = [glyphs.find_glyph(character) for character in line]
    margin = _PAPER * (MACROBLOCK * scale)
    rows: list[bytes] = []
    for strokes in zip(*letters, strict=True):
        pixels = b"".join(strokes).replace(b"\0", _PAPER * scale).replace(b"\1", _INK * scale)
        rows += [(margin + pixels).ljust(width, _PAPER)] * scale
    return rows


def _cut(band: Sequence[bytes], first: int) -> Blocks:
    """Cut 16 rows of luma samples into macroblocks, `first` the leftmost, and drop blank ones."""
    blocks: dict[int, bytes] = {}
    for x in range(0, len(band[0]), MACROBLOCK):
        samples = b"".join([row[x : x + MACROBLOCK] for row in band]) + _CHROMA
        if samples != _BACKGROUND:
            blocks[first + x // MACROBLOCK] = samples
    return blocks


def _draw_bar(size: PictureSize, scale: int, number: int, last: int) -> Blocks:
    """Return the macroblocks by which the bar grows in this picture; in the last it is full."""
    bottom = size.height // MACROBLOCK
    rows = range(bottom - math.ceil(scale / 2), bottom)
    columns = range(size.columns * (number - 1) // last, size.columns * number // last)
    return {row * size.columns + column: _BAR for row in rows for column in columns}

"""Small images and films for tests, drawn on demand."""

from __future__ import annotations

import struct
import zlib
from functools import lru_cache


def draw_picture(width: int, height: int, kind: str = "png") -> bytes:
    """Return a PNG of one colour, or the start of a JPEG or WebP file, which gives its size."""
    if kind == "jpeg":
        return b"\xff\xd8\xff\xc0\x00\x11\x08" + struct.pack(">HH", height, width) + b"\x03" * 11
    if kind == "webp":
        sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
        return b"RIFF\x16\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00" + bytes(4) + sides
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(bytes(width + 1) * height)
    chunks = ((b"IHDR", head), (b"IDAT", rows), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_write_chunk(*chunk) for chunk in chunks)


def _write_chunk(kind: bytes, data: bytes) -> bytes:
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


@lru_cache(maxsize=8)
def make_film(caption: str = "anyvideo", seconds: float = 1.0) -> bytes:
    """Return a small MP4 that plays."""
    from anyvideo.sandbox.film.render import render  # noqa: PLC0415 (loads on first use)

    return render(caption, seconds=seconds, width=320, height=180, fps=8)

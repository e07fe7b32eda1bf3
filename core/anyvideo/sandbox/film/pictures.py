"""Small pictures of one colour, as whole files: PNG, JPEG and WebP, written without an encoder."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Mapping

# A Huffman table with one code of one bit, which stands for the symbol 0 (ITU-T T.81, B.2.4.2).
_ONE_CODE = b"\x01" + bytes(15) + b"\x00"
# Green, red, blue, alpha, distance: a prefix code of one symbol each, so that no pixel takes a bit.
_WEBP_SYMBOLS = (96, 64, 128, 255)


def draw_picture(width: int, height: int, kind: str = "png") -> bytes:
    """Return a picture of one colour, `kind` being "png", "jpeg" or "webp"."""
    return _WRITERS[kind](width, height)


def _write_png(width: int, height: int) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(bytes(width + 1) * height)
    chunks = ((b"IHDR", head), (b"IDAT", rows), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_write_chunk(*chunk) for chunk in chunks)


def _write_chunk(kind: bytes, data: bytes) -> bytes:
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def _write_jpeg(width: int, height: int) -> bytes:
    """Write a grey JPEG: each block is two bits, "no difference" and "end of block"."""
    bits = 2 * -(-width // 8) * -(-height // 8)
    data = ((1 << -bits % 8) - 1).to_bytes((bits + 7) // 8, "big")  # zeros, filled up with ones
    segments = (
        (0xDB, b"\x00" + b"\x01" * 64),
        (0xC0, struct.pack(">BHHBBBB", 8, height, width, 1, 1, 0x11, 0)),
        (0xC4, b"\x00" + _ONE_CODE),
        (0xC4, b"\x10" + _ONE_CODE),
        (0xDA, bytes((1, 1, 0, 0, 63, 0))),
    )
    head = b"".join(
        struct.pack(">BBH", 0xFF, mark, len(body) + 2) + body for mark, body in segments
    )
    return b"\xff\xd8" + head + data + b"\xff\xd9"


def _write_webp(width: int, height: int) -> bytes:
    """Write a lossless WebP (RFC 9649, section 3), its fields from the lowest bit up."""
    fields = [(width - 1, 14), (height - 1, 14), (0, 1), (0, 3), (0, 3)]
    for symbol in _WEBP_SYMBOLS:
        fields += [(0b101, 3), (symbol, 8)]
    fields += [(0b001, 3), (0, 1)]
    value = count = 0
    for number, length in fields:
        value |= number << count
        count += length
    data = b"\x2f" + value.to_bytes((count + 7) // 8, "little")
    data += bytes(len(data) % 2)
    body = b"WEBPVP8L" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", len(body)) + body


_WRITERS: Mapping[str, Callable[[int, int], bytes]] = {
    "png": _write_png,
    "jpeg": _write_jpeg,
    "webp": _write_webp,
}

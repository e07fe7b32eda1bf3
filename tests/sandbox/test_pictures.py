"""The pictures of the sandbox are whole files of the ordered type and size."""

import struct
import zlib

import pytest

from anyvideo.sandbox import draw_picture, inspect_image

SIZES = [(1, 1), (8, 8), (9, 17), (720, 1280), (1792, 1024)]


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp"])
@pytest.mark.parametrize("size", SIZES)
def test_a_picture_says_its_type_and_size(kind, size):
    picture = inspect_image(draw_picture(size[0], size[1], kind))

    assert picture is not None
    assert (picture.content_type, picture.width, picture.height) == (f"image/{kind}", *size)


@pytest.mark.parametrize("size", SIZES)
def test_a_jpeg_has_two_bits_for_each_block_and_an_end(size):
    """Pillow decodes these bytes as a grey picture; here it is not installed."""
    width, height = size
    blocks = -(-width // 8) * -(-height // 8)
    head, _, data = draw_picture(width, height, "jpeg").partition(
        b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00"
    )

    assert head.count(b"\xff\xc4\x00\x14") == 2
    bits = "".join(f"{byte:08b}" for byte in data.removesuffix(b"\xff\xd9"))
    assert bits[: 2 * blocks] == "00" * blocks
    assert set(bits[2 * blocks :]) <= {"1"}
    assert len(bits) - 2 * blocks < 8


def test_a_webp_is_one_chunk_whose_lengths_are_right():
    picture = draw_picture(720, 1280, "webp")
    whole, kind, length = struct.unpack("<4xI4x4sI", picture[:20])

    assert (picture[:4], picture[8:12], kind) == (b"RIFF", b"WEBP", b"VP8L")
    assert (whole, length) == (len(picture) - 8, len(picture) - 20)
    assert len(picture) % 2 == 0
    fields = int.from_bytes(picture[21:], "little")
    codes = [(fields >> (35 + 11 * number)) & 0x7FF for number in range(4)]
    assert [code & 0b111 for code in codes] == [0b101] * 4
    assert [code >> 3 for code in codes] == [96, 64, 128, 255]


def test_a_png_has_a_row_for_each_line():
    picture = draw_picture(3, 2)
    length = struct.unpack(">I", picture[33:37])[0]

    assert zlib.decompress(picture[41 : 41 + length]) == bytes(4 * 2)

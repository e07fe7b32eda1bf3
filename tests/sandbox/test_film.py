"""A film has the ordered length and size, its caption and its bar; a decoder accepts it."""

import io
import math
import struct
import subprocess
from pathlib import Path

import imageio_ffmpeg
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from anyvideo.files import mp4
from anyvideo.sandbox.film import glyphs, h264
from anyvideo.sandbox.film.render import _draw_bar, render

PROMPT = "A red fox runs through fresh snow at dawn, cinematic, 35mm"
LONG_PROMPT = f"{PROMPT} 一只红狐 \N{FOX FACE} " * 10
PAPER, INK = 40, 235
BAR = 180

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()


def decode(path: Path) -> bytes:
    """All frames of a film as planes of Y, Cb, Cr; no complaint of the decoder is tolerated."""
    command = [FFMPEG, "-v", "error", "-xerror", "-err_detect", "explode", "-i", str(path)]
    command += ["-f", "rawvideo", "-pix_fmt", "yuv420p", "-"]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.stderr == b""
    assert done.returncode == 0
    return done.stdout


def split_luma(raw: bytes, width: int, height: int) -> list[list[bytes]]:
    """The rows of luma of every frame."""
    frame = width * height * 3 // 2
    return [
        [raw[start + y * width : start + (y + 1) * width] for y in range(height)]
        for start in range(0, len(raw), frame)
    ]


def draw(prompt: str, width: int = 640, height: int = 360) -> bytes:
    """A film of two frames."""
    return render(prompt, seconds=2 / 24, width=width, height=height)


@given(
    prompt=st.text(),
    seconds=st.floats(0.01, 3),
    width=st.integers(16, 200),
    height=st.integers(16, 200),
    fps=st.integers(1, 60),
)
@example(prompt="", seconds=1e-9, width=16, height=16, fps=1)
@example(prompt=LONG_PROMPT, seconds=0.1, width=1920, height=1080, fps=30)
@settings(deadline=None)
def test_what_is_ordered_is_delivered(
    prompt: str, seconds: float, width: int, height: int, fps: int
):
    facts = mp4.read(
        io.BytesIO(render(prompt, seconds=seconds, width=width, height=height, fps=fps))
    )
    assert facts.seconds == pytest.approx(seconds, abs=1 / fps)
    assert (facts.width, facts.height) == (width + width % 2, height + height % 2)
    assert facts.fps == fps
    assert facts.has_audio is False


@pytest.mark.parametrize(
    ("width", "height"),
    [
        *[(16, 16), (17, 31), (64, 48), (160, 90), (480, 480), (854, 480)],
        *[(1280, 720), (720, 1280), (1920, 1080), (3840, 2160)],
    ],
)
@pytest.mark.parametrize("prompt", ["", PROMPT, LONG_PROMPT], ids=["empty", "short", "long"])
def test_a_decoder_plays_every_frame_without_a_word(
    tmp_path: Path, prompt: str, width: int, height: int
):
    path = tmp_path / "film.mp4"
    path.write_bytes(render(prompt, seconds=0.25, width=width, height=height))
    raw = decode(path)
    width, height = width + width % 2, height + height % 2
    assert len(raw) == 6 * width * height * 3 // 2
    first, *_, last = split_luma(raw, width, height)
    assert set().union(*first) <= {PAPER, INK}
    pixels = width * height
    assert raw[pixels : pixels * 3 // 2] == b"\x8c" * (pixels // 4) + b"\x6e" * (pixels // 4)
    changed = [after for before, after in zip(first, last, strict=True) if after != before]
    assert set(changed) == {bytes([BAR]) * width}


def test_the_caption_is_drawn_sample_by_sample(tmp_path: Path):
    path = tmp_path / "film.mp4"
    path.write_bytes(render("Hi 你", seconds=0.01, width=160, height=64))
    (rows,) = split_luma(decode(path), 160, 64)
    assert ["".join(".#"[luma == INK] for luma in row[16:48]) for row in rows[18:27]] == [
        "#....#..................#######.",
        "#....#....#.............#.....#.",
        "#....#..................#.....#.",
        "#....#...##.............#.....#.",
        "######....#.............#.....#.",
        "#....#....#.............#.....#.",
        "#....#....#.............#.....#.",
        "#....#....#.............#.....#.",
        "#....#...###............#######.",
    ]
    ink = sum(sum(row) for character in "Hi 你" for row in glyphs.find_glyph(character))
    assert sum(row.count(INK) for row in rows) == ink


def test_the_bar_moves_to_the_right_and_ends_full(tmp_path: Path):
    path = tmp_path / "film.mp4"
    path.write_bytes(render(PROMPT, seconds=2, width=320, height=192, fps=10))
    lengths = [rows[-1].count(BAR) for rows in split_luma(decode(path), 320, 192)]
    assert lengths == sorted(lengths)
    assert lengths[0] == 0
    assert lengths[-1] == 320
    assert len(set(lengths)) == 20


def test_the_film_can_play_while_it_loads():
    data = render(PROMPT, seconds=1, width=320, height=192)
    content = data.index(b"mdat") + 4
    assert data.index(b"moov") < content
    (offset,) = struct.unpack_from(">I", data, data.index(b"stco") + 12)
    assert offset == content
    assert data[offset + 4] == 0x65


def test_a_decoder_is_told_the_parameter_sets():
    data = render("", seconds=1, width=320, height=192)
    size = h264.PictureSize(320, 192)
    assert h264.write_sps(size, 24) in data
    assert h264.write_pps() in data


def test_equal_orders_give_equal_films():
    assert draw(PROMPT) == draw(PROMPT)


@pytest.mark.parametrize(
    ("prompt", "shown"),
    [
        ("x" * 241, "x" * 237 + "..."),
        (" a\n\n\tred  fox ", "a red fox"),
        ("\x00\ud800\N{FOX FACE}", "你好吗"),
    ],
)
def test_the_caption_is_shortened_and_tidied(prompt: str, shown: str):
    assert draw(prompt) == draw(shown) != draw("")


@pytest.mark.parametrize(
    ("width", "height"), [(1280, 720), (720, 1280), (480, 480), (1920, 1080), (3840, 2160)]
)
def test_every_usual_size_shows_200_characters(width: int, height: int):
    words = "word " * 39
    films = {draw(words + end, width, height) for end in ("", "word", "w...", "words")}
    assert len(films) == 4


def test_a_caption_without_room_ends_in_an_ellipsis():
    assert draw(PROMPT, 160, 90) == draw("A red fox runs through fresh snow at dawn,...", 160, 90)


@pytest.mark.parametrize(("width", "height"), [(16, 16), (48, 200), (200, 32)])
def test_no_caption_where_none_fits(width: int, height: int):
    assert draw(PROMPT, width, height) == draw("", width, height)


@pytest.mark.parametrize(
    ("seconds", "width", "height", "fps", "message"),
    [
        (0, 320, 192, 24, "seconds must be above 0 and at most 3600, not 0"),
        (-1.5, 320, 192, 24, "not -1.5"),
        (3601, 320, 192, 24, "not 3601"),
        (math.nan, 320, 192, 24, "not nan"),
        (math.inf, 320, 192, 24, "not inf"),
        (1, 15, 192, 24, "width must be from 16 to 8192, not 15"),
        (1, 320, 8193, 24, "height must be from 16 to 8192, not 8193"),
        (1, 320, 192, 0, "fps must be from 1 to 240, not 0"),
    ],
)
def test_impossible_orders_are_refused(
    seconds: float, width: int, height: int, fps: int, message: str
):
    with pytest.raises(ValueError, match=message):
        render(PROMPT, seconds=seconds, width=width, height=height, fps=fps)


@pytest.mark.parametrize(
    ("width", "height", "fps", "level"),
    [
        (640, 360, 24, 30),
        (1280, 720, 24, 31),
        (1280, 720, 60, 32),
        (1920, 1080, 24, 40),
        (1920, 1080, 60, 42),
        (3840, 2160, 24, 51),
        (16, 8192, 24, 51),
        (7680, 4320, 24, 60),
        (8192, 8192, 24, 62),
    ],
)
def test_the_level_suits_the_size(width: int, height: int, fps: int, level: int):
    assert h264.choose_level(h264.PictureSize(width, height), fps) == level
    assert h264.write_sps(h264.PictureSize(width, height), fps)[3] == level


@given(st.integers(16, 8192), st.integers(16, 8192), st.integers(1, 12), st.integers(1, 50))
@settings(deadline=None)
def test_the_bar_paints_its_place_once(width: int, height: int, scale: int, last: int):
    size = h264.PictureSize(width, height)
    scale = min(scale, height // 16)
    parts = [_draw_bar(size, scale, number, last) for number in range(1, last + 1)]
    rows = -(-scale // 2)
    first = (height // 16 - rows) * size.columns
    assert sorted(address for part in parts for address in part) == list(
        range(first, first + rows * size.columns)
    )


def test_every_printable_character_has_a_drawing_of_its_own():
    drawings = [glyphs.find_glyph(chr(code)) for code in range(32, 127)]
    hollow_box = glyphs.find_glyph("你")
    assert len({*drawings, hollow_box}) == 96
    for drawing in drawings:
        assert [len(row) for row in drawing] == [glyphs.WIDTH] * glyphs.HEIGHT
    assert not any(map(any, drawings[0]))

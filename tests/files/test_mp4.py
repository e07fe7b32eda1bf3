"""What an MP4 file says about itself: length, size and sound; what is no whole MP4 is refused."""

import contextlib
import io
import struct
import subprocess
import tracemalloc
from pathlib import Path

import imageio_ffmpeg
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from anyvideo.files.mp4 import Mp4Error, read
from anyvideo.sandbox.film.mp4_writer import box, full_box, u32
from anyvideo.sandbox.film.render import render
from anyvideo.tasks.task import Facts

FILM = render("fox", seconds=0.5, width=64, height=48)
FILM_FACTS = Facts(seconds=0.5, width=64, height=48, fps=24.0, has_audio=False)

FTYP = box(b"ftyp", b"isom", u32(0))
MDAT = box(b"mdat", b"....")
UPRIGHT = (1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)
QUARTER_TURN = (0, 1 << 16, 0, (1 << 32) - (1 << 16), 0, 0, 0, 0, 1 << 30)
UNKNOWN = 2**32 - 1

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()


def mvhd(timescale: int = 1000, ticks: int = 2000) -> bytes:
    return full_box(b"mvhd", 0, u32(0, 0, timescale, ticks), bytes(80))


def tkhd(number: int = 1, width: int = 640, height: int = 360, matrix: tuple[int, ...] = UPRIGHT):
    size = u32(width << 16, height << 16)
    return full_box(b"tkhd", 3, u32(0, 0, number, 0, 0), bytes(16), u32(*matrix), size)


def mdhd(timescale: int = 500, ticks: int = 1000) -> bytes:
    return full_box(b"mdhd", 0, u32(0, 0, timescale, ticks), bytes(4))


def hdlr(kind: bytes) -> bytes:
    return full_box(b"hdlr", 0, u32(0), kind, bytes(13))


def stsz(count: int) -> bytes:
    return full_box(b"stsz", 0, u32(0, count))


def trak(*, header: bytes = b"", clock: bytes = b"", kind: bytes = b"vide", sizes: bytes = b""):
    stbl = box(b"stbl", sizes or stsz(50))
    mdia = box(b"mdia", clock or mdhd(), hdlr(kind), box(b"minf", hdlr(b"alis"), stbl))
    return box(b"trak", header or tkhd(), mdia)


def movie(*content: bytes) -> bytes:
    return FTYP + box(b"moov", *content) + MDAT


def facts_of(data: bytes) -> Facts:
    return read(io.BytesIO(data))


def refusal_of(data: bytes) -> str:
    with pytest.raises(Mp4Error) as caught:
        facts_of(data)
    message = str(caught.value)
    assert message.isprintable()
    return message


def test_path_name_and_open_file_read_alike(tmp_path: Path):
    path = tmp_path / "film.mp4"
    path.write_bytes(FILM)
    with path.open("rb") as file:
        assert read(path) == read(str(path)) == read(file) == FILM_FACTS


def test_gigabytes_of_media_are_stepped_over(tmp_path: Path):
    path = tmp_path / "long.mp4"
    content = 5 * 2**30
    with path.open("wb") as file:
        file.write(FTYP + u32(1) + b"mdat" + struct.pack(">Q", 16 + content))
        file.seek(content, io.SEEK_CUR)
        file.write(box(b"moov", mvhd(), trak()))
    tracemalloc.start()
    try:
        assert read(path) == Facts(seconds=2.0, width=640, height=360, fps=25.0, has_audio=False)
        assert tracemalloc.get_traced_memory()[1] < 200_000
    finally:
        tracemalloc.stop()


def test_the_last_box_may_leave_its_size_open():
    assert facts_of(movie(mvhd(), trak()) + u32(0) + b"free....").seconds == 2.0


def test_headers_with_64_bit_times():
    long_mvhd = box(b"mvhd", b"\1\0\0\0", bytes(16), struct.pack(">IQ", 10, 2**33))
    long_mdhd = box(b"mdhd", b"\1\0\0\0", bytes(16), struct.pack(">IQ", 500, 1000))
    matrix_and_size = u32(*QUARTER_TURN, 640 << 16, 360 << 16)
    long_tkhd = box(b"tkhd", b"\1\0\0\3", bytes(16), u32(1), bytes(28), matrix_and_size)
    assert facts_of(movie(long_mvhd, trak(header=long_tkhd, clock=long_mdhd))) == Facts(
        seconds=2**33 / 10, width=360, height=640, fps=25.0, has_audio=False
    )


@pytest.mark.parametrize("ticks", [0, UNKNOWN])
def test_the_track_tells_the_length_that_the_movie_does_not(ticks: int):
    assert facts_of(movie(mvhd(ticks=ticks), trak(clock=mdhd(90, 360)))).seconds == 4.0


@pytest.mark.parametrize(
    ("width", "height", "matrix", "shown"),
    [
        (640, 360, UPRIGHT, (640, 360)),
        (640, 360, QUARTER_TURN, (360, 640)),
        (640, 360, (0,) * 9, (640, 360)),
        (0, 0, UPRIGHT, (None, None)),
    ],
)
def test_the_size_is_as_displayed(
    width: int, height: int, matrix: tuple[int, ...], shown: tuple[int | None, int | None]
):
    facts = facts_of(movie(mvhd(), trak(header=tkhd(1, width, height, matrix))))
    assert (facts.width, facts.height) == shown


@pytest.mark.parametrize(
    ("tracks", "has_audio"),
    [
        ([trak(kind=b"soun"), trak()], True),
        ([trak(), trak(kind=b"text")], False),
        ([trak(), box(b"trak")], None),
        ([box(b"trak"), trak(kind=b"soun")], True),
        ([], False),
    ],
)
def test_sound_is_heard_of_when_every_track_says_what_it_is(
    tracks: list[bytes], has_audio: bool | None
):
    assert facts_of(movie(mvhd(), *tracks)).has_audio is has_audio


def test_the_compact_table_of_sizes_counts_too():
    assert facts_of(movie(mvhd(), trak(sizes=full_box(b"stz2", 0, u32(4, 100))))).fps == 50.0


def test_what_the_file_does_not_say_is_none():
    assert facts_of(movie()) == Facts(None, None, None, None, has_audio=False)
    empty = box(b"trak", box(b"mdia", hdlr(b"vide")))
    assert facts_of(movie(empty)) == Facts(None, None, None, None, has_audio=False)


def moof(number: int, *runs: bytes, flags: int = 0, fields: bytes = b"") -> bytes:
    traf = box(b"traf", full_box(b"tfhd", flags, u32(number), fields), *runs)
    return box(b"moof", box(b"mfhd", u32(0, 1)), traf) + MDAT


def fragmented(*fragments: bytes, mehd: bytes = b"") -> bytes:
    defaults = [full_box(b"trex", 0, u32(number, 1, 10 * number, 0, 0)) for number in (1, 2)]
    track = trak(header=tkhd(2), clock=mdhd(1000, 0), sizes=stsz(0))
    start = FTYP + box(b"moov", mvhd(1000, 0), track, box(b"mvex", mehd, *defaults))
    return start + b"".join(fragments) + MDAT


def test_fragments_add_up():
    facts = facts_of(
        fragmented(
            moof(2, full_box(b"trun", 0, u32(5))),  # 5 samples of the track's default, 20
            moof(1, full_box(b"trun", 0, u32(1000))),  # another track's
            moof(2, full_box(b"trun", 0, u32(3)), flags=0x8, fields=u32(100)),
            moof(2, full_box(b"trun", 0, u32(2)), flags=0xB, fields=bytes(12) + u32(50)),
            moof(2, full_box(b"trun", 0x705, u32(2, 0, 0), u32(30, 7, 7, 70, 7, 7))),
            box(b"moof", box(b"traf", full_box(b"trun", 0, u32(9)))),  # nobody's
        )
    )
    assert facts.seconds == (5 * 20 + 3 * 100 + 2 * 50 + 30 + 70) / 1000
    assert facts.fps == pytest.approx(12 / 0.6)


def test_a_long_run_is_added_up_piece_by_piece():
    count = 10_001
    data = fragmented(moof(2, full_box(b"trun", 0x300, u32(count), u32(40, 9) * count)))
    assert facts_of(data).seconds == count * 40 / 1000
    assert facts_of(data).fps == 25.0


@pytest.mark.parametrize(
    "mehd",
    [full_box(b"mehd", 0, u32(7000)), box(b"mehd", b"\1\0\0\0", struct.pack(">Q", 7000))],
    ids=["32 bits", "64 bits"],
)
def test_the_stated_length_of_all_fragments_wins(mehd: bytes):
    assert facts_of(fragmented(mehd=mehd)).seconds == 7.0


def test_fragments_without_a_word_about_time_are_none():
    assert facts_of(fragmented()).seconds is None
    no_video = FTYP + box(b"moov", mvhd(1000, 0), box(b"mvex")) + MDAT
    assert facts_of(no_video).seconds is None


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the file is too short"),
        (b"<!DOCTYPE html><html></html>", "no MP4 file: it begins with box 'CTYP'"),
        (b'{"error": {"code": 500}}', "no MP4 file"),
        (b"\0\0\0\x0a\n\n\x85\xff", "no MP4 file: it begins with box '\\n\\n\\x85ÿ'"),
        (FTYP, "the file has no box 'moov'"),
        (FTYP + MDAT, "the file has no box 'moov'"),
        (FTYP + box(b"moov"), "the file has no box 'mdat'"),
        (FILM[:-1], "box 'mdat' runs 1 bytes past the end of the file"),
        (FILM + b"\0", "the file is too short"),
        (FTYP + u32(7) + b"moov", "box 'moov' has an impossible size"),
        (FTYP + u32(1) + b"mdat" + struct.pack(">Q", 15), "box 'mdat' has an impossible size"),
        (FTYP + u32(1) + b"mdat" + struct.pack(">Q", 2**64 - 1), "past the end of the file"),
        (FTYP + u32(1) + b"mdat", "the file is too short"),
        (movie(u32(100) + b"trak"), "box 'trak' runs 92 bytes past the end of box 'moov'"),
        (movie(box(b"mvhd", bytes(19))), "box 'mvhd' is too short"),
        (movie(box(b"trak", box(b"tkhd", bytes(80)))), "box 'tkhd' is too short"),
        (fragmented(moof(2, full_box(b"trun", 0x100, u32(UNKNOWN)))), "box 'trun' is too short"),
        (box(b"free") * 100_001, "more than 100000 boxes"),
    ],
)
def test_what_is_no_whole_mp4_file_is_refused(data: bytes, message: str):
    assert message in refusal_of(data)


def test_every_beginning_of_a_film_is_refused():
    for size in range(len(FILM)):
        refusal_of(FILM[:size])


def test_a_file_that_shrinks_while_it_is_read_is_refused():
    class Shrinking(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(size)[:-1]

    with pytest.raises(Mp4Error, match="too short"):
        read(Shrinking(FILM))


kinds = st.sampled_from(
    b"ftyp moov mdat mvhd trak tkhd mdia mdhd hdlr minf stbl stsz mvex mehd trex moof traf tfhd "
    b"trun free".split()
)
trees = st.recursive(
    st.builds(box, kinds, st.binary(max_size=120)),
    lambda inner: st.builds(box, kinds, st.lists(inner, max_size=5).map(b"".join)),
    max_leaves=30,
)


@given(st.lists(trees).map(b"".join) | st.binary())
@example(fragmented(moof(0, full_box(b"trun", 0, u32(UNKNOWN)), flags=8, fields=u32(UNKNOWN))))
@settings(deadline=None)
def test_any_bytes_end_in_facts_or_an_mp4_error(data: bytes):
    read_or_refuse(data)
    read_or_refuse(FTYP + data + MDAT)
    read_or_refuse(movie(data))


@given(
    st.sampled_from([FILM, fragmented(moof(2, full_box(b"trun", 0, u32(5))))]),
    st.lists(st.tuples(st.integers(0, 1000), st.binary(min_size=1, max_size=8)), max_size=5),
    st.integers(0, 2000),
)
@settings(max_examples=300, deadline=None)
def test_a_damaged_film_ends_in_facts_or_an_mp4_error(
    data: bytes, damage: list[tuple[int, bytes]], size: int
):
    damaged = bytearray(data)
    for position, content in damage:
        damaged[position : position + len(content)] = content
    read_or_refuse(bytes(damaged))
    read_or_refuse(bytes(damaged[:size]))


def read_or_refuse(data: bytes) -> None:
    with contextlib.suppress(Mp4Error):
        assert isinstance(facts_of(data), Facts)


@pytest.mark.parametrize("flags", ["+faststart", "frag_keyframe+empty_moov"])
def test_what_others_write_is_read(tmp_path: Path, flags: str):
    path = tmp_path / "other.mp4"
    command = [FFMPEG, "-v", "error", "-f", "lavfi", "-i", "testsrc=s=320x180:r=30:d=2"]
    command += ["-f", "lavfi", "-i", "sine=d=2", "-c:v", "mpeg4", "-c:a", "aac", "-shortest"]
    subprocess.run([*command, "-movflags", flags, str(path)], check=True)
    facts = read(path)
    assert facts.seconds == pytest.approx(2, abs=0.05)
    assert (facts.width, facts.height, facts.has_audio) == (320, 180, True)
    assert facts.fps == pytest.approx(30, abs=0.5)  # some last frames of fragments are longer

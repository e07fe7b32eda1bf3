"""An MP4 file of one H.264 track, ready to play while it loads: `ftyp`, `moov`, then `mdat`.

The boxes are those of ISO/IEC 14496-12, whose clauses the docstrings cite; `avcC` is from
14496-15. Every box is of version 0, which counts time in 32 bits.
"""

import struct
from collections.abc import Sequence

from attrs import frozen

_TICKS = 1000  # a frame's duration in the file's time scale of fps * 1000 ticks a second
_ONE = 1 << 16  # 1.0 as a 16.16 fixed-point number
_IDENTITY = (_ONE, 0, 0, 0, _ONE, 0, 0, 0, 1 << 30)  # 8.2.2: the last column is 2.30
_TRACK_ID = 1


@frozen
class Track:
    """What describes the pictures: their size, their rate, and the parameter sets (NAL units)."""

    width: int
    height: int
    fps: int
    sps: bytes
    pps: bytes


def write_mp4(track: Track, pictures: Sequence[bytes]) -> bytes:
    """Return the file; `pictures` are NAL units, one each, of which only the first is a key frame."""
    samples = [u32(len(picture)) + picture for picture in pictures]
    sizes = [len(sample) for sample in samples]
    ftyp = box(b"ftyp", b"isom", u32(0x200), b"isom", b"iso2", b"avc1", b"mp41")
    # Where the samples begin depends on the length of moov, which does not depend on the value.
    offset = len(ftyp) + len(_moov(track, sizes, 0)) + len(box(b"mdat"))
    return ftyp + _moov(track, sizes, offset) + box(b"mdat", *samples)


def box(kind: bytes, *parts: bytes) -> bytes:
    """Return a box (4.2) with the parts one after another as its content."""
    content = b"".join(parts)
    return u32(8 + len(content)) + kind + content


def full_box(kind: bytes, flags: int, *parts: bytes) -> bytes:
    """Return a box of version 0 with 24 flags (4.2)."""
    return box(kind, u32(flags), *parts)


def u16(*values: int) -> bytes:
    """Return the values as 16-bit unsigned big-endian numbers."""
    return struct.pack(f">{len(values)}H", *values)


def u32(*values: int) -> bytes:
    """Return the values as 32-bit unsigned big-endian numbers."""
    return struct.pack(f">{len(values)}I", *values)


def _moov(track: Track, sizes: Sequence[int], offset: int) -> bytes:
    timing = u32(track.fps * _TICKS, len(sizes) * _TICKS)
    return box(
        b"moov",
        _mvhd(timing),
        box(
            b"trak",
            _tkhd(track, len(sizes)),
            box(b"mdia", _mdhd(timing), _hdlr(), _minf(track, sizes, offset)),
        ),
    )


def _mvhd(timing: bytes) -> bytes:
    """Return the movie header (8.2.2): rate 1.0, volume 1.0."""
    return full_box(
        b"mvhd",
        0,
        u32(0, 0),  # creation and modification time: none, so equal orders give equal files
        timing,
        u32(_ONE),
        u16(0x100),
        bytes(10),
        u32(*_IDENTITY),
        bytes(24),
        u32(_TRACK_ID + 1),
    )


def _tkhd(track: Track, count: int) -> bytes:
    """Return the track header (8.3.2), flagged as enabled and in the movie."""
    return full_box(
        b"tkhd",
        0b11,
        u32(0, 0, _TRACK_ID, 0, count * _TICKS),
        bytes(8),
        u16(0, 0, 0, 0),  # layer, alternate group, volume
        u32(*_IDENTITY),
        u32(track.width << 16, track.height << 16),
    )


def _mdhd(timing: bytes) -> bytes:
    """Return the media header (8.4.2)."""
    undetermined = 0x55C4  # "und", five bits a letter
    return full_box(b"mdhd", 0, u32(0, 0), timing, u16(undetermined, 0))


def _hdlr() -> bytes:
    """Return the handler (8.4.3): this is video."""
    return full_box(b"hdlr", 0, u32(0), b"vide", bytes(12), b"VideoHandler\0")


def _minf(track: Track, sizes: Sequence[int], offset: int) -> bytes:
    """Return the media information (8.4.4): the samples lie in this file (8.7.2, `url ` flag 1)."""
    here = full_box(b"dref", 0, u32(1), full_box(b"url ", 1))
    return box(
        b"minf",
        full_box(b"vmhd", 1, bytes(8)),
        box(b"dinf", here),
        _stbl(track, sizes, offset),
    )


def _stbl(track: Track, sizes: Sequence[int], offset: int) -> bytes:
    """Return the sample table (8.5.1): one chunk that holds every sample."""
    count = len(sizes)
    return box(
        b"stbl",
        full_box(b"stsd", 0, u32(1), _avc1(track)),
        full_box(b"stts", 0, u32(1, count, _TICKS)),
        full_box(b"stss", 0, u32(1, 1)),
        full_box(b"stsc", 0, u32(1, 1, count, 1)),
        full_box(b"stsz", 0, u32(0, count, *sizes)),
        full_box(b"stco", 0, u32(1, offset)),
    )


def _avc1(track: Track) -> bytes:
    """Return the visual sample entry (12.1.3): 72 dpi, 24 bits deep, no colour table."""
    return box(
        b"avc1",
        bytes(6),
        u16(1),  # data_reference_index
        bytes(16),
        u16(track.width, track.height),
        u32(72 * _ONE, 72 * _ONE),
        bytes(4),
        u16(1),
        bytes(32),
        u16(24, 0xFFFF),
        _avcc(track),
    )


def _avcc(track: Track) -> bytes:
    """Return the decoder configuration (14496-15, 5.3.3.1): 4-byte NAL lengths, an SPS, a PPS."""
    profile_and_level = track.sps[1:4]
    return box(
        b"avcC",
        b"\x01" + profile_and_level + b"\xff\xe1",
        u16(len(track.sps)) + track.sps,
        b"\x01",
        u16(len(track.pps)) + track.pps,
    )

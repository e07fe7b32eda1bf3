"""Read what an MP4 file says about itself: its length, size, frame rate, and whether it has sound.

Only the headers of the boxes and a few of their fields are read, by seeking, so memory stays
constant however large the file is. The file may come from anywhere: whatever bytes it holds, the
outcome is `Facts` or an `Mp4Error`. The boxes are those of ISO/IEC 14496-12, whose clauses the
comments cite.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from attrs import define, evolve, frozen

from anyvideo.tasks.task import Facts

# What the first box may be: 14496-12 since 2004 says `ftyp`, QuickTime and fragments differ.
_BEGINNINGS = frozenset(
    (b"ftyp", b"styp", b"moov", b"mdat", b"moof", b"sidx", b"free", b"skip", b"wide", b"pnot")
)
_CONTAINERS = frozenset((b"mdia", b"minf", b"stbl", b"mvex"))
_MOST_BOXES = 100_000
_RUN_CHUNK = 4096


class Mp4Error(ValueError):
    """The bytes are no MP4 file, or not the whole of one; the message is one line."""


@frozen
class _Box:
    """Where the content of a box lies in the file; the file itself is a box without a kind."""

    kind: bytes
    start: int
    end: int

    def __str__(self) -> str:
        """Name it as messages do."""
        return f"box {self.kind.decode('latin-1')!r}" if self.kind else "the file"


@frozen
class _Track:
    """A track; `ticks` is its length in units of 1/`timescale` s, and 0 means not stated."""

    id: int
    handler: bytes
    width: int
    height: int
    timescale: int
    ticks: int
    samples: int


_NO_TRACK = _Track(id=0, handler=b"", width=0, height=0, timescale=0, ticks=0, samples=0)


@define
class _Reader:
    """Finds boxes and reads numbers in them; gives up on a file of too many boxes."""

    _file: BinaryIO
    _boxes_left: int = _MOST_BOXES

    def walk(self, parent: _Box) -> Iterator[_Box]:
        """Yield the boxes right inside another; raise `Mp4Error` where one sticks out of it."""
        position = parent.start
        while position < parent.end:
            box = self._locate(position, parent)
            yield box
            position = box.end

    def find(self, parent: _Box) -> dict[bytes, _Box]:
        """Return the first box of each kind in a `trak` or `moov`, at whatever depth it belongs."""
        found: dict[bytes, _Box] = {}
        pending = [parent]
        while pending:
            for box in self.walk(pending.pop()):
                found.setdefault(box.kind, box)
                if box.kind in _CONTAINERS:
                    pending.append(box)
        return found

    def unpack(self, box: _Box, layout: str, offset: int = 0) -> tuple[int, ...]:
        """Return the big-endian numbers at `offset` in a box, as `struct` describes them."""
        return struct.unpack(f">{layout}", self.read(box, offset, struct.calcsize(f">{layout}")))

    def read(self, box: _Box, offset: int, size: int) -> bytes:
        """Return `size` bytes of a box; raise `Mp4Error` when it has not as many."""
        data = b""
        if box.start + offset + size <= box.end:
            self._file.seek(box.start + offset)
            data = self._file.read(size)
        if len(data) < size:
            message = f"truncated: {box} is too short for what it should hold"
            raise Mp4Error(message)
        return data

    def _locate(self, position: int, parent: _Box) -> _Box:
        """Read the header (4.2) of the box at this position of the file."""
        self._boxes_left -= 1
        if self._boxes_left < 0:
            message = f"damaged: more than {_MOST_BOXES} boxes"
            raise Mp4Error(message)
        header = _Box(parent.kind, position, parent.end)
        start = position + 8
        size, kind = struct.unpack(">I4s", self.read(header, 0, 8))
        if size == 1:
            (size,) = self.unpack(header, "Q", 8)
            start += 8
        box = _Box(kind, start, position + size if size else parent.end)
        if not box.start <= box.end <= parent.end:
            excess = box.end - parent.end
            message = f"truncated: {box} runs {excess} bytes past the end of {parent}"
            raise Mp4Error(message if excess > 0 else f"damaged: {box} has an impossible size")
        return box


def read(source: str | os.PathLike[str] | BinaryIO) -> Facts:
    """Return what an MP4 file says about itself, from its path or from the open file.

    An open file must be seekable; it is left wherever the reading ended.
    Raises `Mp4Error` when it is no MP4 file, is truncated, or has no `moov` or `mdat` box; and
    `OSError` as opening and reading do.
    """
    if isinstance(source, str | os.PathLike):
        with Path(source).open("rb") as file:
            return read(file)
    return _read_facts(source)


def _read_facts(file: BinaryIO) -> Facts:
    whole = _Box(b"", 0, file.seek(0, os.SEEK_END))
    reader = _Reader(file)
    movie = _find_movie(reader, whole)
    boxes = reader.find(movie)
    timescale, ticks = _read_clock(reader, boxes.get(b"mvhd"))
    tracks = [_read_track(reader, box) for box in reader.walk(movie) if box.kind == b"trak"]
    handlers = [track.handler for track in tracks]
    video = next((track for track in tracks if track.handler == b"vide"), _NO_TRACK)
    if b"mvex" in boxes:  # then the movie goes on in fragments, which mvhd does not count
        video = _add_fragments(reader, whole, boxes[b"mvex"], video)
        ticks = _read_whole_length(reader, boxes.get(b"mehd"))
    return Facts(
        seconds=_divide(ticks, timescale) or _divide(video.ticks, video.timescale),
        width=video.width or None,
        height=video.height or None,
        fps=_divide(video.samples * video.timescale, video.ticks),
        has_audio=True if b"soun" in handlers else None if b"" in handlers else False,
    )


def _find_movie(reader: _Reader, whole: _Box) -> _Box:
    """Return the `moov` box, once every box of the file is known to be there in full."""
    beginning = reader.read(whole, 4, 4)
    if beginning not in _BEGINNINGS:
        message = f"no MP4 file: it begins with {_Box(beginning, 0, 0)}"
        raise Mp4Error(message)
    found: dict[bytes, _Box] = {}
    for box in reader.walk(whole):
        if box.kind in (b"moov", b"mdat"):
            found.setdefault(box.kind, box)
    for kind in (b"moov", b"mdat"):
        if kind not in found:
            message = f"truncated: the file has no {_Box(kind, 0, 0)}"
            raise Mp4Error(message)
    return found[b"moov"]


def _read_track(reader: _Reader, trak: _Box) -> _Track:
    boxes = reader.find(trak)
    timescale, ticks = _read_clock(reader, boxes.get(b"mdhd"))
    number, width, height = _read_track_header(reader, boxes.get(b"tkhd"))
    sizes = boxes.get(b"stsz") or boxes.get(b"stz2")  # 8.7.3: both count the samples in one place
    handler = boxes.get(b"hdlr")
    return _Track(
        id=number,
        handler=reader.read(handler, 8, 4) if handler else b"",
        width=width,
        height=height,
        timescale=timescale,
        ticks=ticks,
        samples=reader.unpack(sizes, "I", 8)[0] if sizes else 0,
    )


def _read_clock(reader: _Reader, header: _Box | None) -> tuple[int, int]:
    """Return the time scale and length in `mvhd` (8.2.2) or `mdhd` (8.4.2), 0 if not stated."""
    if header is None:
        return 0, 0
    long = _is_long(reader, header)
    timescale, ticks = reader.unpack(header, "IQ", 20) if long else reader.unpack(header, "II", 12)
    unknown = 2**64 - 1 if long else 2**32 - 1
    return timescale, 0 if ticks == unknown else ticks


def _read_track_header(reader: _Reader, header: _Box | None) -> tuple[int, int, int]:
    """Return the id, width and height in `tkhd` (8.3.2), the size as the matrix turns it."""
    if header is None:
        return 0, 0, 0
    long = _is_long(reader, header)
    (number,) = reader.unpack(header, "I", 20 if long else 12)
    # The matrix is a b u, c d v, x y w; the size follows as two 16.16 fixed-point numbers.
    a, b, _, c, d, width, height = reader.unpack(header, "5i16x2I", 52 if long else 40)
    if a == d == 0 and b and c:
        width, height = height, width
    return number, (width + 0x8000) >> 16, (height + 0x8000) >> 16


def _read_whole_length(reader: _Reader, header: _Box | None) -> int:
    """Return the length in `mehd` (8.8.2), fragments included; 0 if not stated."""
    if header is None:
        return 0
    return reader.unpack(header, "Q" if _is_long(reader, header) else "I", 4)[0]


def _is_long(reader: _Reader, header: _Box) -> bool:
    """Whether a full box (4.2) is of version 1, which has times of 64 bits."""
    return reader.read(header, 0, 1) == b"\1"


def _add_fragments(reader: _Reader, whole: _Box, mvex: _Box, track: _Track) -> _Track:
    """Return the track with the samples of all fragments (8.8.4) added to its own."""
    default = 0
    for trex in reader.walk(mvex):
        if trex.kind == b"trex" and reader.unpack(trex, "I", 4) == (track.id,):
            (default,) = reader.unpack(trex, "I", 12)
    samples, ticks = track.samples, track.ticks
    for moof in reader.walk(whole):
        for traf in reader.walk(moof) if moof.kind == b"moof" else ():
            if traf.kind == b"traf":
                count, length = _read_fragment(reader, traf, track.id, default)
                samples, ticks = samples + count, ticks + length
    return evolve(track, samples=samples, ticks=ticks)


def _read_fragment(reader: _Reader, traf: _Box, track: int, default: int) -> tuple[int, int]:
    """Return the number of samples and their length in a `traf`, if it belongs to the track."""
    header = reader.find(traf).get(b"tfhd")
    if header is None or reader.unpack(header, "I", 4) != (track,):
        return 0, 0
    (flags,) = reader.unpack(header, "I")
    if flags & 0x8:  # 8.8.7: default-sample-duration, after the base offset and the description
        offset = 8 + 8 * bool(flags & 0x1) + 4 * bool(flags & 0x2)
        (default,) = reader.unpack(header, "I", offset)
    runs = [_read_run(reader, box, default) for box in reader.walk(traf) if box.kind == b"trun"]
    return sum(count for count, _ in runs), sum(length for _, length in runs)


def _read_run(reader: _Reader, trun: _Box, default: int) -> tuple[int, int]:
    """Return the number of samples and their length in a `trun` (8.8.8)."""
    flags, count = reader.unpack(trun, "2I")
    if not flags & 0x100:
        return count, count * default
    offset = 8 + 4 * bool(flags & 0x1) + 4 * bool(flags & 0x4)
    words = (flags & 0xF00).bit_count()  # a sample's fields, its duration first
    ticks = 0
    for first in range(0, count, _RUN_CHUNK):
        size = min(_RUN_CHUNK, count - first) * words
        ticks += sum(reader.unpack(trun, f"{size}I", offset + 4 * words * first)[::words])
    return count, ticks


def _divide(dividend: int, divisor: int) -> float | None:
    """Divide two numbers for which 0 means not stated."""
    return dividend / divisor if dividend and divisor else None

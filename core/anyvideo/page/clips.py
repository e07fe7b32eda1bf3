"""Where the page finds a clip: in the page itself, beside it, or not at all, which it says."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

from attrs import frozen

from anyvideo.files import mp4
from anyvideo.files.part_file import PartFile
from anyvideo.page.entry import PageEntry

# A page that is mailed or opened on a phone stays below this; in bytes, before base64.
MOST_EMBEDDED = 40_000_000
# Browsers open a page slowly that holds thousands of small ones.
_MOST_CLIPS = 200


@frozen
class Clip:
    """One clip of a page.

    Attributes:
        data: The bytes, where the page holds them.
        url: The address relative to the page, where it does not.
        problem: Why there is nothing to play.
    """

    data: bytes = b""
    url: str = ""
    problem: str = ""


def find_clips(entries: Iterable[PageEntry], folder: Path, room: int = MOST_EMBEDDED) -> list[Clip]:
    """Return the clip of each entry, for a page in a folder; the first that fit are embedded.

    `room` is how many bytes of clips the page holds.
    """
    clips: list[Clip] = []
    held = 0
    for entry in entries:
        clip = _find_clip(entry, folder, room if held < _MOST_CLIPS else 0)
        room -= len(clip.data)
        held += bool(clip.data)
        clips.append(clip)
    return clips


def _find_clip(entry: PageEntry, folder: Path, room: int) -> Clip:
    path = entry.clip
    if path is None:
        return Clip()
    try:
        return _read_clip(path, folder, room)
    except FileNotFoundError:
        problem = "half downloaded" if PartFile(path).path.exists() else "missing"
        return Clip(problem=f"{path.name} is {problem}")
    except mp4.Mp4Error as error:
        return Clip(problem=f"{path.name} is no whole MP4 file: {error}")
    except OSError as error:
        return Clip(problem=f"{path.name} cannot be read: {error.strerror}")


def _read_clip(path: Path, folder: Path, room: int) -> Clip:
    size = path.stat().st_size
    if not size:
        return Clip(problem=f"{path.name} is empty")
    if size > room:
        return Clip(url=_make_url(path, folder))
    mp4.read(path)
    return Clip(data=path.read_bytes())


def _make_url(path: Path, folder: Path) -> str:
    relative = Path(os.path.relpath(path.absolute(), folder.absolute())).as_posix()
    # A colon in the first part would be read as the end of a scheme.
    return f"./{quote(relative, errors='surrogateescape')}"

"""Sizes, aspect ratios and resolutions: three ways to say one thing."""

from __future__ import annotations

import re
from functools import lru_cache
from math import gcd

_SIZE = re.compile(r"([1-9]\d{1,4})x([1-9]\d{1,4})", re.ASCII)
_RATIO = re.compile(r"([1-9]\d{0,4}):([1-9]\d{0,4})", re.ASCII)
_RESOLUTION = re.compile(r"[1-9]\d{1,4}p", re.ASCII)
_NAMED = {"2k": "1440p", "4k": "2160p", "8k": "4320p"}
_USUAL = {"7:3": "21:9", "3:7": "9:21"}
_COMMON = ("16:9", "9:16", "1:1", "4:3", "3:4", "3:2", "2:3", "21:9", "9:21", "7:4", "4:7")
# 854x480 and 1366x768 are sold as 16:9, and 33:14 (1.02 % off) as 21:9; 1792x1024 (7:4, 1.6 % off
# 16:9) is not.
_TOLERANCE = 0.0125


@lru_cache(maxsize=256)
def parse_size(size: str) -> tuple[int, int]:
    """Return width and height in pixels of a text such as "1280x720".

    Raises:
        ValueError: the text is not two whole numbers with an x between them.
    """
    found = _SIZE.fullmatch(size)
    if found is None:
        message = f"size {size!r} is not WIDTHxHEIGHT in pixels, such as 1280x720"
        raise ValueError(message)
    return int(found[1]), int(found[2])


@lru_cache(maxsize=256)
def parse_ratio(aspect_ratio: str) -> float:
    """Return width over height of a text such as "16:9".

    Raises:
        ValueError: the text is not two whole numbers with a colon between them.
    """
    found = _RATIO.fullmatch(aspect_ratio)
    if found is None:
        message = f"aspect_ratio {aspect_ratio!r} is not WIDTH:HEIGHT, such as 16:9"
        raise ValueError(message)
    return int(found[1]) / int(found[2])


@lru_cache(maxsize=256)
def normalise_ratio(aspect_ratio: str) -> str:
    """Return the aspect ratio in its usual words: "1280:720" becomes "16:9", "7:3" "21:9".

    Raises:
        ValueError: the text is not two whole numbers with a colon between them.
    """
    parse_ratio(aspect_ratio)
    width, height = map(int, aspect_ratio.split(":"))
    divisor = gcd(width, height)
    reduced = f"{width // divisor}:{height // divisor}"
    return _USUAL.get(reduced, reduced)


@lru_cache(maxsize=256)
def normalise_resolution(resolution: str) -> str:
    """Return the resolution as its short side in lines: "720p"; "4K" becomes "2160p".

    Raises:
        ValueError: the text is neither.
    """
    word = resolution.lower()
    word = _NAMED.get(word, word)
    if _RESOLUTION.fullmatch(word) is None:
        message = f"resolution {resolution!r} is not lines such as 720p, nor 2k, 4k or 8k"
        raise ValueError(message)
    return word


def parse_lines(resolution: str) -> int:
    """Return the lines of a normalised resolution: 720 for "720p"."""
    return int(resolution[:-1])


@lru_cache(maxsize=256)
def formats_of(size: str) -> tuple[str, str]:
    """Return the aspect ratio and the resolution that a size implies."""
    width, height = parse_size(size)
    return name_ratio(width, height), f"{min(width, height)}p"


def name_ratio(width: int, height: int) -> str:
    """Return the aspect ratio of a picture in its usual words."""
    ratio = width / height
    for common in _COMMON:
        if matches(ratio, common):
            return common
    divisor = gcd(width, height)
    return f"{width // divisor}:{height // divisor}"


def reconcile(
    size: str | None, aspect_ratio: str | None, resolution: str | None
) -> tuple[str | None, str | None]:
    """Return the aspect ratio and the resolution in their usual words; a size sets both.

    Raises:
        ValueError: a text is no size, ratio or resolution, or they contradict each other.
    """
    ratio = aspect_ratio and normalise_ratio(aspect_ratio)
    lines = resolution and normalise_resolution(resolution)
    if size is None:
        return ratio, lines
    width, height = parse_size(size)
    implied = formats_of(size)
    if ratio is not None and not matches(width / height, ratio):
        message = f"size {size} is {implied[0]}, not {ratio}; drop one of the two"
        raise ValueError(message)
    if lines not in {None, implied[1]}:
        message = f"size {size} is {implied[1]}, not {lines}; drop one of the two"
        raise ValueError(message)
    return implied


def matches(ratio: float, aspect_ratio: str) -> bool:
    """Say whether a picture with this width over height is sold under that aspect ratio."""
    return abs(ratio / parse_ratio(aspect_ratio) - 1) < _TOLERANCE

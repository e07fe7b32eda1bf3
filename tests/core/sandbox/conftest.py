import ssl
import struct
import zlib
from collections.abc import Iterator

import httpx
import pytest

from anyvideo.sandbox import Sandbox, VirtualClock

START = 1_800_000_000.0
NO_TLS = ssl.create_default_context()  # made once: it takes longer than most tests


def draw(prompt: str, *, seconds: float, width: int, height: int) -> bytes:
    """A film that says what it is, so that a test can see what was ordered."""
    return f"{prompt}|{seconds:g}|{width}x{height}|".encode() * 1000


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(START)


@pytest.fixture
def sandbox(clock) -> Iterator[Sandbox]:
    with Sandbox(clock=clock, render=draw) as running:
        yield running


@pytest.fixture
def client(sandbox) -> Iterator[httpx.Client]:
    headers = {"authorization": "Bearer sk-1"}
    with httpx.Client(base_url=sandbox.url, headers=headers, timeout=10, verify=NO_TLS) as http:
        yield http


def make_png(width: int, height: int) -> bytes:
    """The smallest PNG of a size."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + check

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(bytes(height * (width + 1)))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


@pytest.fixture
def png():
    return make_png

"""A sandbox on a virtual clock, and an HTTP client that calls it: the fixtures of the wires' tests."""

import ssl
from collections.abc import Iterator

import httpx
import pytest

from anyvideo.sandbox import Sandbox, VirtualClock
from anyvideo.testing import draw_picture

START = 1_800_000_000.0
NO_TLS = ssl.create_default_context()  # made once: it takes longer than most tests


def draw(prompt: str, *, seconds: float, width: int, height: int) -> bytes:
    """A film that says what it is, so that a test can see what was ordered."""
    return f"{prompt}|{seconds:g}|{width}x{height}|".encode() * 1000


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(START)


@pytest.fixture
def sandbox(clock, sandbox_vendors) -> Iterator[Sandbox]:
    with Sandbox(vendors=sandbox_vendors, clock=clock, render=draw) as running:
        yield running


@pytest.fixture
def client(sandbox) -> Iterator[httpx.Client]:
    headers = {"authorization": "Bearer sk-1"}
    with httpx.Client(base_url=sandbox.url, headers=headers, timeout=10, verify=NO_TLS) as http:
        yield http


@pytest.fixture
def png():
    return draw_picture

"""Fixtures that pytest finds by itself wherever anyvideo is installed.

    def test_my_program(sandbox_client):
        task = sandbox_client.submit(VideoJob("a red fox"), "apiyi/grok-imagine-video-1.5")
        assert sandbox_client.wait(task).status == "succeeded"

Nothing of anyvideo is imported until a test asks for one of them.
"""
# ruff: noqa: PLC0415 (every run of pytest loads this module)

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from anyvideo.client.sync import Client
    from anyvideo.sandbox import Sandbox
    from anyvideo.testing.shared_clock import SharedClock


@pytest.fixture
def sandbox_clock() -> SharedClock:
    """Return the time of the sandbox and its client; it passes when the client waits, at once."""
    from anyvideo.testing.shared_clock import SharedClock

    return SharedClock()


@pytest.fixture
def sandbox(sandbox_clock: SharedClock) -> Iterator[Sandbox]:
    """Run a sandbox: a local server that speaks every vendor's wire, on a virtual clock."""
    from anyvideo.sandbox import Sandbox

    with Sandbox(clock=sandbox_clock) as running:
        yield running


@pytest.fixture
def sandbox_client(sandbox: Sandbox, sandbox_clock: SharedClock) -> Iterator[Client]:
    """Return a client of the sandbox: it needs no key, costs nothing and never waits."""
    from anyvideo.client.sync import Client

    with Client({}, sandbox=sandbox, journal=None, clock=sandbox_clock) as client:
        yield client

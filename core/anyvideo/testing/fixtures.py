"""Fixtures that pytest finds where anyvideo is installed.

    def test_my_program(sandbox_client):
        task = sandbox_client.submit(VideoJob("a red fox"), "apiyi/grok-imagine-video-1.5")
        assert sandbox_client.wait(task).status == "succeeded"

Nothing of anyvideo is imported until a test asks for one of them.
"""
# ruff: noqa: PLC0415 (every run of pytest loads this module)

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from anyvideo.client.sync import Client
    from anyvideo.sandbox import Sandbox, Vendor, VirtualClock


@pytest.fixture
def sandbox_clock() -> VirtualClock:
    """Return the clock of the sandbox and its client; time passes at once when the client waits."""
    from anyvideo.sandbox import VirtualClock

    return VirtualClock()


@pytest.fixture(scope="session")
def sandbox_vendors() -> Sequence[Vendor]:
    """Return the vendors of the sandbox: all that plugins bring; override it to serve others."""
    from anyvideo.sandbox.discovery import find_vendors

    return find_vendors()


@pytest.fixture
def sandbox(sandbox_clock: VirtualClock, sandbox_vendors: Sequence[Vendor]) -> Iterator[Sandbox]:
    """Run a sandbox: a local server that speaks the vendors' wires, on a virtual clock."""
    from anyvideo.sandbox import Sandbox

    with Sandbox(vendors=sandbox_vendors, clock=sandbox_clock) as running:
        yield running


@pytest.fixture
def sandbox_client(sandbox: Sandbox, sandbox_clock: VirtualClock) -> Iterator[Client]:
    """Return a client of the sandbox: it needs no key, costs nothing and waits for nothing."""
    from anyvideo.client.sync import Client

    with Client({}, sandbox=sandbox, journal=None, clock=sandbox_clock) as client:
        yield client

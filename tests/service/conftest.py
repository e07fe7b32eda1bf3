"""A service over a sandbox, whose time passes at once."""

import pytest

from anyvideo.sandbox import Sandbox, VirtualClock
from tests.service.stage import Opened


@pytest.fixture
def clock():
    return VirtualClock()


@pytest.fixture
def vendor(clock, sandbox_vendors):
    with Sandbox(vendors=sandbox_vendors, clock=clock) as running:
        yield running


@pytest.fixture
def opened(vendor, clock, tmp_path):
    return lambda **options: Opened(vendor, clock, tmp_path, **options)

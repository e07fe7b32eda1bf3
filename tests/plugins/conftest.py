"""The fixtures of the tests of vendors in the sandbox."""

from pathlib import Path

import pytest

from tests.plugins.wires import WIRES, Wire
from tests.sandbox.fixtures import client, clock, png, sandbox

__all__ = ["client", "clock", "png", "sandbox"]

HERE = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Run the kit of every vendor without counting lines: each vendor's own tests cover it."""
    for item in items:
        if item.path.name == "test_conformance.py" and item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.volume)


@pytest.fixture(params=list(WIRES))
def wire(request, client):
    return Wire(request.param, client)


@pytest.fixture
def apiyi(client):
    return Wire("apiyi", client)


@pytest.fixture
def apimart(client):
    return Wire("apimart", client)

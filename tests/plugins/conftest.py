"""The fixtures of the tests of vendors in the sandbox."""

import pytest

from tests.plugins.wires import WIRES, Wire
from tests.sandbox.fixtures import client, clock, png, sandbox

__all__ = ["client", "clock", "png", "sandbox"]


@pytest.fixture(params=list(WIRES))
def wire(request, client):
    return Wire(request.param, client)


@pytest.fixture
def apiyi(client):
    return Wire("apiyi", client)


@pytest.fixture
def apimart(client):
    return Wire("apimart", client)

"""A gateway in front of a sandbox, and OpenAI's SDK as its client."""

import httpx
import openai
import pytest

from anyvideo.sandbox import Sandbox, VirtualClock
from tests.gateway.running import Running
from tests.sandbox.fixtures import NO_TLS


@pytest.fixture(scope="module")
def world(sandbox_vendors, tmp_path_factory):
    """One gateway for the tests of a module, which look at their own jobs alone."""
    clock = VirtualClock()
    with (
        Sandbox(vendors=sandbox_vendors, clock=clock) as sandbox,
        Running(sandbox, clock, tmp_path_factory.mktemp("world")) as running,
    ):
        yield running


@pytest.fixture
def sandbox(gateway):
    return gateway.sandbox


@pytest.fixture
def gateway(world):
    """The gateway of the module, with a sandbox that behaves and remembers no request."""
    world.sandbox.misbehave()
    world.begun = len(world.sandbox.posts())
    return world


@pytest.fixture
def sdk(gateway):
    """The SDK as it is by default: a request is made three times if the answer allows it."""
    with openai.OpenAI(api_key="any", base_url=f"{gateway.url}/v1") as client:
        yield client


@pytest.fixture
def http(gateway):
    with httpx.Client(base_url=f"{gateway.url}/v1", timeout=20, verify=NO_TLS) as client:
        yield client

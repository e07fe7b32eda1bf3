"""The fixtures and hooks with which a test plays a cassette, or records it."""

import os
from pathlib import Path

import httpx
import pytest

from anyvideo.adapters.registry import load_registry
from anyvideo.session.clock import SystemClock
from anyvideo.testing.clock import VirtualClock
from tests.cassettes.recording import (
    check_mode,
    find_keys,
    plan_recording,
    put_back,
    skip_unrecordable,
)
from tests.cassettes.scenario import FOLDER, KEYS, open_client
from tests.cassettes.storage import MATCH_ON, Mask, match_request

__all__ = [
    "certificates",
    "client",
    "default_cassette_name",
    "plugins",
    "pytest_collection_modifyitems",
    "pytest_recording_configure",
    "pytest_runtest_makereport",
    "recording",
    "vcr_cassette_dir",
    "vcr_config",
]

FAILED = pytest.StashKey[bool]()


def pytest_collection_modifyitems(config, items):
    if check_mode(config.getoption("--record-mode"), os.environ):
        skip_unrecordable(items, os.environ)


def pytest_recording_configure(config, vcr):
    vcr.register_matcher("whole_request", match_request)


@pytest.fixture(scope="session")
def recording(record_mode):
    """Whether answers come from the vendors and not from the cassettes."""
    return record_mode == "rewrite"


@pytest.fixture(scope="module")
def vcr_cassette_dir():
    return str(FOLDER)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    report = yield
    item.stash[FAILED] = report.failed or item.stash.get(FAILED, False)
    return report


@pytest.fixture
def default_cassette_name(request, scenario, recording, vcr_cassette_dir):
    """The name of the cassette, which is put back where a recording of it fails."""
    path = Path(vcr_cassette_dir) / f"{scenario.title}.yaml"
    old = path.read_bytes() if recording and path.exists() else None
    yield scenario.title
    if old is not None and request.node.stash.get(FAILED, False):
        put_back(path, old)


@pytest.fixture
def vcr_config(request, recording):
    if "scenario" not in request.fixturenames:
        return {}  # pytest-recording asks for every test in the folder
    scenario = request.getfixturevalue("scenario")
    mask = Mask((*scenario.literal_keys, *(find_keys(os.environ) if recording else KEYS.values())))
    return {
        "match_on": MATCH_ON,
        "before_record_request": mask.keep_request,
        "before_record_response": mask.keep_response if recording else None,
    }


@pytest.fixture(scope="session")
def certificates():
    """What a client trusts; no cassette asks for it, and reading it takes longer than most of them."""
    return httpx.create_ssl_context()


@pytest.fixture(scope="session")
def plugins():
    """What is installed, which no scenario changes."""
    return load_registry()


@pytest.fixture(params=["sync", "async"])
def kind(request):
    """Run a test twice, once with each client."""
    return request.param


@pytest.fixture
def client(scenario, kind, recording, monkeypatch, certificates, plugins):
    """A client over the cassette, on a clock of its own, or over the network, on the system's."""
    if recording:
        options = plan_recording(scenario, os.environ)
        return open_client(scenario, kind, clock=SystemClock(), **options)
    monkeypatch.setattr(httpx, "create_ssl_context", lambda: certificates)
    for name, key in KEYS.items():
        monkeypatch.setenv(name, key)
    clock = VirtualClock(1_704_067_200.0)
    return open_client(scenario, kind, clock=clock, journal=None, registry=plugins)

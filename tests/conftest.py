"""What holds for every test."""

import os
import signal

import pytest
from hypothesis import HealthCheck, settings

from tests.postgres import Postgres

# A shell that starts the tests in the background lets them ignore Ctrl-C, and the commands that they
# start would inherit that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# How long Hypothesis takes to make an input says nothing of our code: the first text of a new Python
# alone takes two seconds.
settings.register_profile("anyvideo", settings(), suppress_health_check=[HealthCheck.too_slow])
# For the other versions of Python: what is asked there is whether the code runs at all.
settings.register_profile("quick", settings.get_profile("anyvideo"), max_examples=10)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "anyvideo"))


def pytest_addoption(parser):
    parser.addoption(
        "--approve", action="store_true", help="Write the texts of tests/cli/situations."
    )


@pytest.fixture(scope="session")
def postgres():
    """A server of the machine's own, for all tests of one process."""
    with Postgres() as server:
        yield server


@pytest.fixture(params=["sync", "async"])
def kind(request):
    """Run a test twice: with `Client` and with `AsyncClient`, as `tests.acme.clients` opens them."""
    return request.param

"""What holds for every test."""

import signal

import pytest
from hypothesis import HealthCheck, settings

# A shell that starts the tests in the background lets them ignore Ctrl-C, and the commands that they
# start would inherit that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# How long Hypothesis takes to make an input says nothing of our code: the first text of a new Python
# alone takes two seconds.
settings.register_profile("anyvideo", settings(), suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("anyvideo")


@pytest.fixture(params=["sync", "async"])
def kind(request):
    """Run a test twice: with `Client` and with `AsyncClient`, as `tests.acme.clients` opens them."""
    return request.param

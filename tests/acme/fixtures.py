"""A file to download to, and a client of its own that does so: fixtures for `conftest.py` files."""

import pytest

from tests.acme.clients import Fetch


@pytest.fixture
def target(tmp_path):
    return tmp_path / "fox.mp4"


@pytest.fixture
def fetch(kind):
    return Fetch(kind)

"""Clips and entries to show, and a real browser to show them in."""

import shutil
from decimal import Decimal

import pytest

from anyvideo.page.entry import PageEntry
from anyvideo.testing import make_film

NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def films(tmp_path_factory):
    """A clip of 2 s and one of 3 s."""
    folder = tmp_path_factory.mktemp("films")
    for seconds in (2, 3):
        (folder / f"{seconds}.mp4").write_bytes(make_film(f"{seconds} s", seconds))
    return folder


@pytest.fixture
def entry(films):
    """Make an entry; by default a clip that was made."""

    def make(name="acme/fox-1", **given):
        known = {
            "provider": name.partition("/")[0], "family": "fox", "prompt": "a red fox",
            "asked": "2 s", "delivered": "2 s, 320x180", "quoted": Decimal("0.30"),
            "confidence": "exact", "seconds": 12.5, "state": "downloaded", "clip": films / "2.mp4",
        }  # fmt: skip
        return PageEntry(name=name, **known | given)

    return make


@pytest.fixture(scope="module")
def browser():
    """The Chromium of the system; without one these tests fail, as nothing else looks at the pages.

    It ends with its module: an event loop runs in this thread as long as it does.
    """
    from playwright.sync_api import sync_playwright

    program = next(filter(None, map(shutil.which, NAMES)), None)
    assert program is not None, "no Chromium was found; .ci/browser installs it"
    with sync_playwright() as playwright:
        # Tests may run as root in a container, where Chromium's own sandbox cannot start.
        running = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield running
        running.close()

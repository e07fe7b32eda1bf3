"""The kit passes a sound adapter, and catches every broken one with words for its author."""

import inspect
from importlib import import_module
from pathlib import Path

import pytest

from anyvideo.testing import Conformance, answer
from tests.acme.sound import Kit, Sound
from tests.acme.two_steps import InTwoSteps

CHECKS = sorted(name for name in vars(Conformance) if name.startswith("test_"))
FOLDER = Path(__file__).parent / "broken"
BROKEN = {
    name: cls
    for path in sorted(FOLDER.glob("*.py"))
    for name, cls in inspect.getmembers(import_module(f"tests.testing.broken.{path.stem}"))
    if inspect.isclass(cls) and issubclass(cls, Sound) and cls.says
}


class TestSound(Kit):
    """The adapter that the broken ones are made of passes."""


class TestSoundWithRecordedUploads(Kit):
    """What the vendor answers to an upload may be recorded as well."""

    uploaded = answer({"url": "https://cdn.acme.example/uploaded.png"})


class TestInTwoSteps(Kit):
    """A poll may take two requests, at URLs that only the vendor's answers name."""

    adapter = InTwoSteps()
    results = answer({"url": "https://cdn.acme.example/two-steps.mp4"})


class TestWithoutSource(Kit):
    """An adapter whose source cannot be read is not searched for imports."""

    adapter = type("Hidden", (Sound,), {"__module__": "builtins"})()


def test_a_vendor_without_any_status_word_is_asked_for_it():
    kit = type("TestWordless", (Kit,), {"running": answer(b"queued"), "words": {}})()

    with pytest.raises(AssertionError, match="no recorded answer holds a status word; name the"):
        kit.test_status_words()
    type("TestWordy", (Kit,), {"running": answer({"state": "queued"}), "words": {}})()


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_adapter_is_caught_by_name(name):
    adapter = BROKEN[name]()
    kit = type(f"Test{name}", (Kit,), {"adapter": adapter})()

    with pytest.raises(AssertionError) as caught:
        getattr(kit, adapter.caught_by)()

    shown = str(caught.value)
    assert shown.startswith(f"the adapter {adapter.name} is not right yet:\n  - ")
    assert adapter.says in shown


def test_every_check_catches_somebody():
    assert {cls.caught_by for cls in BROKEN.values()} == set(CHECKS)


def test_what_is_missing_is_said():
    kit = type("TestNothing", (Conformance,), {"adapter": Sound(), "accepted": answer({})})()

    with pytest.raises(AssertionError, match=r"TestNothing needs running, succeeded, failed; see"):
        kit.test_form()

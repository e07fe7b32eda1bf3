"""The search for imports covers an adapter's package, and leaves out the wire of its sandbox."""

import importlib
import sys

import pytest

from tests.acme.sound import Kit

PACKAGE = {
    "__init__": """
from searched.adapter import Acme

def anyvideo_adapters():
    from . import extras
    return [Acme()]

def anyvideo_sandbox():
    from searched.sandbox import VENDOR
    return [VENDOR]
""",
    "adapter": """
from searched import words
from tests.acme.sound import Sound

class Acme(Sound):
    pass
""",
    "words": "",
    "extras": "",
    "sandbox": "\nVENDOR = None",
}


@pytest.fixture
def check(tmp_path, monkeypatch):
    """Hold an adapter in a package of its own to the kit, with one more import in one module."""
    monkeypatch.syspath_prepend(tmp_path)
    folder = tmp_path / "searched"
    folder.mkdir()

    def run(faulty):
        for name, source in PACKAGE.items():
            first = "import time" if name == faulty else ""
            (folder / f"{name}.py").write_text(first + source, "utf-8")
        for name in PACKAGE:
            importlib.import_module(f"searched.{name}".removesuffix(".__init__"))
        adapter = sys.modules["searched.adapter"].Acme()
        type("TestSearched", (Kit,), {"adapter": adapter})().test_imports()

    yield run
    for name in [name for name in sys.modules if name.partition(".")[0] == "searched"]:
        del sys.modules[name]


@pytest.mark.parametrize("name", ["__init__", "adapter", "words", "extras"])
def test_every_module_that_an_adapter_needs_is_searched(check, name):
    with pytest.raises(AssertionError, match=rf"- {name}\.py:1 imports time; yield a Request"):
        check(name)


def test_the_wire_is_not_a_part_of_the_adapter(check):
    check("sandbox")

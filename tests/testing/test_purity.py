"""The search for imports covers an adapter's package, and leaves out the wire of its sandbox."""

import ast

from anyvideo.testing.checks.purity import _list_imports

PLUGIN = """
from acme.adapter import Acme
import acme.words

def anyvideo_adapters():
    from . import extras
    return [Acme()]

def anyvideo_sandbox():
    from acme.sandbox import VENDOR
    return [VENDOR]
"""


def test_the_wire_is_not_a_part_of_the_adapter():
    found = set(_list_imports(ast.parse(PLUGIN), "acme"))

    assert found == {"acme.adapter", "acme.adapter.Acme", "acme.words", "acme", "acme.extras"}

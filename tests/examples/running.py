"""Loads the examples as the plugins that they are, and runs jobs with them."""

from pathlib import Path

from anyvideo.adapters.registry import load_registry
from anyvideo.client.sync import Client
from tests.distributions import load_file

EXAMPLES = Path(__file__).parents[2] / "examples"
MODEL = "apiyi/grok-imagine-video-1.5"


def load_example(name):
    path = EXAMPLES / name / "src" / f"anyvideo_{name}" / "__init__.py"
    return load_file(path, f"anyvideo_{name}")


def open_client(module, sandbox, clock, config=None):
    """A client of the sandbox with one more plugin than there are."""
    registry = load_registry()
    registry.add(module)
    assert registry.plugins[-1].state == "loaded", registry.plugins[-1].error
    return Client(config or {}, sandbox=sandbox, journal=None, clock=clock, registry=registry)

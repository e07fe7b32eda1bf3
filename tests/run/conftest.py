"""The fixtures of downloads."""

from tests.acme.fixtures import fetch, target

__all__ = ["fetch", "target"]

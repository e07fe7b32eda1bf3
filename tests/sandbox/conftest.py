"""The fixtures of the sandbox's tests."""

from tests.sandbox.fixtures import client, clock, png, sandbox

__all__ = ["client", "clock", "png", "sandbox"]

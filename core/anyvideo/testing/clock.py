"""The clock that tests move: the same one as the sandbox's."""

from anyvideo.sandbox.clock import VirtualClock

__all__ = ["VirtualClock"]

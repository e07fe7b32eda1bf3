"""A local server that speaks the vendors' wires, strictly, and delivers real films.

It needs no key and costs nothing, and the real adapters run against it over real HTTP.
"""

from anyvideo.sandbox.clock import RealClock, VirtualClock
from anyvideo.sandbox.control import Recorded
from anyvideo.sandbox.faults import FAULTS
from anyvideo.sandbox.server import ADAPTERS, Sandbox

__all__ = ["ADAPTERS", "FAULTS", "RealClock", "Recorded", "Sandbox", "VirtualClock"]

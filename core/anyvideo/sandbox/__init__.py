"""A local server that speaks the vendors' wires, strictly, and delivers real films.

It needs no key and costs nothing, and the real adapters run against it over real HTTP. A plugin
brings the vendors that it serves with the hook `anyvideo_sandbox`: objects made of the classes and
functions here. A wire imports this module and no other of anyvideo: it states what the vendor's
documents state, and shares no code with the adapter that it tests.
"""

from anyvideo.sandbox.clock import RealClock, VirtualClock
from anyvideo.sandbox.control import Recorded
from anyvideo.sandbox.faults import FAULTS
from anyvideo.sandbox.film.pictures import draw_picture
from anyvideo.sandbox.http.messages import (
    Answer,
    Call,
    HungUpError,
    Refusal,
    UnreadableError,
    is_list,
    is_object,
    json_answer,
)
from anyvideo.sandbox.http.multipart import File
from anyvideo.sandbox.http.ranges import split
from anyvideo.sandbox.server import Sandbox
from anyvideo.sandbox.tasks import DAY, Order, Phase, SandboxTask, State
from anyvideo.sandbox.vendors.formats import ImageInfo, count_pixels, inspect_image
from anyvideo.sandbox.vendors.rules import (
    Model,
    Problem,
    Rule,
    find_problem,
    load_models,
    read_size,
)
from anyvideo.sandbox.vendors.vendor import Route, Vendor, VendorCall, draw_letters
from anyvideo.sandbox.world import World

__all__ = [
    "DAY",
    "FAULTS",
    "Answer",
    "Call",
    "File",
    "HungUpError",
    "ImageInfo",
    "Model",
    "Order",
    "Phase",
    "Problem",
    "RealClock",
    "Recorded",
    "Refusal",
    "Route",
    "Rule",
    "Sandbox",
    "SandboxTask",
    "State",
    "UnreadableError",
    "Vendor",
    "VendorCall",
    "VirtualClock",
    "World",
    "count_pixels",
    "draw_letters",
    "draw_picture",
    "find_problem",
    "inspect_image",
    "is_list",
    "is_object",
    "json_answer",
    "load_models",
    "read_size",
    "split",
]

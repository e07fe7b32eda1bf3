"""Both clients over Acme in memory, used alike, and what their journals and errors say."""

import json

import httpx

from anyvideo import VideoJob
from anyvideo.adapters.registry import Registry
from anyvideo.testing.clock import VirtualClock
from tests.acme.vendor import DONE
from tests.clients import KINDS

KEY = "sk-acme-0123456789abcdef"
CONFIG = {"providers": {"acme": {"api_key": KEY, "timeout": 60}}}
JOB = VideoJob("a red fox in fresh snow", seconds=4, size="160x120")


def connect(vendor):
    """What a client needs to reach a vendor in memory."""
    registry = Registry()
    registry.add(vendor.plugin)
    return {"registry": registry, "transport": httpx.MockTransport(vendor)}


def open_client(kind, vendor=None, config=None, **options):
    """A client over a vendor in memory, with an hour's patience that takes no time."""
    defaults = {"clock": VirtualClock(), "journal": ":memory:"}
    if vendor is not None:
        defaults |= connect(vendor)
    return KINDS[kind](CONFIG if config is None else config, **{**defaults, **options})


def read_body(request):
    return json.loads(request.content)


def read_row(client):
    """The only row of a client's journal."""
    (row,) = client.session.journal.entries()
    return row


def read_task(caught):
    """The handle that an error carries."""
    return caught.value.task


def list_ranges(vendor):
    return [call.headers.get("range") for call in vendor.calls if call.url.path.endswith("mp4")]


class Fetch:
    """Fetches a task's file with a client of its own, and remembers how long that waited."""

    def __init__(self, kind):
        self.kind, self.sleeps = kind, []

    def __call__(self, vendor, target, task=DONE, **options):
        with open_client(self.kind, vendor) as client:
            self.sleeps = client.session.clock.sleeps
            return client.download(task, target, **options)

"""Clients of a listener on this machine, and tasks there."""

from attrs import evolve

from anyvideo.session.waiting import Retry
from anyvideo.tasks.task import Task
from tests.acme.clients import open_client
from tests.sockets import make_options

ONCE = Retry(attempts=1)
MODEL = "acme/acme-1"


def connect(kind, url, timeout=5.0, **options):
    return open_client(kind, None, **make_options(url, timeout), **{"retry": ONCE, **options})


def make_task(url, **changes):
    return evolve(Task("acme", "acme", url, "task-1", "acme-1"), **changes)

"""A program that makes one video and kills itself, without a word, where it is told to.

usage: python -m tests.safety.victim KIND URL FOLDER WHERE

WHERE is "METHOD:before" or "METHOD:after" of a journal's or part's method at its first call, or
nothing.
"""

import os
import signal
import sys
from pathlib import Path

from anyvideo.files.part_file import PartFile
from anyvideo.journal.database import Journal
from tests.acme.clients import JOB, open_client
from tests.sockets import make_options

KEY = "order-7"


def arm(owner, method, moment):
    """Make a method deadly."""
    original = getattr(owner, method)

    def call(*args, **kwargs):
        if moment == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        original(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(owner, method, call)


def main():
    kind, url, folder, where = sys.argv[1:]
    if where:
        method, moment = where.split(":")
        arm(PartFile if method == "finish" else Journal, method, moment)
    options = make_options(url, 60.0)
    with open_client(kind, None, journal=Path(folder) / "j.sqlite", **options) as client:
        client.generate(JOB, Path(folder) / "fox.mp4", "acme/acme-1", key=KEY)


if __name__ == "__main__":
    main()

"""Worker processes, and the vendor that counts what they pay."""

import json
import subprocess
import sys
import time
import urllib.request

from tests.fleet.conftest import ROOT

# A worker that counts as dead after a second of silence, so that nobody waits for it long.
PROGRAM = """
import asyncio, sys
from anyvideo.fleet.worker import Worker
asyncio.run(Worker(sys.argv[1], sys.argv[2], drains=sys.argv[3] == "drain", silence=1.0).run())
"""


class Crew:
    """Worker processes, and the vendor that counts what they pay."""

    def __init__(self, path, vendor, results):
        self.path, self.vendor, self.results, self.workers = path, vendor, results, []

    def start(self, mode="drain"):
        command = [sys.executable, "-c", PROGRAM, str(self.path), str(self.results), mode]
        self.workers.append(subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL))
        return self.workers[-1]

    def ask_vendor(self):
        with urllib.request.urlopen(f"{self.vendor}/counts") as answer:  # noqa: S310 (our own server)
            return json.load(answer)

    def wait_for_posts(self, number):
        deadline = time.monotonic() + 30
        while self.ask_vendor()["posts"] < number:
            assert time.monotonic() < deadline
            time.sleep(0.02)

    def list_files(self):
        return sorted(path.name for path in self.results.glob("*.mp4"))

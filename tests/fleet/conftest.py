"""A database, a vendor in a process of its own, and the settings that name both."""

import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from anyvideo.fleet.database import add_lines, connect
from anyvideo.fleet.line import NewLine
from anyvideo.model.job import VideoJob
from tests.postgres import Postgres

ROOT = Path(__file__).parents[2]
MODEL = "apiyi/grok-imagine-video-1.5"
TABLES = "anyvideo_line, anyvideo_slot, anyvideo_submit, anyvideo_job, procrastinate_jobs CASCADE"
SETTINGS = """
journal = "{place}"
model = "apiyi/grok-imagine-video-1.5"
[providers.apiyi]
base_url = "{url}"
api_key = "a-key"
{limits}
[[offers]]
provider = "apiyi"
model = "grok-imagine-video-1.5"
finishes_in = 1
"""


@pytest.fixture(scope="session")
def postgres():
    """A server of the machine's own, for all tests of one process."""
    with Postgres() as server:
        yield server


@pytest.fixture(scope="session")
def shared(postgres):
    place = postgres.make_database()
    enqueue(place)
    return place


@pytest.fixture
def place(shared):
    """A database with the tables of a fleet, in which nothing is."""
    with psycopg.connect(shared) as connection:
        connection.execute(f"TRUNCATE {TABLES}")
    return shared


@pytest.fixture
def own_place(postgres):
    """A database that a test may damage."""
    return postgres.make_database()


@pytest.fixture
def vendor(request):
    """The address of a vendor whose jobs take a second, or as many as a test says."""
    command = [sys.executable, "-m", "tests.fleet.vendor", getattr(request, "param", "1")]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    yield process.stdout.readline().strip()
    process.kill()
    process.wait()
    process.stdout.close()


@pytest.fixture
def settings(place, vendor, tmp_path):
    """Write the settings with an account's limits, and return their file."""

    def write(limits="jobs_at_once = 8"):
        path = tmp_path / "fleet.toml"
        path.write_text(SETTINGS.format(place=place, url=vendor, limits=limits))
        path.chmod(0o600)
        return path

    return write


def make_line(number, accounts=("apiyi",), prompt=None, **changes):
    job = VideoJob(prompt or f"job-{number}", seconds=4, size="1280x720")
    given = {"ref": f"job-{number}", "target": f"job-{number}.mp4", **changes}
    return NewLine(accounts=accounts, job=job.to_json(), model=MODEL, **given)


def enqueue(place, *lines):
    with connect(place) as connection:
        return add_lines(connection, lines)

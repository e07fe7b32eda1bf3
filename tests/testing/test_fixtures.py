"""pytest finds the fixtures, and a program runs against the sandbox without waiting."""

import subprocess
import sys

from anyvideo.model.job import VideoJob
from anyvideo.tasks.status import Status

MODEL = "apiyi/grok-imagine-video-1.5"


def test_a_program_is_tested_against_the_sandbox(sandbox, sandbox_client, tmp_path):
    task = sandbox_client.submit(VideoJob("a red fox", seconds=4), MODEL)
    video = sandbox_client.download(sandbox_client.wait(task), tmp_path / "fox.mp4")

    assert video.facts.seconds == 4
    assert [task.id for task in sandbox.tasks] == [task.id]


async def test_the_async_client_shares_the_time(sandbox, sandbox_clock):
    from anyvideo.client.aio import AsyncClient

    started = sandbox_clock.now()
    async with AsyncClient({}, sandbox=sandbox, journal=None, clock=sandbox_clock) as client:
        done = await client.wait(await client.submit(VideoJob("a red fox"), MODEL))

    assert done.status is Status.SUCCEEDED
    assert sandbox_clock.now() > started


def test_the_fixtures_are_there_wherever_anyvideo_is_installed_and_cost_nothing(tmp_path):
    code = "import sys, anyvideo.testing.fixtures; print('anyvideo.model.wire' in sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    )
    listed = [sys.executable, "-m", "pytest", "--fixtures", "-p", "no:asyncio", str(tmp_path)]
    shown = subprocess.run(listed, check=False, capture_output=True, text=True, cwd=tmp_path)

    assert loaded.stdout == "False\n"
    assert "\nsandbox_client -- " in shown.stdout

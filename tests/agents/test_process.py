"""The command as an agent's program runs it: over pipes, killed, stopped, and started again."""

import asyncio
import os
import signal
import subprocess
import sys
import time

import pytest
from mcp import Client, MCPError, StdioServerParameters

from anyvideo.sandbox import Sandbox
from tests.agents.conftest import FOX, Agent, Person

# The shell notes the process, and becomes it.
SHELL = 'echo $$ > "$0"; exec "$@"'
SETTINGS = '[providers.apiyi]\nbase_url = "{url}"\napi_key = "a-key"\n'
PROGRAM = [sys.executable, "-m", "anyvideo.cli", "mcp"]


@pytest.fixture
def vendor(sandbox_vendors):
    """A vendor that needs no time, because the command has the clock of the machine."""
    with Sandbox(vendors=sandbox_vendors, duration=0) as running:
        yield running


@pytest.fixture
def start(vendor, tmp_path):
    """Return a client of a new process; all of them have one journal and one folder."""
    config = tmp_path / "anyvideo.toml"
    config.write_text(SETTINGS.format(url=vendor.base_url("apiyi")))
    config.chmod(0o600)

    def make(*options, person=None, mode="auto", config=config):
        given = ["--folder", str(tmp_path), *options]
        given += ["--config", str(config)] if config else ["--sandbox"]
        command = ["-c", SHELL, str(tmp_path / "pid"), *PROGRAM, *given]
        env = {**os.environ, "ANYVIDEO_HOME": str(tmp_path / "home")}
        server = StdioServerParameters(command="sh", args=command, env=env)
        return Client(server, mode=mode, elicitation_callback=person)

    return make


@pytest.fixture
def read_pid(tmp_path):
    """The process of the newest client."""
    return lambda: int((tmp_path / "pid").read_text())


def wait_for_post(vendor):
    while not vendor.posts():
        time.sleep(0.01)


@pytest.mark.slow
async def test_each_tool_over_pipes_in_the_sandbox(start):
    person = Person()
    async with start(config=None, person=person) as session:
        agent = Agent(session, None)
        assert len((await agent.get("models", model="apiyi/*"))["models"]) > 1
        compared = await agent.get("compare", prompt="a fox", seconds=4, model="apiyi/*")
        model = compared["plans"][0]["offer"]
        quote_id = (await agent.get("quote", prompt="a fox", seconds=4, model=model))["quote_id"]
        job = await agent.get("generate", quote_id=quote_id)
        assert (await agent.get("status", job_id=quote_id, wait_seconds=30))["state"] == "succeeded"
        link = (await agent.call("download", job_id=quote_id)).content[1]
        assert (await session.read_resource(link.uri)).contents[0].blob
        assert [item["job_id"] for item in (await agent.get("list_jobs"))["jobs"]] == [quote_id]

    assert (job["state"], len(person.asked)) == ("queued", 1)


@pytest.mark.slow
async def test_a_job_survives_kill_9_in_the_middle_of_its_request(start, vendor, read_pid):
    async with start("--max-cost", "1") as session:
        agent = Agent(session, None)
        quote = {**FOX, "prompt": "[fault:slow-accept=20] a fox"}
        quote_id = (await agent.get("quote", **quote))["quote_id"]
        sending = asyncio.create_task(agent.call("generate", quote_id=quote_id))
        await asyncio.to_thread(wait_for_post, vendor)
        os.kill(read_pid(), signal.SIGKILL)
        with pytest.raises(MCPError):
            await sending
    async with start("--max-cost", "0.5") as session:
        agent = Agent(session, None)
        page = await agent.get("list_jobs")
        again = await agent.get("generate", quote_id=quote_id)
        kind, _ = await agent.fail("generate", quote_id=await agent.quote())
        # It ends although its client still listens.
        os.kill(read_pid(), signal.SIGTERM)
        with pytest.raises(MCPError):
            await agent.get("status", job_id=quote_id, wait_seconds=60)

    (job,) = page["jobs"]
    assert (job["job_id"], job["state"], again["state"]) == (quote_id, "submitting", "submitting")
    assert "never repeat it" in job["next"]
    assert (page["spending"]["spent"], kind) == ("0.32 USD", "limit")
    assert len(vendor.posts()) == 1


def test_a_client_that_leaves_ends_it_and_the_output_stays_empty(tmp_path):
    env = {**os.environ, "ANYVIDEO_HOME": str(tmp_path)}
    command = [*PROGRAM, "--folder", tmp_path]
    done = subprocess.run(command, input=b"", capture_output=True, check=True, env=env)

    assert done.stdout == b""
    assert done.stderr.startswith(b"anyvideo: MCP on standard input and output; Ctrl-C or SIGTERM")

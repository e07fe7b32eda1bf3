"""The process of `anyvideo serve`: how it starts, is stopped, and is killed."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from anyvideo.cli.commands.serve import _Begin
from anyvideo.cli.context import CliContext
from anyvideo.cli.main import main
from anyvideo.config.load import load_config
from anyvideo.gateway.keys import hash_key
from anyvideo.sandbox import Sandbox
from tests.processes import list_uncounted
from tests.sandbox.fixtures import NO_TLS

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
MODEL = "openai-videos/sora-2"
CONFIG = """
[providers.openai-videos]
base_url = "{url}"
api_key = {{ env = "SANDBOX_KEY" }}
[[offers]]
adapter = "openai-videos"
model = "sora-2"
price = {{ amount = "0.10", per = "video" }}
"""


@contextmanager
def start(*arguments, env=None, **options):
    """A gateway in a process of its own; its URL is the first line that it prints."""
    env = {**os.environ, **(env or {}), "SANDBOX_KEY": "sk-1"}
    pipe = subprocess.PIPE
    command = [sys.executable, *arguments]
    with subprocess.Popen(
        command, stdout=pipe, stderr=pipe, text=True, env=env, cwd=ROOT, **options
    ) as process:
        try:
            assert process.stdout is not None
            yield process, process.stdout.readline().strip().rpartition(" ")[2].removesuffix("/v1")
        finally:
            process.kill()


@pytest.fixture
def vendor(sandbox_vendors):
    with Sandbox(vendors=sandbox_vendors, duration=0) as running:
        yield running


@pytest.fixture
def config(vendor, tmp_path):
    path = tmp_path / "anyvideo.toml"
    path.write_text(CONFIG.format(url=f"{vendor.url}/openai-videos"), "utf-8")
    return path


def test_a_stop_waits_for_the_paid_request_and_answers_it(vendor, config, tmp_path):
    vendor.misbehave("slow-accept=0.7")
    program = ["-m", "anyvideo", "serve", "--port", "0"]
    options = ["--config", str(config), "--folder", str(tmp_path / "videos")]
    answers = []
    with start(*program, *options, env={"ANYVIDEO_HOME": str(tmp_path)}) as (process, url):

        def create():
            order = {"model": MODEL, "prompt": "a fox"}
            answers.append(httpx.post(f"{url}/v1/videos", json=order, verify=NO_TLS, timeout=20))

        creating = threading.Thread(target=create)
        creating.start()
        while not vendor.posts():
            time.sleep(0.01)
        process.send_signal(signal.SIGTERM)
        creating.join()
        assert process.wait(20) == 0
        assert "stopping: what is under way ends first" in process.stderr.read()
    assert (answers[0].status_code, answers[0].json()["status"]) == (200, "queued")


def test_it_says_where_it_listens(tmp_path):
    program = ["-m", "anyvideo", "serve", "--sandbox", "--port", "0", "--json"]
    options = ["--folder", str(tmp_path), "--host", "::1"]
    with start(*program, *options, env={"ANYVIDEO_HOME": str(tmp_path)}) as (process, line):
        told = json.loads(line + process.stdout.readline() + process.stdout.readline() + "}")
        assert told["base_url"] == f"{told['url']}/v1"
        assert httpx.get(f"{told['url']}/v1/videos", verify=NO_TLS).json()["data"] == []
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0


async def create_all(url, keys, known):
    """Create a job for each key, all at once; what is answered goes into `known`."""
    limits = httpx.Limits(max_connections=100)
    async with httpx.AsyncClient(base_url=url, timeout=60, verify=NO_TLS, limits=limits) as http:

        async def create(key):
            order = {"model": MODEL, "prompt": key}
            answer = await http.post("/v1/videos", json=order, headers={"idempotency-key": key})
            known[key] = answer.json()

        return await asyncio.gather(*map(create, keys), return_exceptions=True)


def test_a_kill_in_the_middle_of_100_creates_loses_nothing_and_pays_nothing_twice(
    vendor, config, tmp_path
):
    keys = [f"fox {number}" for number in range(100)]
    home = {"ANYVIDEO_HOME": str(tmp_path)}
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    vendor.misbehave("slow-accept=0.05")
    program = ["-m", "tests.gateway.later", str(config), str(tmp_path / "videos")]
    with start(*program, "0", env={**list_uncounted(), **home}) as (process, url):

        def kill():
            while len(before) < 10:
                time.sleep(0.002)
            process.kill()

        killing = threading.Thread(target=kill)
        killing.start()
        asyncio.run(create_all(url, keys, before))
        killing.join()
    assert 10 <= len(before) < 100

    with start(*program, "3600", env=home) as (process, url):
        assert set(asyncio.run(create_all(url, keys, after))) == {None}
        with httpx.Client(base_url=url, verify=NO_TLS, timeout=20) as http:
            listed = http.get("/v1/videos?limit=100").json()
            for key in list(before)[:3]:  # taken up again, and brought home
                while http.get(f"/v1/videos/{before[key]['id']}").json()["status"] != "completed":
                    time.sleep(0.05)
                content = http.get(f"/v1/videos/{before[key]['id']}/content").content
                assert content[4:8] == b"ftyp"
        process.terminate()
        assert process.wait(20) == 0

    made = Counter(task.order.prompt for task in vendor.tasks)
    assert max(made.values()) == 1
    states = Counter(video["status"] for video in after.values())
    assert (
        states["ambiguous"] + sum(states[word] for word in ("queued", "in_progress", "completed"))
        == 100
    )
    assert all(after[key]["id"] == video["id"] for key, video in before.items())
    assert all(key in made for key, video in after.items() if video["status"] != "ambiguous")
    assert {video["id"] for video in listed["data"]} == {video["id"] for video in after.values()}


def run(capsys, *arguments):
    with pytest.raises(SystemExit) as ended:
        main(["serve", *arguments])
    shown = capsys.readouterr()
    return ended.value.code, shown.out, shown.err


def test_a_new_key_is_shown_once_with_the_lines_that_let_it_in(capsys, tmp_path):
    code, out, _ = run(capsys, "--new-key", "app")
    assert code == 0
    key = next(line.strip() for line in out.splitlines() if line.strip().startswith("av-"))
    lines = out.partition("starts:\n")[2]
    path = tmp_path / "anyvideo.toml"
    path.write_text(lines, "utf-8")
    assert load_config(path).serve.keys["app"].hash == hash_key(key)
    told = json.loads(run(capsys, "--new-key", "app", "--json")[1])
    assert hash_key(told["key"]) == told["hash"]
    assert run(capsys, "--new-key", "app", "--quiet")[1].startswith("av-")
    code, _, err = run(capsys, "--new-key", "My app")
    assert code != 0
    assert "small letters" in err


def test_quiet_prints_the_base_url_alone(capsys):
    with CliContext() as context:
        context.quiet = True
        _Begin(context)("http://127.0.0.1:7")
    assert capsys.readouterr().out == "http://127.0.0.1:7/v1\n"


def test_what_keeps_it_from_starting_is_one_line(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("ANYVIDEO_HOME", str(tmp_path))
    code, _, err = run(capsys, "--host", "0.0.0.0", "--sandbox")  # noqa: S104 (refused)
    assert code != 0
    assert "--new-key NAME" in err
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        for more in ([], ["--no-keys", "--host", "127.0.0.1"]):
            code, _, err = run(capsys, "--port", port, "--sandbox", *more)
            assert "name another port" in err
    code, _, err = run(capsys, "--host", "192.0.2.1", "--no-keys", "--sandbox")
    assert "there are no keys" in err
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    code, _, err = run(capsys, "--sandbox")
    assert "pip install 'anyvideo[serve]'" in err


@pytest.mark.parametrize(
    ("serve", "words"),
    [
        ({"keys": {"app": {"hash": "av-1"}}}, "--new-key NAME"),
        ({"keys": {"My app": {"hash": hash_key("av-1")}}}, "no name of a key"),
        ({"keys": {"app": {"hash": hash_key("av-1"), "models": ["sora-2"]}}}, "such as 'apiyi/*'"),
        ({"keys": {"app": {"hash": hash_key("av-1"), "jobs_at_once": 0}}}, "jobs_at_once"),
    ],
)
def test_settings_that_cannot_be_meant(serve, words):
    with pytest.raises(Exception, match="config: serve") as caught:
        load_config({"serve": serve})
    assert words in str(caught.value)
    assert "av-1" not in str(caught.value)

"""`anyvideo sandbox`."""

import json
import os
import signal
import socket
import subprocess
import sys

import httpx
import pytest

from anyvideo.cli.commands import sandbox as command

ADAPTERS = ("apertis-create", "apertis-videos", "apertis-chat", "apimart", "apiyi")


@pytest.fixture
def at_once(monkeypatch):
    def interrupt():
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "_wait", interrupt)


def test_it_says_where_it_is_and_how_it_misbehaves(call, at_once):
    result = call("sandbox")

    assert (result.code, result.err) == (0, "")
    assert "The sandbox listens at http://127.0.0.1:" in result.out
    assert all(f"/{name}\n" in result.out for name in ADAPTERS)
    assert "drop-after-accept" in result.out


def test_json_says_the_same(call, at_once):
    said = call("sandbox", "--json", "--fault", "stuck", "--speed", 60).json

    assert said["base_url"]["apiyi"] == f"{said['url']}/apiyi"


def test_quiet_prints_its_address_alone(call, at_once):
    (line,) = call("sandbox", "-q").lines

    assert line.startswith("http://127.0.0.1:")


def test_an_unknown_fault_is_one_line(call):
    result = call("sandbox", "--fault", "fire")

    assert result.code == 2
    assert "fire" in result.err


def test_a_port_that_is_taken_is_named(call):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = call("sandbox", "--port", port)

    assert result.code == 2
    assert f"port {port} cannot be used" in result.err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_runs_until_it_is_told_to_end(number):
    process = subprocess.Popen(
        [sys.executable, "-m", "anyvideo.cli", "sandbox", "--json"],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    text = "".join(iter(process.stdout.readline, "}\n")) + "}"
    with httpx.stream("GET", json.loads(text)["url"]) as answer:
        assert answer.status_code == 200
    os.kill(process.pid, number)
    with process:
        assert process.wait(10) == 0


def test_a_blocked_plugin_is_not_served(call, at_once, tmp_path):
    served = set(call("sandbox", "--json").json["base_url"])
    (tmp_path / "anyvideo.toml").write_text('[plugins]\nblocked = ["apertis"]\n', "utf-8")

    blocked = served - set(call("sandbox", "--json").json["base_url"])
    assert blocked == {"apertis-create", "apertis-videos", "apertis-chat"}

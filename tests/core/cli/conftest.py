"""Runs commands in this process, on a clock that both the client and the sandbox go by."""

import functools
import io
import json
import os
import sys
from datetime import UTC, datetime

import attrs
import pytest

import anyvideo.sandbox
from anyvideo.cli import main
from anyvideo.sandbox import Sandbox, VirtualClock

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
GROK = "apiyi/grok-imagine-video-1.5"


class SharedClock(VirtualClock):
    """The sandbox's clock, which the client's waits move."""

    def sleep(self, seconds):
        self.advance(seconds)


@attrs.frozen
class Result:
    """What one command came to."""

    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)


@pytest.fixture
def clock(monkeypatch):
    shared = SharedClock(NOON.timestamp())
    for module in ("client.core", "cli.jobs"):
        monkeypatch.setattr(f"anyvideo.{module}.SystemClock", lambda: shared)
    monkeypatch.setattr(anyvideo.sandbox, "Sandbox", functools.partial(Sandbox, clock=shared))
    return shared


@pytest.fixture
def call(clock, monkeypatch, tmp_path, capsys):
    """Run a command in an empty folder, without any of this machine's settings or keys."""
    for name in os.environ:
        if name.startswith("ANYVIDEO_") or name.endswith("_API_KEY"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("ANYVIDEO_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "nowhere"))
    monkeypatch.chdir(tmp_path)

    def run(*arguments, stdin=""):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        return Result(int(ended.value.code or 0), *capsys.readouterr())

    return run


@pytest.fixture
def sandbox(clock):
    with Sandbox(clock=clock) as running:
        yield running


@pytest.fixture
def account(call, sandbox, monkeypatch, tmp_path):
    """An anyvideo.toml whose providers live in the sandbox, with keys, and a journal on disk."""
    lines = [f'model = "{GROK}"']
    for name in ("apiyi", "apimart"):
        monkeypatch.setenv(f"{name.upper()}_API_KEY", "a-key")
        lines.append(f'[providers.{name}]\nbase_url = "{sandbox.base_url(name)}"')
    path = tmp_path / "anyvideo.toml"
    path.write_text("\n".join(lines), "utf-8")
    return path


@pytest.fixture
def terminal(monkeypatch):
    """Let a person look on, at a terminal of 100 columns."""
    monkeypatch.setattr("anyvideo.cli.screen.is_watched", lambda: True)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("FORCE_COLOR", "1")  # what is captured is no terminal to rich otherwise
    monkeypatch.delenv("NO_COLOR", raising=False)

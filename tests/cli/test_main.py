"""The program: its help, its commands, and what it loads."""

import io
import os
import subprocess
import sys

import pytest

from anyvideo.cli.exits import ExitCode
from anyvideo.cli.main import COMMANDS, main
from anyvideo.model.media import ROLES


def test_help_lists_every_command_and_every_exit_code(call):
    result = call("--help")

    assert result.code == 0
    assert all(f"  {name} " in result.out for name in COMMANDS)
    assert all(f"  {code:>3}  {code.meaning}\n" in result.out for code in ExitCode)
    assert "      5  the job may or may not exist; `anyvideo resume` resolves it\n" in result.out
    assert call().out == result.out


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_its_help(call, name):
    result = call(name, "--help")

    assert result.code == 0
    assert result.out.startswith(f"Usage: anyvideo {name} ")
    assert "--json" in result.out or name in {"new-adapter", "completion"}
    assert all(role in result.out for role in ROLES[1:]) or "--image" not in result.out


def test_the_version_is_that_of_the_distribution(call):
    assert call("--version").out.startswith("anyvideo 0.")


def test_an_unknown_command_is_answered_with_the_nearest_or_with_all(call):
    near, far = call("generat"), call("cook")

    assert (near.code, near.err) == (
        2,
        "anyvideo: unknown command 'generat'; did you mean generate?; see: anyvideo --help\n",
    )
    assert "unknown command 'cook'; there are generate, batch, bakeoff, plan, " in far.err


@pytest.mark.parametrize(
    ("command", "slow"),
    [("--help", "httpx rich attr attrs pluggy asyncio"), ("models", "rich")],
)
def test_a_command_loads_no_library_that_it_does_not_need(home, command, slow):
    code = (
        "import sys; from anyvideo.cli import main\n"
        f"try: main([{command!r}])\n"
        "except SystemExit as ended: assert not ended.code\n"
        f"sys.exit(' '.join({set(slow.split())} & sys.modules.keys()) or 0)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )

    assert (ended.returncode, ended.stderr) == (0, "")


def test_stderr_may_be_any_stream(call, monkeypatch):
    monkeypatch.setattr(sys, "stderr", io.StringIO())

    assert call("--version").code == 0


def test_a_closed_pipe_ends_it_without_a_message():
    read, write = os.pipe()
    os.close(read)
    ended = subprocess.run(
        [sys.executable, "-m", "anyvideo.cli", "models"],
        stdout=write, stderr=subprocess.PIPE, check=False,
    )  # fmt: skip
    os.close(write)

    assert (ended.returncode, ended.stderr) == (141, b"")


def test_shells_can_complete_the_commands(monkeypatch, capsys):
    monkeypatch.setenv("_ANYVIDEO_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "anyvideo gen")
    monkeypatch.setenv("COMP_CWORD", "1")
    with pytest.raises(SystemExit) as ended:
        main([])

    assert ended.value.code == 0
    assert capsys.readouterr().out == "plain,generate\n"


@pytest.mark.parametrize("arguments", [[], ["compare"]])
def test_the_help_has_a_short_option_too(call, arguments):
    helped = call(*arguments, "-h")

    assert helped == call(*arguments, "--help")
    assert (helped.code, helped.err, helped.out == "") == (0, "", False)


def test_python_runs_the_package(home):
    command = [sys.executable, "-m", "anyvideo", "--version"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith("anyvideo 0.")


def test_quiet_drops_hints(call):
    assert call("jobs", "-q").out == ""
    assert "retired; --all" in call("models").out
    assert "retired; --all" not in call("models", "--quiet").out
    assert "settings:" not in call("providers", "-q").out
    assert call("lint", "-q").out == ""

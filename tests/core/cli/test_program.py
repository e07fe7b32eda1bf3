import io
import os
import subprocess
import sys

import click
import pytest

from anyvideo.cli import program as programs
from anyvideo.cli.program import COMMANDS, main, program


def test_help_lists_every_command_and_every_exit_code(call):
    result = call("--help")

    assert result.code == 0
    assert all(f"  {name} " in result.out for name in COMMANDS)
    assert "  5  the job may or may not exist" in result.out
    assert call().out == result.out


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(call, name):
    result = call(name, "--help")

    assert result.code == 0
    assert result.out.startswith(f"Usage: anyvideo {name} ")
    assert "--json" in result.out or name == "new-adapter"


def test_the_version_is_that_of_the_distribution(call):
    assert call("--version").out.startswith("anyvideo 0.")


def test_an_unknown_command_is_answered_with_the_nearest(call):
    near, far = call("generat"), call("cook")

    assert (near.code, near.err) == (
        2,
        "anyvideo: no command is called 'generat'; did you mean generate?; see: anyvideo --help\n",
    )
    assert "there are generate, plan, " in far.err


def test_help_loads_none_of_the_slow_libraries():
    code = (
        "import sys; from anyvideo.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "slow = {'httpx', 'cattrs', 'rich', 'attr', 'attrs', 'pluggy', 'asyncio'} & set(sys.modules)\n"
        "sys.exit(' '.join(sorted(slow)) or 0)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )

    assert (ended.returncode, ended.stderr) == (0, "")


def test_plain_output_loads_no_rich():
    code = (
        "import sys; from anyvideo.cli import main\n"
        "try: main(['models'])\n"
        "except SystemExit: pass\n"
        "sys.exit('rich' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)


def test_a_stream_of_any_kind_will_do(call, monkeypatch):
    monkeypatch.setattr(sys, "stderr", io.StringIO())

    assert call("--version").code == 0


def test_a_mistake_of_ours_is_one_line_and_its_traceback_can_be_asked_for(call, monkeypatch):
    def fail(*_):
        message = "a\nb"
        raise ZeroDivisionError(message)

    monkeypatch.setattr(program, "invoke", fail)
    short = call("jobs")
    monkeypatch.setenv("ANYVIDEO_TRACEBACK", "1")
    long = call("jobs")

    assert short.code == long.code == 1
    assert short.err == (
        "anyvideo: a mistake of anyvideo's: ZeroDivisionError: a b; "
        "ANYVIDEO_TRACEBACK=1 shows where\n"
    )
    assert "Traceback" in long.err


def test_ctrl_c_begins_a_new_line_on_a_terminal(call, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(program, "invoke", interrupt)
    assert call("jobs").err == "anyvideo: interrupted; nothing was sent\n"
    monkeypatch.setattr(programs, "_is_terminal", lambda: True)
    assert call("jobs").err == "\nanyvideo: interrupted; nothing was sent\n"


def test_a_system_error_says_which_file(call, monkeypatch):
    def fail(*_):
        raise PermissionError(13, "Permission denied", "somewhere")

    monkeypatch.setattr(program, "invoke", fail)
    result = call("jobs")

    assert (result.code, result.err) == (1, "anyvideo: somewhere: Permission denied\n")


def test_other_errors_of_click_are_one_line_too(call, monkeypatch):
    def fail(*_):
        message = "no such thing"
        raise click.ClickException(message)

    monkeypatch.setattr(program, "invoke", fail)
    assert call("jobs").err == "anyvideo: no such thing\n"


def test_a_reader_that_leaves_ends_it_quietly():
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

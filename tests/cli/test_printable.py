"""What vendors, files and plugins say cannot move the cursor, colour the screen or draw links."""

import json
import re
import sys
from contextlib import closing

import click
import pytest
from attrs import evolve

from anyvideo.cli.completion import complete_jobs
from anyvideo.cli.views.live_progress import LiveProgress
from anyvideo.cli.views.table import echo, format_json, print_pairs, print_wrapped, show, style
from anyvideo.journal.database import Journal
from anyvideo.plugin import TaskError
from anyvideo.tasks.task import Task
from tests.journal.entries import make_entry
from tests.test_printable import is_seen

EVIL = "a\x1b]8;;http://evil\x07b\x9b2Jc\u202ed\ne[red]f[/red][link=x]g:smile:"
SHOWN = show(EVIL)
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture
def journal(home):
    """A journal with a job that failed and one whose answer was lost, whose words are evil."""
    with closing(Journal(home / "home" / "journal.sqlite")) as opened:
        for ref, state in (("a", "failed"), ("b", "ambiguous"), (EVIL, "succeeded")):
            entry = make_entry(ref, path=f"{EVIL}.mp4")
            error = TaskError("server", EVIL, f"[bold]{EVIL}")
            task = evolve(entry.task, id=EVIL, model=EVIL, status=state, error=error)
            opened.open(evolve(entry, task=task, offer=f"acme/{EVIL}", facts="{}"))


def read_lines(text):
    """Return the lines of an output, of which every character can be seen but for colours."""
    lines = COLOURS.sub("", text).splitlines()
    assert all(map(is_seen, lines)), lines
    return lines


class TestCommands:
    def test_jobs_are_listed_as_they_are_written(self, call, journal):
        lines = read_lines(call("jobs", "--all").out)
        assert sum(SHOWN in line for line in lines) >= 4
        assert len(lines) == 7  # the headings, three jobs, and what is to be said of each

    def test_on_a_terminal_too(self, call, journal, terminal):
        text = "".join("".join(read_lines(call("jobs", "--all").out)).split())
        assert r"a\x1b]8;;http://evil\x07b" in text
        assert "[red]f[/red][link=x]g:smile:" in text

    def test_json_is_exact(self, call, journal):
        result = call("jobs", "--all", "--json")
        assert is_seen(result.out.replace("\n", ""))
        assert {item["task"]["id"] for item in json.loads(result.out)} == {EVIL}

    def test_errors_and_options_are_written_too(self, call, home):
        config = home / "anyvideo.toml"
        config.write_text(f"[providers.{json.dumps(EVIL)}]\nadapter = 'none'", "utf-8")
        for arguments in (["providers"], ["plan", "a fox", "-m", EVIL], ["jobs", f"--{EVIL}"]):
            result = call(*arguments)
            assert result.code == 2
            (line,) = read_lines(result.err)
            assert r"\x1b]8;;" in line

    def test_a_prompt_is_shown_in_the_plan_and_its_requests(self, call, account):
        prompt = "fox \x1b[8m\u202e"
        for arguments in ([], ["--json"]):
            result = call(
                "plan", prompt, *arguments, "--set", "audio=off", "--policy", "audio=drop"
            )
            assert read_lines(result.out)
        assert call("plan", prompt, "--json").json["asked"]["prompt"] == prompt

    def test_a_shell_completes_what_can_be_seen(self, journal):
        items = complete_jobs(click.Context(click.Command("resume")), None, "")  # type: ignore[arg-type]  # which it does not read
        assert [item.value for item in items] == ["b", "a"]
        assert is_seen("".join(str(item.help) for item in items))


class TestViews:
    def test_only_our_own_styles_are_kept(self, capsys, monkeypatch):
        monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
        monkeypatch.setenv("TERM", "xterm")
        monkeypatch.delenv("NO_COLOR", raising=False)
        red = style("\x1b[8mx", "red")
        assert red == "\x1b[31m\\x1b[8mx\x1b[0m"
        assert style("x") == "x\x1b[0m"
        assert show(red) is red
        monkeypatch.undo()
        echo("\x1b[31m", style("x", "red"), "\n")
        print_pairs([("a", EVIL)])
        print_wrapped(EVIL)
        assert capsys.readouterr().out == f"\\x1b[31mx\\n\n  a  {SHOWN}\n{SHOWN}\n"

    def test_json_is_indented(self):
        assert format_json('{\n  "a": "\x9b"\n}', "  ") == '{\n    "a": "\\u009b"\n  }'

    def test_live_lines_are_no_markup(self, capsys, monkeypatch):
        monkeypatch.setenv("FORCE_COLOR", "1")
        task = Task("acme", "acme", "https://api.acme.example", EVIL, "m", "failed")
        display = LiveProgress()
        display.write(EVIL)
        display.update(task, 1.0, None)
        display.stop()

        text = capsys.readouterr().out
        assert r"[red]f[/red][link=x]g:smile:" in "".join(text.split("\n"))
        assert "evil\x07" not in text
        assert "\x9b" not in text

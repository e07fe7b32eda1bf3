"""`anyvideo doctor`."""

import os
import sys
from contextlib import closing
from pathlib import Path

import pytest

from anyvideo.cli import installation
from anyvideo.cli.installation import check_installation
from anyvideo.journal.database import Journal

FOX = "a red fox"


@pytest.fixture(autouse=True)
def same_clock(clock, monkeypatch):
    """Let the checks and the file system agree on the tests' clock."""
    monkeypatch.setattr(installation, "SystemClock", lambda: clock)
    stat = os.fstat

    def fstat(descriptor):
        return os.stat_result((*stat(descriptor)[:8], clock.now(), clock.now()))

    monkeypatch.setattr(installation, "os", type("os", (), {"fstat": fstat, "access": os.access, "W_OK": os.W_OK}))  # fmt: skip


def find(name, state):
    return [check.detail for check in check_installation(None) if (check.name, check.state) == (name, state)]  # fmt: skip


def test_a_new_installation_has_no_problem(call, home):
    result = call("doctor")

    assert (result.code, result.err) == (0, "")
    assert result.lines[0].split() == ["check", "state", "found"]
    assert any(line.startswith("settings  ok     no config file") for line in result.lines)
    assert any("anyvideo 0." in line for line in result.lines)
    assert any("apiyi: not set; set APIYI_API_KEY" in line for line in result.lines)
    assert any("none yet; the first job makes it" in line for line in result.lines)
    assert result.lines[-1].startswith("clock     ok     2026-11-20 12:00 UTC; agrees")
    assert not (home / "home").exists()


def test_json_and_quiet(call, account, monkeypatch):
    assert call("doctor", "-q").out == ""
    monkeypatch.setenv("APIYI_API_KEY", "two words")
    quiet, json = call("doctor", "-q"), call("doctor", "--json")

    assert (quiet.code, json.code) == (1, 1)
    assert len(quiet.lines) == 2
    assert "the key in APIYI_API_KEY has blanks" in quiet.lines[1]
    assert json.json["ok"] is False
    assert {check["name"] for check in json.json["checks"]} >= {"python", "key", "journal", "clock"}


def test_keys_are_counted_and_never_shown(call, account, monkeypatch):
    monkeypatch.setenv("APIYI_API_KEY", "sk-secret")
    monkeypatch.delenv("APIMART_API_KEY")
    account.chmod(0o600)
    with account.open("a", encoding="utf-8") as file:
        file.write('\n[providers.other]\nadapter = "apiyi"\napi_key = "sk-secret"')
    result = call("doctor")

    assert "apiyi: set in APIYI_API_KEY" in result.out
    assert "other: set in the settings" in result.out
    assert "sk-secret" not in result.out + result.err
    assert find("key", "problem") == ["apimart: not set; set APIMART_API_KEY"]
    assert result.code == 1


def test_wrong_settings_are_listed(call, tmp_path):
    (tmp_path / "anyvideo.toml").write_text("model = 3\n[routes.a]\nmodels = []", "utf-8")
    assert len(find("settings", "problem")) == 2
    (tmp_path / "anyvideo.toml").write_text('[providers.x]\nadapter = "nothing"', "utf-8")
    (problem,) = find("key", "problem")

    assert "nothing" in problem
    assert call("doctor").code == 1


def test_plugins_that_fail_are_problems_and_blocked_ones_are_notes(call, monkeypatch):
    monkeypatch.setenv("ANYVIDEO_BLOCKED", "apiyi")
    assert find("plugin", "note") == ["apiyi (anyvideo 0.1.0): blocked"]
    monkeypatch.setitem(sys.modules, "anyvideo_plugins.apimart", None)

    (problem,) = find("plugin", "problem")
    assert problem.startswith("apimart (anyvideo 0.1.0): ")


def test_the_journal_is_read(call, account, tmp_path, monkeypatch):
    call("generate", FOX, "-o", "fox.mp4")
    call("generate", FOX, "-o", "b.mp4", "--timeout", 0.001)
    (found,) = find("journal", "ok")

    assert found == f"{tmp_path / 'home' / 'journal.sqlite'}: 2 jobs, 1 open"
    (tmp_path / "home" / "journal.sqlite").write_bytes(b"x" * 4096)
    assert "repair or move the file" in find("journal", "problem")[0]
    monkeypatch.setenv("ANYVIDEO_HOME", "/proc/nowhere")
    monkeypatch.setattr("anyvideo.cli.installation.os.access", lambda *_: False)
    assert find("journal", "problem")[0].endswith("/proc is not writable; set ANYVIDEO_HOME")


def test_a_clock_that_was_set_back_is_a_problem(call, account, clock, tmp_path, monkeypatch):
    call("generate", FOX, "-o", "fox.mp4")
    with closing(Journal(tmp_path / "home" / "journal.sqlite")) as journal:
        (entry,) = journal.entries()
    moment = entry.updated - 3600
    monkeypatch.setattr(clock, "now", lambda: moment)
    (problem,) = find("clock", "problem")

    assert "the journal's last time is 1 h ahead; correct the system's clock" in problem


def test_a_file_system_with_another_time_is_a_problem(call, clock, monkeypatch):
    wrong = os.stat_result((*Path().stat()[:8], clock.now() - 120, 0))
    monkeypatch.setattr("anyvideo.cli.installation.os.fstat", lambda _: wrong)
    (problem,) = find("clock", "problem")

    assert problem.endswith(": the file system is 2 min off; correct its clock")

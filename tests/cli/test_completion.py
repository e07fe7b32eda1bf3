"""What a shell completes, and the script that lets it."""

import pytest

from anyvideo.cli.main import main

FOX = "a red fox"
GROK = "apiyi/grok-imagine-video-1.5"


@pytest.fixture
def complete(call, monkeypatch, capsys):
    """Return what a shell is offered for the last word of a line, and what was printed to stderr."""

    def run(*words):
        with monkeypatch.context() as shell:
            shell.setenv("_ANYVIDEO_COMPLETE", "bash_complete")
            shell.setenv("COMP_WORDS", " ".join(("anyvideo", *words)))
            shell.setenv("COMP_CWORD", str(len(words)))
            capsys.readouterr()
            with pytest.raises(SystemExit) as ended:
                main([])
        out, err = capsys.readouterr()
        assert (ended.value.code, err) == (0, "")
        return [line.partition(",")[2] for line in out.splitlines() if line]

    return run


def test_models_and_routes_then_offers(complete, account):
    with account.open("a", encoding="utf-8") as file:
        file.write(f'\n[routes.hero]\nmodels = ["{GROK}"]')

    assert "hero" in complete("compare", "x", "-m", "''")
    assert complete("compare", "x", "-m", "her") == ["hero"]
    assert set(complete("models", "kling-v3")) >= {"kling-v3", "kling-v3-omni"}
    assert GROK in complete("generate", "-m", "apiyi/")
    assert complete("compare", "-m", "hero,apimart/kling-v3-o") == ["hero,apimart/kling-v3-omni"]
    assert "apiyi/sora-2" not in complete("compare", "-m", "apiyi/"), "it is retired"


def test_settings_that_are_wrong_complete_nothing(complete, tmp_path):
    (tmp_path / "anyvideo.toml").write_text("model = 3", "utf-8")

    assert complete("compare", "-m", "kl") == []


def test_jobs_by_their_short_ref_the_latest_first(complete, call, account, tmp_path):
    assert complete("resume", "") == []
    call("generate", FOX, "-o", "a.mp4", "--key", "fox-1")
    call("generate", FOX, "-o", "b.mp4", "--key", "fox-2")
    call("generate", FOX, "-o", "c.mp4")
    (ref,) = [job["ref"] for job in call("jobs", "--all", "--json").json if "fox" not in job["ref"]]

    assert complete("resume", "fox") == ["fox-2", "fox-1"]
    assert complete("resume", ref[:2]) == [ref[:8]]
    (tmp_path / "home" / "journal.sqlite").write_bytes(b"x" * 4096)
    assert complete("resume", "fox") == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_each_shell(call, shell):
    result = call("completion", shell)

    assert result.code == 0
    assert "_ANYVIDEO_COMPLETE" in result.out
    assert f"{shell}_complete" in result.out


def test_another_shell_is_a_usage_error(call):
    result = call("completion", "tcsh")

    assert (result.code, result.err.count("\n")) == (2, 1)

"""`anyvideo resume`."""

import json

import pytest

FOX = "a red fox"


@pytest.fixture
def late(call, account, sandbox):
    """Make a job whose deadline passes before it ends."""

    def make(name, *words):
        arguments = ["-o", f"{name}.mp4", "--key", name, "--timeout", "0.5"]
        assert call("generate", " ".join((FOX, *words)), *arguments).code == 6

    return make


def test_the_only_open_job_needs_no_name(call, late, sandbox, tmp_path):
    late("fox")
    result = call("resume")

    assert result.code == 0, result.err
    assert result.lines[-1].startswith("fox.mp4: ")
    assert (tmp_path / "fox.mp4").exists()
    assert len(sandbox.posts()) == 1


def test_the_video_goes_to_its_planned_place_from_any_folder(
    call, late, tmp_path, monkeypatch, account
):
    late("fox")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    result = call("resume", "fox", "--config", account, "--json")

    assert result.json["path"] == str(tmp_path / "fox.mp4")


def test_an_interrupt_outside_of_a_request_names_the_job(call, late, monkeypatch):
    late("fox")

    def interrupt(*given, **more):
        raise KeyboardInterrupt

    monkeypatch.setattr("anyvideo.cli.commands.resume.report_progress", interrupt)
    result = call("resume", "fox", "--json")

    assert result.code == 130
    assert "goes on at apiyi; resume it with: anyvideo resume fox" in result.err
    assert result.json["error"]["task"]["ref"] == "fox"


def test_several_open_jobs_are_named(call, late):
    late("fox"), late("wolf")
    result = call("resume")

    assert result.code == 2
    assert "2 jobs are open: fox, wolf; name one, or use --all" in result.err


def test_without_an_open_job_it_says_so(call, account):
    assert "no job is open; `anyvideo jobs --all`" in call("resume").err
    assert (
        "no job, or more than one, matches 'x'; `anyvideo jobs --all` lists all jobs\n"
        in call("resume", "x").err
    )
    assert call("resume", "--all").out == "no job is open\n"


def test_all_finishes_what_it_can_and_returns_the_first_code(call, late, lost, tmp_path):
    late("fox"), late("wolf", "[fault:fail-at=80]"), late("owl")
    result = call("resume", "--all", "-o", "films", "--json")

    outcome = {item["ref"]: item for item in result.json}
    assert result.code == 5
    assert outcome["lost"]["error"]["exit_code"] == 5
    assert outcome["wolf"]["error"]["exit_code"] == 4
    assert len(list((tmp_path / "films").iterdir())) == 2
    assert "lost: " in result.err
    again = call("resume", "--all")
    assert again.code == 5


def test_all_shows_each_video_to_people(call, late):
    late("fox"), late("owl")
    result = call("resume", "--all")

    assert result.code == 0
    assert "\nfox.mp4: " in result.out
    assert "\nowl.mp4: " in result.out


def test_a_downloaded_video_is_downloaded_again_only_on_request(call, account, tmp_path):
    call("generate", FOX, "-o", "fox.mp4", "--key", "fox")
    done, json_done = call("resume", "fox"), call("resume", "fox", "--json")
    again = call("resume", "fox", "-o", "again.mp4")

    assert done.out == "fox.mp4 is already downloaded; -o FILE downloads it again\n"
    assert json_done.json["path"] == str(tmp_path / "fox.mp4")
    assert again.code == 0
    assert (tmp_path / "again.mp4").exists()


def test_an_ambiguous_job_is_not_sent_again(call, lost, sandbox):
    result = call("resume", "lost")

    assert result.code == 5
    assert result.err.endswith(
        "resolve it with its id, or as not created: anyvideo resume lost --task-id ID (or"
        " --not-created)\n"
    )
    assert len(sandbox.posts()) == 1


def test_an_ambiguous_job_is_resolved_with_its_id(call, lost, sandbox, tmp_path):
    result = call("resume", "lost", "--task-id", lost)

    assert result.code == 0, result.err
    assert (tmp_path / "fox.mp4").exists()
    assert len(sandbox.posts()) == 1


@pytest.mark.parametrize("json_too", [False, True])
def test_an_ambiguous_job_that_is_not_there_is_noted(call, lost, json_too):
    result = call("resume", "lost", "--not-created", *(["--json"] if json_too else []))

    assert result.code == 0
    if json_too:
        assert result.json["task"]["status"] == "failed"
    else:
        assert result.out == "noted: job lost was not created and costs nothing\n"
    assert call("jobs", "--json").json == []
    assert call("resume", "lost", "--not-created").code == 2


def test_a_handle_works_where_the_journal_does_not_know_the_job(call, late, monkeypatch, tmp_path):
    late("fox")
    (job,) = call("jobs", "--json").json
    handle = {**job["task"], "ref": ""}
    monkeypatch.setenv("ANYVIDEO_HOME", str(tmp_path / "other"))
    result = call("resume", json.dumps(handle))

    assert result.code == 0, result.err
    assert (tmp_path / "video.mp4").exists()


def test_a_job_that_failed_says_why(call, account):
    call("generate", f"{FOX} [fault:fail-at=50]", "-o", "fox.mp4", "--key", "fox")

    assert call("resume", "fox").code == 4


@pytest.mark.parametrize(
    "arguments",
    [("x", "--all"), ("--all", "--not-created"), ("x", "--task-id", "y", "--not-created")],
)
def test_contradictory_options(call, arguments):
    result = call("resume", *arguments)

    assert result.code == 2
    assert "exclude each other" in result.err

"""`anyvideo jobs`."""

import click

FOX = "a red fox"
UNPRICED = ("--set", "options.apimart.resolution=720P")  # an option that the price depends on


def test_without_a_journal_there_are_no_jobs(call):
    assert call("jobs").out == "no jobs yet\n"
    assert call("jobs", "--json").json == []


def test_a_downloaded_job_is_finished(call, account):
    call("generate", FOX, "-o", "fox.mp4", "--key", "order-7")
    short, every = call("jobs"), call("jobs", "--all")

    assert short.out == "no open jobs\n1 more is finished; --all shows them\n"
    (row,) = every.lines[1:]
    assert row.startswith("order-7 ")
    assert "apiyi/grok-imagine-video-1.5  succeeded  " in row
    assert row.endswith("fox.mp4")


def test_an_ambiguous_job_is_listed_with_the_command_that_resolves_it(call, lost):
    result = call("jobs")

    assert result.lines[1].startswith("lost ")
    assert result.lines[2] == (
        "lost: the job may or may not exist at apiyi: look for it there, then run: "
        "anyvideo resume lost --task-id ID (or --not-created)"
    )


def test_json_has_the_handle_and_what_was_delivered(call, account):
    call("generate", FOX, "-o", "fox.mp4")
    (job,) = call("jobs", "--all", "--json").json

    assert job["open"] is False
    assert job["delivered"]["width"] == 854
    assert job["job"]["prompt"] == FOX
    assert job["task"]["status"] == "succeeded"
    assert job["created"].startswith("2026-11-20T12:00:0")
    assert job["finished"] > job["created"]
    assert call("jobs", "--all").lines[1].startswith(f"{job['ref'][:8]} ")


def test_an_open_job_has_no_end(call, account):
    call("generate", f"{FOX} [fault:stuck]", "-o", "fox.mp4", "--timeout", 5)
    (job,) = call("jobs", "--json").json

    assert (job["open"], job["finished"], job["delivered"]) == (True, None, None)
    assert job["state"] in {"queued", "running"}


def test_a_journal_that_cannot_be_read_is_one_line(call, tmp_path):
    (tmp_path / "home").write_text("no folder", "utf-8")
    result = call("jobs")

    assert (result.code, result.err.count("\n")) == (2, 1)
    assert "ANYVIDEO_HOME" in result.err


def test_spend_sums_by_day_and_model(call, account, clock):
    assert call("jobs", "--spend").out == "nothing was sent yet\n"
    call("generate", FOX, "-o", "a.mp4", "--seconds", 4)
    one = call("jobs", "--spend")
    call("generate", f"{FOX} [fault:fail-at=50]", "-o", "b.mp4", "--seconds", 4)
    clock.advance(86_400)
    call("generate", FOX, "-m", "apimart/kling-v3", "-o", "c.mp4", "--seconds", 5)
    call("generate", FOX, "-m", "apimart/wan2.7", *UNPRICED, "-o", "d.mp4", "--timeout", 0.001)
    several = call("jobs", "--spend").lines

    assert [line.split() for line in one.lines] == [
        ["day", "offer", "jobs", "quoted", "spent", "per", "s"],
        ["2026-11-20", "apiyi/grok-imagine-video-1.5", "1", "0.32", "0.32", "USD", "0.08"],
    ]
    assert [line.split() for line in several] == [
        ["day", "offer", "jobs", "open", "failed", "quoted", "billed", "spent", "wasted", "per", "s"],
        ["2026-11-21", "apimart/kling-v3", "1", "0.336", "0.336", "0.336", "USD", "0.0672"],
        ["2026-11-21", "apimart/wan2.7", "1", "1", "unknown", "unknown"],
        ["2026-11-20", "apiyi/grok-imagine-video-1.5", "2", "1", "0.64", "0.64", "USD", "0.32", "0.16"],
        ["all", "4", "1", "1", "0.976", "+", "1", "unknown", "0.336", "0.976", "USD", "0.32", "0.1084"],
    ]  # fmt: skip


def test_spend_as_json(call, account):
    call("generate", FOX, "-o", "a.mp4", "--seconds", 4)
    (row,) = call("jobs", "--spend", "--json").json

    assert (row["spent"], row["per_second"], row["day"]) == ("0.32", "0.08", "2026-11-20")


def test_it_shows_the_cost_and_why_there_is_no_video(call, account, terminal, monkeypatch):
    call("generate", f"{FOX} [fault:no-money]", "-o", "a.mp4", "--key", "poor", "--seconds", 4)
    call("generate", FOX, "-m", "apimart/kling-v3", "-o", "b.mp4", "--key", "done", "--seconds", 5)
    call("generate", FOX, "-o", "c.mp4", "--key", "late", "--timeout", 0.001, "--seconds", 4)
    monkeypatch.setenv("COLUMNS", "80")
    lines = click.unstyle(call("jobs", "--all").out).splitlines()
    rows = {line.split()[0]: line for line in lines}

    assert max(map(len, lines)) <= 80
    assert "not billed" in rows["poor"]
    assert "0.336 USD billed" in rows["done"]
    assert "0.32 USD" in rows["late"]
    assert rows["poor:"].startswith("poor: apiyi: ")
    assert "top up the account" in lines[-1]
    assert "late:" not in rows, "it runs"


def test_a_ready_video_is_listed_with_the_command_that_downloads_it(call, account):
    call("generate", f"{FOX} [fault:content-400=99]", "-o", "a.mp4", "--key", "cut")

    assert call("jobs").lines[-1].endswith("is ready at apiyi; resume it with: anyvideo resume cut")

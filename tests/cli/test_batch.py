"""`anyvideo batch`: what a list costs, what comes of it, and how a second run goes on."""

import csv
import io
import json
import os
import signal
from pathlib import Path

import pytest
from rich.console import Console

from anyvideo import Client, VideoJob
from anyvideo.batch.batch_run import MapOptions, prepare_run
from anyvideo.batch.lines import JobLine
from anyvideo.batch.result import JobResult
from anyvideo.batch.sync import ResultIterator
from anyvideo.cli.views.batch_progress import Tally
from anyvideo.cli.views.live_batch import LiveBatch
from anyvideo.tasks.task import Task
from tests.cli.test_plan_gate import Terminal

FOX = "a red fox"


@pytest.fixture
def jobs(account, tmp_path):
    """Write a list of jobs, and return its name."""

    def write(*lines, name="clips.jsonl"):
        texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
        (tmp_path / name).write_text("\n".join(texts), "utf-8")
        return name

    return write


def job(number=0, **fields):
    return {"prompt": f"{FOX} {number}", "seconds": 4, **fields}


def test_a_list_is_quoted_and_made_and_a_second_run_pays_nothing(call, jobs, sandbox, tmp_path):
    name = jobs(job(key="fox"), job(1, model="apimart/kling-v3", seconds=5, to="sea/owl.mp4"))
    first = call("batch", name, "--at-once", 1, "--results", "out/r.csv")

    assert first.code == 0, first.err
    assert first.lines == [
        "sends to                      jobs       cost",
        "apimart/kling-v3                 1  0.336 USD",
        "apiyi/grok-imagine-video-1.5     1   0.32 USD",
        "in all                           2  0.656 USD",
        first.lines[4],
        first.lines[5],
        "2 of 2 downloaded; 0.656 USD spent",
    ]
    assert first.lines[4].startswith("line 1: clips/fox.mp4, ")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "out/r.csv").read_text("utf-8"))))
    assert [row["model"] for row in rows] == ["apiyi/grok-imagine-video-1.5", "apimart/kling-v3"]
    assert (rows[1]["billed"], rows[1]["path"]) == ("0.336", str(tmp_path / "clips/sea/owl.mp4"))

    (tmp_path / "clips/fox.mp4").unlink()
    again = call("batch", name, "--results", "r.jsonl", "--max-cost", "0.00")
    assert again.lines[:2] == [
        "1 job done by an earlier run: its file is there, nothing to pay",
        "1 job was sent by an earlier run: followed, nothing to pay",
    ]
    assert again.lines[-1] == "2 of 2 downloaded"
    assert len(again.lines) == 4
    known = [json.loads(line) for line in (tmp_path / "r.jsonl").read_text().splitlines()]
    assert {row["state"] for row in known} == {"downloaded"}
    third = call("batch", name)
    assert "2 jobs done by an earlier run: their files are there" in third.out
    assert len(sandbox.posts()) == 2


def test_a_wrong_line_stops_the_list_before_it_is_paid(call, jobs, sandbox, tmp_path):
    name = jobs(job(), '{"promt": 1}', job(2, seconds=99), job(3, seconds=99), job(4, model="x/y"))
    result = call("batch", name)

    assert result.code == 2
    assert "clips.jsonl, line 2: the job: prompt: is missing" in result.err
    assert "clips.jsonl, lines 3, 4: apiyi/grok-imagine-video-1.5: seconds 99" in result.err
    assert "line 5: unknown model 'x/y'" in result.err
    assert result.err.endswith(
        "nothing was sent; --skip-bad leaves these lines out and makes 1 job\n"
    )
    assert sandbox.posts() == []
    skipped = call("batch", name, "--skip-bad", "--json")
    assert skipped.code == 2
    assert [item["state"] for item in skipped.json["results"]] == ["refused"] * 4 + ["downloaded"]
    assert skipped.json["costs"] == {"USD": "0.32"}
    assert skipped.json["results"][1]["key"].startswith("clips-")


def test_many_different_mistakes_are_not_all_shown(call, jobs):
    result = call("batch", jobs(*[json.dumps({"prompt": "a", f"x{n}": 1}) for n in range(25)]))
    assert "and 5 more such lines" in result.err
    assert result.err.endswith("anyvideo: nothing was sent\n")


@pytest.mark.parametrize(
    ("arguments", "stdin", "message"),
    [
        (["none.jsonl"], "", "the list of jobs none.jsonl cannot be read"),
        (["-"], "\n", "standard input holds no job"),
        (["-", "--max-cost", "0.10"], "j", "the list costs 0.32 USD, and max_cost is 0.10 USD"),
        (["-", "--max-cost", "1 EUR"], "j", "no rate in [currencies] compares that with 1.00 EUR"),
        (["-", "--results", "anyvideo.toml/r"], "j", "anyvideo.toml/r cannot be written"),
        (["-", "-o", "{x}"], "j", "unknown field 'x'"),
    ],
)
def test_what_is_wrong_is_said_before_anything_is_sent(
    call, jobs, sandbox, arguments, stdin, message
):
    text = json.dumps(job()) if stdin == "j" else stdin
    result = call("batch", *arguments, stdin=text.encode())
    assert result.code in {2, 3}
    assert message in result.err
    assert sandbox.posts() == []


def test_an_existing_file_is_named_with_the_option_that_replaces_it(call, jobs, tmp_path):
    (tmp_path / "clips").mkdir()
    (tmp_path / "clips/fox.mp4").write_text("mine")
    name = jobs(job(key="fox"))
    assert (
        "exists; name another file, or allow overwriting (--overwrite)" in call("batch", name).err
    )
    assert call("batch", name, "--overwrite", "-q").out == "clips/fox.mp4\n"


def test_the_sandbox_needs_no_model_and_is_free(call, home, tmp_path):
    (tmp_path / "clips.csv").write_text("prompt,seconds\na red fox,4\n")
    result = call("batch", "clips.csv", "--sandbox")
    assert result.code == 0
    assert "the costs are the vendors'; the sandbox is free" in result.out


def test_what_fails_is_said_with_what_to_do(call, jobs, sandbox):
    name = jobs(
        job(key="lost", prompt=f"{FOX} [fault:drop-after-accept]"),
        job(1, prompt=f"{FOX} [fault:fail-at=80]"),
        job(2, options={"apiyi": {"n": 1}}),
    )
    result = call("batch", name, "--at-once", 1)

    assert result.code == 5
    assert "line 1: apiyi: the job may or may not exist" in result.err
    assert "anyvideo resume lost --task-id ID (or --not-created)" in result.err
    assert "1 of 3 downloaded, 1 ambiguous, 1 failed; " in result.lines[-1]
    assert "about 0.96 USD" in result.out
    assert result.err.endswith(
        "anyvideo: the same command goes on with the rest, and pays nothing twice\n"
        "anyvideo: a job that failed is not sent again; give its line another key for that\n"
    )
    assert len(sandbox.posts()) == 3


def test_what_ends_the_whole_list_is_said_once(call, jobs, sandbox, account):
    with account.open("a") as file:
        file.write("\n[budget]\nclips = 1")
    result = call("batch", jobs(*map(job, range(4))), "--at-once", 1)
    assert result.code == 3
    assert result.err.count("the budget of 1 clip a day is used up") == 1
    assert "1 of 4 downloaded, 3 not sent; 0.32 USD spent" in result.lines[-1]


def test_a_price_that_is_not_known_is_no_zero(call, jobs):
    result = call(
        "batch", jobs(job(model="apimart/wan2.7", options={"apimart": {"resolution": "720P"}}))
    )
    assert "apimart/wan2.7     1  1 unknown" in result.out
    assert result.lines[-1] == "1 of 1 downloaded"


def test_on_a_terminal_it_asks_first(call, jobs, terminal, monkeypatch, sandbox):
    asked: list[str] = []
    monkeypatch.setattr("anyvideo.cli.plan_gate.sys", Terminal)
    monkeypatch.setattr("anyvideo.cli.plan_gate.click.confirm", asked.append)
    name = jobs(job(), job(1))
    result = call("batch", name)
    assert (result.code, asked) == (3, ["Send 2 jobs for 0.64 USD?"])
    assert "not confirmed; nothing was sent" in result.err
    assert call("batch", name, "-y").code == 0
    assert call("batch", name).code == 0, "nothing is left to pay, and nothing to ask"
    assert len(sandbox.posts()) == 2


def interrupt_after(monkeypatch, count, number=signal.SIGINT):
    """Send this process a signal once so many results are read."""
    read, seen = ResultIterator.__next__, []

    def count_results(results):
        result = read(results)
        seen.append(result)
        if len(seen) == count:
            os.kill(os.getpid(), number)
        return result

    monkeypatch.setattr(ResultIterator, "__next__", count_results)


@pytest.mark.parametrize(
    ("number", "code", "quiet"), [(signal.SIGINT, 130, ()), (signal.SIGTERM, 143, ("-q",))]
)
def test_an_interrupt_begins_nothing_new_and_the_next_run_goes_on(
    call, jobs, sandbox, monkeypatch, number, code, quiet
):
    name = jobs(*map(job, range(6)))
    with monkeypatch.context() as patched:
        interrupt_after(patched, 2, number)
        result = call("batch", name, "--at-once", 2, "--results", "r.jsonl", *quiet)
    assert result.code == code
    assert ("stopping: nothing new is sent" in result.out) is not bool(quiet)
    assert (" not sent" in result.lines[-1]) is not bool(quiet)
    assert len(sandbox.posts()) < 6
    assert len(Path("r.jsonl").read_text("utf-8").splitlines()) == 6
    assert call("batch", name).code == 0
    assert len(sandbox.posts()) == 6


def test_a_closed_pipe_mutes_the_lines_and_the_jobs_go_on(call, jobs, monkeypatch, sandbox):
    def refuse(*_, **__):
        raise BrokenPipeError

    name = jobs(job(), job(1))
    monkeypatch.setattr("anyvideo.cli.views.batch_progress.echo", refuse)
    assert call("batch", name).code == 0
    assert len(sandbox.posts()) == 2


def test_a_bug_of_ours_ends_the_list_and_leaves_no_paid_request_alone(
    call, jobs, monkeypatch, sandbox
):
    def fail(*_):
        raise ZeroDivisionError

    name = jobs(job(), job(1))
    with monkeypatch.context() as patched:
        patched.setattr("anyvideo.cli.list_run.describe_result", fail)
        result = call("batch", name, "--json", "--at-once", 1)
    assert result.code == 1
    assert "internal error: ZeroDivisionError" in result.err
    assert call("batch", name).code == 0
    assert len(sandbox.posts()) == 2


def test_a_full_disk_of_the_results_stops_no_job(call, jobs, sandbox):
    if not Path("/dev/full").exists():
        pytest.skip("the system has no full device")
    Path("r.jsonl").symlink_to("/dev/full")
    result = call("batch", jobs(job(), job(1)), "--results", "r.jsonl")
    assert result.code == 1
    assert result.err == "anyvideo: r.jsonl: No space left on device\n"
    assert len(sandbox.posts()) == 2


def test_on_a_terminal_failures_stay_above_the_table(call, jobs, terminal, monkeypatch):
    monkeypatch.setattr("anyvideo.cli.views.batch_progress.is_interactive", lambda: True)
    lines = [job(), job(1, prompt=f"{FOX} [fault:moderated]")]
    result = call("batch", jobs(*lines), "-y")
    assert result.code == 3
    assert "line 2: apiyi: " in result.out
    assert "1 of 2 downloaded, 1 refused; 0.32 USD spent" in result.lines[-1]


def test_the_table_shows_the_jobs_in_motion_and_a_total(clock, account, terminal, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv("LINES", "8")
    with Client() as client:
        listed = [JobLine(0, f"key-{number}", VideoJob(FOX, seconds=4)) for number in range(3)]
        batch_run = prepare_run(client.session, listed, "out", None, MapOptions())
        tally = Tally(batch_run)
        display = LiveBatch(tally)
        born = client.session.now
        tasks = [
            Task("apiyi", "apiyi", "", "t", "grok", status, progress=7, created_at=created)
            for status, created in (("running", born), ("succeeded", None), ("queued", None))
        ]
        for order, task in zip(batch_run.batch.orders, tasks, strict=True):
            display.update(order.line, task)
        clock.advance(75)
        tally.add(JobResult(3, "key-2", batch_run.batch.orders[2].plan))
        full = draw(display)
        named = LiveBatch(tally, by_offer=True)
        named.update(batch_run.batch.orders[0].line, tasks[0])
        assert draw(named)[0] == "    1  running       7 %  1 min 15 s  apiyi/grok"
        display.end(JobResult(3, "key-2"), [])
        assert draw(display)[-1].endswith("2 in motion; 0 of 3 downloaded, 1 not sent")
    assert full[0] == "    1  running       7 %  1 min 15 s  key-0  apiyi/grok"
    assert full[1] == "    2  downloading               0 s  key-1  apiyi/grok"
    assert full[2] == "and 1 more in motion"
    assert full[3].endswith("3 in motion; 0 of 3 downloaded, 1 not sent")


def draw(display):
    console = Console(width=60, color_system=None)
    with console.capture() as captured:
        console.print(display.render())
    return captured.get().splitlines()

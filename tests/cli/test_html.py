"""The pages of --html: from a comparison, from the journal, and from a bake-off."""

import json
import re

import pytest

from anyvideo.cli.commands import bakeoff
from anyvideo.cli.list_run import ListRun

FOX = "a red fox"
SHORT = ("--seconds", 6, "-m", "apiyi/grok*1.5,apimart/grok*1.5,apimart/kling-v2-6")


@pytest.fixture
def read(tmp_path):
    """Return what a page holds."""

    def open_page(name):
        html = (tmp_path / name).read_text("utf-8")
        (text,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', html)
        return json.loads(text)["rows"], html

    return open_page


def test_a_comparison_is_a_page_of_prices_and_refusals(call, home, read):
    result = call("compare", FOX, *SHORT, "--html", "out/prices.html")
    rows, html = read("out/prices.html")

    assert result.code == 0
    assert result.lines[-1] == "the page is out/prices.html"
    assert [row["name"] for row in rows][-1] == "apiyi/grok-imagine-video-1.5"
    assert rows[-1]["quoted"] == "0.48 USD"
    assert "apimart/kling-v2-6" in html
    assert "seconds 6" in html
    assert f'<blockquote dir="auto" tabindex="0">{FOX}</blockquote>' in html
    assert call("compare", FOX, *SHORT, "--html", "p.html", "--json").json["plans"]
    wrong = call("compare", "--jobs", "j.jsonl", "--html", "p.html")
    assert "--jobs takes the jobs from its file" in wrong.err


def test_a_comparison_that_finds_nothing_is_a_page_too(call, home, read):
    call("compare", FOX, *SHORT, "--max-cost", "0.00", "-m", "apiyi/sora-2", "--html", "p.html")
    assert isinstance(read("p.html")[0], list)


def test_the_journal_is_a_gallery(call, account, read, tmp_path):
    for name in ("fox", "owl"):
        call("generate", f"a red {name}", "-o", f"{name}.mp4")
    call("generate", f"{FOX} [fault:fail-at=50]", "-o", "sad.mp4")
    call("generate", f"{FOX} [fault:stuck]", "-o", "open.mp4", "--timeout", 5)
    (tmp_path / "owl.mp4").unlink()
    result = call("jobs", "--html", "jobs.html")
    assert result.code == 0, result.err
    rows, _ = read("jobs.html")

    assert result.lines[-1] == "the page is jobs.html"
    shown = {row["prompt"]: row for row in rows}
    assert shown["a red fox"]["held"]
    assert shown["a red fox"]["delivered"].endswith("24 fps, silent")
    assert shown["a red fox"]["seconds"] > 0
    assert shown["a red owl"]["problem"] == "owl.mp4 is missing"
    assert shown["a red fox [fault:fail-at=50]"]["error"]
    assert shown["a red fox [fault:stuck]"]["problem"] == "open.mp4 is missing"
    assert "drop one" in call("jobs", "--html", "jobs.html", "--spend").err


def test_a_bakeoff_makes_each_clip_once(call, account, read, sandbox, tmp_path):
    first = call("bakeoff", FOX, *SHORT, "--html", "b.html", "-o", "clips")
    rows, html = read("b.html")

    assert first.code == 0, first.err
    assert first.lines[0] == "left out: 1 that refuse"
    assert "in all" in first.out
    assert first.lines[-1] == "the page is b.html"
    made = [row["name"] for row in rows]
    assert all(row["state"] == "downloaded" and row["held"] for row in rows)
    assert "apiyi/grok-imagine-video-1.5: clips/apiyi-grok-imagine-video-1.5.mp4" in first.out
    assert len(sandbox.posts()) == len(made)
    assert "seconds 6" in html
    again = call("bakeoff", FOX, *SHORT, "-o", "clips")
    assert again.code == 0, again.err
    assert len(sandbox.posts()) == len(made)
    assert [row["held"] for row in read("bakeoff.html")[0]] == [True] * len(made)


def test_a_bakeoff_stays_within_its_limit_or_sends_nothing(call, account, sandbox):
    none = call("bakeoff", FOX, *SHORT, "--max-cost", "0.01")
    assert none.code == 3
    assert "no offer is left to take part: " in none.err
    assert "that can pass --max-cost 0.01 USD, 1 that refuse" in none.err
    total = call(
        "bakeoff",
        FOX,
        "--seconds",
        5,
        "-m",
        "apiyi/grok*1.5,apimart/kling-v3",
        "--max-cost",
        "0.60",
        "-q",
    )
    assert total.code == 3
    assert "the list costs" in total.err
    assert sandbox.posts() == []


def test_an_account_without_a_key_does_not_take_part(call, account, monkeypatch, sandbox):
    monkeypatch.delenv("APIMART_API_KEY")
    result = call("bakeoff", FOX, "-m", "apiyi/grok*1.5,apimart/kling-v3", "--json")
    assert result.code == 0, result.err
    assert [item["model"] for item in result.json["results"]] == ["apiyi/grok-imagine-video-1.5"]
    assert len(sandbox.posts()) == 1
    refused = call("bakeoff", FOX, "-m", "apimart/kling-v3")
    assert "no offer is left to take part: 1 without a key" in refused.err


def test_the_page_shows_what_failed(call, account, read, sandbox):
    result = call("bakeoff", f"{FOX} [fault:fail-at=50]", *SHORT)
    rows, _ = read("bakeoff.html")
    assert result.code == 4
    assert {row["state"] for row in rows} == {"failed"}
    assert all(row["error"] for row in rows)


def test_a_clip_in_the_way_stops_the_bakeoff(call, account, sandbox, tmp_path):
    (tmp_path / "c{l}ips").mkdir()
    (tmp_path / "c{l}ips/apimart-kling-v3.mp4").write_text("mine")
    result = call("bakeoff", FOX, "-m", "apimart/kling-v3", "-o", "c{l}ips")
    assert result.code == 2
    assert "apimart-kling-v3.mp4 exists; name another file" in result.err
    assert "(--overwrite)" in result.err
    assert result.err.endswith("nothing was sent\n")


def test_a_page_that_cannot_be_written_is_found_before_anything_is_sent(call, account, sandbox):
    result = call("bakeoff", FOX, *SHORT, "--html", "anyvideo.toml/b.html")
    assert result.code == 2
    assert "anyvideo.toml/b.html cannot be written" in result.err
    assert sandbox.posts() == []


def test_a_run_that_ends_early_leaves_the_page_as_far_as_it_came(call, account, read, monkeypatch):
    def stop(self, client):
        raise KeyboardInterrupt

    monkeypatch.setattr(ListRun, "perform", stop)
    assert call("bakeoff", FOX, *SHORT, "--sandbox").code == 130
    rows, html = read("bakeoff.html")
    assert {row["state"] for row in rows} == {"not sent"}
    assert "sandbox: nothing is billed" in html
    assert "cost" not in rows[0]
    assert bakeoff.command.name == "bakeoff"

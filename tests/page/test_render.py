"""What a page holds, without a browser: texts stay texts, sums keep currencies apart, clips are found."""

import errno
import hashlib
import json
import re
import sys
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import pytest

from anyvideo import Image, VideoJob
from anyvideo.errors import ConfigError, JobError
from anyvideo.journal.entry import Entry
from anyvideo.page.clips import find_clips
from anyvideo.page.entry import Page, PageRefusal
from anyvideo.page.jobs import list_entries
from anyvideo.page.render import render_page, write_page
from anyvideo.page.rows import sum_up
from anyvideo.page.words import describe_facts, describe_job, find_tier
from anyvideo.tasks.task import Facts, Task

EVIL = "</script><script>alert(1)</script> \"'& \u2028 \ud800"


def read_data(html):
    (text,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', html)
    return json.loads(text)


def test_texts_from_outside_are_data_and_never_markup(entry, tmp_path):
    page = Page(EVIL, "clips", (entry(EVIL, prompt=EVIL, error=EVIL),), (PageRefusal(EVIL, EVIL),))
    write_page(page, tmp_path / "new/page.html")
    html = (tmp_path / "new/page.html").read_text("utf-8")

    assert "<script>alert" not in html
    assert html.count("</script>") == html.count("<script")
    assert read_data(html)["rows"][0]["prompt"] == EVIL
    assert (tmp_path / "new/page.html").stat().st_mode & 0o077 == 0


def test_amounts_of_two_currencies_are_never_added(entry):
    entries = [
        entry(billed=Decimal("0.10")),
        entry(),
        entry(quoted=Decimal(3), currency="EUR"),
        entry(quoted=None),
        entry(counts=False),
    ]
    assert sum_up(entries) == "3.00 EUR and 0.40 USD"


def test_rows_have_the_words_of_their_amounts(entry, tmp_path):
    entries = (
        entry(confidence="ceiling", billed=Decimal("0.25")),
        entry(quoted=None, confidence="unknown"),
        entry(confidence="estimate"),
    )
    first, second, third = read_data(render_page(Page("p", "clips", entries), tmp_path))["rows"]
    assert (first["quoted"], first["billed"], first["cost"]) == (
        "at most 0.30 USD",
        "0.25 USD",
        0.25,
    )
    assert "quoted" not in second
    assert third["quoted"] == "about 0.30 USD"


def test_clips_are_embedded_up_to_a_limit_and_named_beyond_it(entry, films, tmp_path):
    size = (films / "2.mp4").stat().st_size
    odd = tmp_path / "a:b c.mp4"
    odd.write_bytes((films / "2.mp4").read_bytes())
    held, named, none = find_clips([entry(), entry(clip=odd), entry(clip=None)], tmp_path, size)

    assert len(held.data) == size
    assert (named.url, named.data) == ("./a%3Ab%20c.mp4", b"")
    assert (none.url, none.problem) == ("", "")
    many = find_clips([entry()] * 201, tmp_path)
    assert [bool(clip.data) for clip in many] == [True] * 200 + [False]


def test_a_clip_that_cannot_be_shown_is_said_in_its_place(entry, tmp_path, monkeypatch):
    for name, content in {"half.mp4.part": b"x", "bad.mp4": b"no film", "empty.mp4": b""}.items():
        (tmp_path / name).write_bytes(content)
    names = ("gone", "half", "bad", "empty")
    clips = find_clips([entry(clip=tmp_path / f"{name}.mp4") for name in names], tmp_path)
    gone, half, bad, empty = (clip.problem for clip in clips)
    assert (gone, half, empty) == (
        "gone.mp4 is missing",
        "half.mp4 is half downloaded",
        "empty.mp4 is empty",
    )
    assert bad.startswith("bad.mp4 is no whole MP4 file: ")

    def refuse(path):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    (clip,) = find_clips([entry()], tmp_path)
    assert clip.problem == "2.mp4 cannot be read: Permission denied"


def test_a_page_that_cannot_be_written_is_one_line(entry, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(JobError, match=r"cannot be written: .*; name another file"):
        write_page(Page("p", "clips", (entry(),)), tmp_path / "file/page.html")


def test_without_the_extra_the_error_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(ConfigError, match=r"pip install 'anyvideo\[page\]'"):
        render_page(Page("p", "clips", ()), tmp_path)


def test_jobs_and_files_in_words():
    job = VideoJob("a", seconds=4, size="1280x720", audio=True)
    assert describe_job(job) == "4 s, 1280x720, sound on"
    pictures = VideoJob(
        "a", images=["a.png", Image("b.png", "last_frame")], resolution="4k", aspect_ratio="16:9"
    )
    assert describe_job(pictures) == "2160p 16:9, 2 images"
    assert describe_job(VideoJob("a", images=["a.png"])) == "1 image"
    assert (find_tier(job), find_tier(pictures), find_tier(VideoJob("a"))) == ("720p", "2160p", "")
    whole = Facts(seconds=4.0, width=1280, height=720, fps=24.0, has_audio=False)
    assert describe_facts(whole) == "4 s, 1280x720, 24 fps, silent"
    assert describe_facts(Facts(None, None, None, None, None)) == ""


def test_the_libraries_are_the_files_of_their_packages():
    folder = files("anyvideo.page").joinpath("assets/vendor")
    hashes = {
        name: hashlib.sha256(folder.joinpath(name).read_bytes()).hexdigest()
        for name in ("d3.min.js", "plot.umd.min.js")
    }
    assert hashes == {
        "d3.min.js": "912111098ea99503a6f4967361d2bbdc9dbf58cf9c678c8e27e5b02d1a07f0c1",
        "plot.umd.min.js": "4358086467740777dd788d6b27a95cebdbaefdd50c730a3060117073bd7134cb",
    }
    assert folder.joinpath("LICENSE-d3").is_file()
    assert folder.joinpath("LICENSE-plot").is_file()


@pytest.mark.parametrize("job", ["", '{"prompt": "a fox", "of_yesterday": 1}'])
def test_a_row_whose_job_cannot_be_read_is_shown_without_it(job):
    task = Task("acme", "acme", "", "t-1", "fox-1", "running")
    (row,) = list_entries([Entry("ref", "acme/fox-1", task, job, 0.0)])
    assert (row.name, row.prompt, row.state, row.clip) == ("acme/fox-1", "", "running", None)

"""The program as its own process, on a terminal of its own."""

import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios

import pytest

from anyvideo.sandbox import Sandbox

FOX = "A red fox runs through fresh snow at dawn"
GROK = "apiyi/grok-imagine-video-1.5"
CONFIG = f"""
model = "{GROK}"
[providers.apiyi]
base_url = "%s"
[[offers]]
adapter = "apiyi"
model = "grok-imagine-video-1.5"
finishes_in = 3
"""
CODES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\r")


@pytest.fixture
def start(home, monkeypatch):
    """Start the program on a terminal of 100 columns."""
    monkeypatch.setenv("TERM", "xterm-256color")

    def run(*arguments):
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
        command = [sys.executable, "-m", "anyvideo.cli", *map(str, arguments)]
        process = subprocess.Popen(
            command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
        )  # fmt: skip
        os.close(theirs)
        return process, ours

    return run


def read_screen(ours, until=None):
    """Return what a terminal received, up to its end or up to a word."""
    text = ""
    while until is None or until not in text:
        try:
            block = os.read(ours, 4096)
        except OSError:
            break
        if not block:
            break
        text += block.decode()
    return text


@pytest.mark.slow
def test_the_progress_is_live(start, tmp_path):
    process, screen = start("generate", FOX, "--sandbox", "--seconds", 4, "-o", "fox.mp4")
    text = read_screen(screen)

    assert process.wait(20) == 0
    plain = CODES.sub("", text)
    assert "\x1b[?25l" in text, "the cursor is hidden while the line is live"
    assert text.rindex("\x1b[?25h") > text.rindex("\x1b[?25l"), "and shown again"
    assert re.search(r"running +[━╸╺ ]+ \d+ % \d s, usually", plain), plain
    assert plain.rstrip().splitlines()[-1].startswith("fox.mp4: 4 s, 854x480, ")
    assert (tmp_path / "fox.mp4").stat().st_size > 10_000


@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_job_is_downloaded_when_it_is_resumed(
    start, tmp_path, monkeypatch, number, code
):
    with Sandbox() as sandbox:
        monkeypatch.setenv("APIYI_API_KEY", "a-key")
        (tmp_path / "anyvideo.toml").write_text(CONFIG % sandbox.base_url("apiyi"), "utf-8")
        process, screen = start("generate", FOX, "-o", "fox.mp4", "--seconds", 2, "--yes")
        read_screen(screen, until="queued")
        process.send_signal(number)
        said = CODES.sub("", read_screen(screen))
        assert process.wait(10) == code
        found = re.search(
            r"anyvideo: interrupted; task (\S+) goes on at apiyi; .*resume (\w+)", said
        )
        assert found, said
        process, screen = start("resume", found[2])
        home = CODES.sub("", read_screen(screen))

        assert process.wait(60) == 0
        assert "fox.mp4: 2 s" in home
        assert len(sandbox.posts()) == 1


@pytest.mark.slow
def test_tables_fit_the_terminal(start):
    process, screen = start("models")
    lines = CODES.sub("", read_screen(screen)).splitlines()

    assert process.wait(10) == 0
    assert max(map(len, lines)) <= 100

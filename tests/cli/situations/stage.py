"""Where a situation is played: commands and programs, and all that a person sees of them."""

import io
import re
import shlex
from contextlib import redirect_stdout
from functools import partial
from pathlib import Path
from typing import Any

import attrs

from anyvideo import Client

GROK = "apiyi/grok-imagine-video-1.5"
KLING = "apimart/kling-v3"
# What differs from run to run, each with the word that stands for it.
_CHANGING = {
    "FINGERPRINT": re.compile(r"\b[0-9a-f]{64}\b"),
    "HOST": re.compile(r"http://127\.0\.0\.1:\d+"),
    "SIZE": re.compile(r"\b[\d.]+ kB\b|(?<=\"bytes\": )\d+"),
    "REQUEST": re.compile(r"(?<=request id: )\w+"),
    "TASK": re.compile(r"\b(?:video|task)_[0-9A-Za-z]{16,}|\bvideo_[0-9a-f]{8,}"),
    "REF": re.compile(r"\b[0-9a-f]{32}\b"),
    "SHORT": re.compile(r"\b(?:\d{8}|(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{8})\b"),
}
_COLOURS = re.compile(r"\x1b\[\d*m")


@attrs.define
class Stage:
    """One person's machine: an empty folder, vendors in a sandbox, a clock that can be moved."""

    call: Any
    clock: Any
    sandbox: Any
    account: Path
    patch: Any
    told: list[str] = attrs.field(factory=list)
    names: dict[str, str] = attrs.field(factory=dict)

    @property
    def folder(self) -> Path:
        return self.account.parent

    def run(self, line: str, **options: Any) -> str:
        """Run a command, and write down all that it prints."""
        ended = self.call(*shlex.split(line)[1:], **options)
        self.told.append(f"$ {line}")
        self.told += [text.rstrip() for text in ended.out.splitlines()]
        self.told += [f"! {text.rstrip()}" for text in ended.err.splitlines()]
        if ended.code:
            self.told.append(f"[exit {ended.code}]")
        return str(ended.out)

    def note(self, text: str) -> None:
        """Write down what happens between two commands."""
        self.told.append(f"({text})")

    def later(self, seconds: float, text: str) -> None:
        """Let time pass."""
        self.clock.advance(seconds)
        self.note(text)

    def configure(self, text: str) -> None:
        """Add to anyvideo.toml, before its tables where the line is a key."""
        own = self.account.read_text("utf-8")
        first = "" if text.lstrip().startswith("[") else text + "\n"
        rest = "" if first else "\n" + text
        self.account.write_text(first + own + rest, "utf-8")
        self.told += [f"| {line.strip()}" for line in text.strip().splitlines()]

    def play(self, program: str) -> None:
        """Run lines of Python in a program with a client, and write down what they print."""
        shown = io.StringIO()
        self.told += [f">>> {line}" for line in program.strip().splitlines()]
        with Client(str(self.account), clock=self.clock) as client, redirect_stdout(shown):
            exec(program, {"client": client, "home": self.folder})  # noqa: S102 (the tests' own lines)
        self.told += [line.rstrip() for line in shown.getvalue().splitlines()]

    def narrow(self, columns: int) -> None:
        """Let standard output be a terminal of so many columns, without colours."""
        for module in ("table", "progress"):
            self.patch.setattr(f"anyvideo.cli.views.{module}.is_interactive", lambda: True)
        settings = {"COLUMNS": str(columns), "TERM": "xterm", "NO_COLOR": "1", "FORCE_COLOR": "1"}
        for name, value in settings.items():
            self.patch.setenv(name, value)

    def read(self) -> str:
        """What was written down, with the words for what differs from run to run."""
        text = _COLOURS.sub("", "\n".join(self.told) + "\n").replace(str(self.folder), "<FOLDER>")
        for word, pattern in _CHANGING.items():
            text = pattern.sub(partial(self._replace, word), text)
        return text

    def _replace(self, word: str, found: re.Match[str]) -> str:
        return self._name(word, found[0])

    def _name(self, word: str, value: str) -> str:
        """Return the word for a value, with a number where several differ; as wide as the value."""
        if word in {"SIZE", "HOST", "FINGERPRINT", "REQUEST"}:
            return f"<{word}>"
        known = [item for item in self.names.values() if item.startswith(f"{word}")]
        return self.names.setdefault(value, f"{word}-{len(known) + 1}".ljust(len(value), "-"))

"""The delivered file, for people and for programs: where it is, what is in it, what it cost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from anyvideo.cli import screen
from anyvideo.cli.wording import say_bytes
from anyvideo.tasks.task import Facts, Video


def show_video(video: Video) -> None:
    """Write the path, what was delivered, where that is not what was ordered, and the bill."""
    facts = ", ".join([*_describe(video.facts), say_bytes(video.size)])
    click.echo(f"{screen.paint(say_path(video.path), 'green', bold=True)}: {facts}")
    for difference in video.report:
        click.echo(screen.paint(f"not as ordered: {difference}", "yellow"))
    task = video.task
    if task.cost is not None:
        currency = task.quote.currency if task.quote else "USD"
        quoted = f" (quoted: {task.quote})" if task.quote else ""
        click.echo(f"billed: {task.cost} {currency}{quoted}")


def _describe(facts: Facts) -> list[str]:
    words = [f"{facts.seconds:.3g} s" if facts.seconds is not None else ""]
    words.append(f"{facts.width}x{facts.height}" if facts.width and facts.height else "")
    words.append(f"{facts.fps:.3g} fps" if facts.fps else "")
    words.append({True: "with sound", False: "no sound", None: ""}[facts.has_audio])
    return [word for word in words if word]


def say_path(path: Path) -> str:
    """Return a path as short as it can be from here."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def to_json(video: Video) -> dict[str, Any]:
    """Return a delivery as plain JSON values."""
    facts = video.facts
    return {
        "path": str(video.path),
        "bytes": video.size,
        "seconds": facts.seconds,
        "width": facts.width,
        "height": facts.height,
        "fps": facts.fps,
        "has_audio": facts.has_audio,
        "differences": [str(difference) for difference in video.report],
        "task": json.loads(video.task.to_json()),
    }

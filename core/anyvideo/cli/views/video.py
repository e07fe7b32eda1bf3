"""The delivered file, for people and for programs: its path, its content, its bill."""

from __future__ import annotations

from json import loads
from typing import Any

from anyvideo.cli.views.table import echo, print_json, style
from anyvideo.cli.views.text import format_bytes, format_cost, format_path
from anyvideo.tasks.task import Facts, Video


def print_video(video: Video, *, json: bool, quiet: bool = False) -> None:
    """Print the path, what was delivered, how that differs from the order, and the bill.

    `quiet` prints the path alone to stdout, and the differences to stderr.
    """
    if json:
        print_json(to_json(video))
        return
    if quiet:
        echo(format_path(video.path))
        print_differences(video, err=True)
        return
    facts = ", ".join([*_describe(video.facts), format_bytes(video.size)])
    echo(style(format_path(video.path), "green", bold=True), f": {facts}")
    print_differences(video)
    task = video.task
    if task.cost is not None:
        currency = task.quote.currency if task.quote else "USD"
        quoted = f" (quoted: {task.quote})" if task.quote else ""
        echo(f"billed: {format_cost(task.cost, currency)}{quoted}")
    for item in video.outputs:
        if item.url and item.url != task.video_url:
            echo(f"also: {item.kind} at {item.url}")


def print_differences(video: Video, *, err: bool = False) -> None:
    """Print how a video differs from the order, a line for each difference."""
    for difference in video.differences:
        echo(style(f"not as ordered: {difference}", "yellow"), err=err)


def _describe(facts: Facts) -> list[str]:
    words = [f"{facts.seconds:.3g} s" if facts.seconds is not None else ""]
    words.append(f"{facts.width}x{facts.height}" if facts.width and facts.height else "")
    words.append(f"{facts.fps:.3g} fps" if facts.fps else "")
    words.append({True: "with sound", False: "no sound", None: ""}[facts.has_audio])
    return [word for word in words if word]


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
        "differences": [str(difference) for difference in video.differences],
        "task": loads(video.task.to_json()),
    }

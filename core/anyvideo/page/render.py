"""Writes a page: a template, its style, its scripts and its clips in one file that loads nothing."""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anyvideo.errors import ConfigError, JobError
from anyvideo.files.private import open_private
from anyvideo.page.clips import MOST_EMBEDDED, find_clips
from anyvideo.page.entry import Page
from anyvideo.page.rows import count_states, sum_up, write_row

if TYPE_CHECKING:
    from jinja2 import Environment

_LIBRARIES = ("vendor/d3.min.js", "vendor/plot.umd.min.js")
_SCRIPTS = ("elements.js", "stage.js", "cards.js", "table.js", "charts.js", "controls.js")


def write_page(page: Page, path: Path, room: int = MOST_EMBEDDED) -> None:
    """Write a page to a file that only its owner can read; missing folders are made.

    `room` is how many bytes of clips the page holds; it names the files of the others.

    Raises:
        ConfigError: the extra `page` is not installed.
        JobError: the file cannot be written.
    """
    text = render_page(page, path.parent, room)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open_private(path, "wb") as file:
            file.write(text.encode("utf-8", "replace"))
    except OSError as error:
        message = f"the page {path} cannot be written: {error.strerror}; name another file"
        raise JobError(message) from error


def render_page(page: Page, folder: Path, room: int = MOST_EMBEDDED) -> str:
    """Return the HTML of a page that is to lie in a folder.

    Raises:
        ConfigError: the extra `page` is not installed.
    """
    template = _open_templates().get_template("page.html.jinja")
    clips = find_clips(page.entries, folder, room)
    rows = [write_row(entry, clip) for entry, clip in zip(page.entries, clips, strict=True)]
    held = {number: base64.b64encode(clip.data).decode() for number, clip in enumerate(clips)}
    scripts = [*map(_read, _LIBRARIES), _join_scripts()]
    return template.render(
        page=page,
        data={"kind": page.kind, "rows": rows},
        held={number: text for number, text in held.items() if text},
        states=count_states(page.entries),
        total=sum_up(page.entries),
        style=_read("page.css"),
        scripts=scripts,
        hashes=[_hash(script) for script in scripts],
    )


def _open_templates() -> Environment:
    try:
        from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 (an extra)
    except ImportError as error:
        message = "a page needs the extra page: pip install 'anyvideo[page]'"
        raise ConfigError(message) from error
    loader = PackageLoader("anyvideo.page")
    options: dict[str, Any] = {"trim_blocks": True, "lstrip_blocks": True}
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, **options)


def _read(name: str) -> str:
    return files("anyvideo.page").joinpath("assets", *name.split("/")).read_text("utf-8")


def _join_scripts() -> str:
    """Return the page's own scripts as one, whose names nothing else sees."""
    return f'(() => {{\n"use strict";\n{"".join(map(_read, _SCRIPTS))}}})();\n'


def _hash(script: str) -> str:
    """Return what the policy of the page names a script by."""
    return f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}"

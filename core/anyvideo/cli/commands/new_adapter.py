"""`anyvideo new-adapter`: a whole distribution for another vendor, with tests that pass."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from string import Template

import click

from anyvideo.cli.context import CliContext
from anyvideo.cli.views.table import echo

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
# The files of the distribution, each with its template; $package stands for the package's name.
_FILES = {
    "pyproject.toml": "pyproject.toml.txt",
    "README.md": "readme.md.txt",
    "src/$package/__init__.py": "init.py.txt",
    "src/$package/adapter.py": "adapter.py.txt",
    "src/$package/offers.toml": "offers.toml.txt",
    "src/$package/py.typed": "",
    "tests/test_adapter.py": "test_adapter.py.txt",
}


@click.command("new-adapter")
@click.argument("name")
@click.option(
    "--output-dir", "--into", metavar="FOLDER", help="Where to write it; otherwise anyvideo-NAME."
)
@click.pass_obj
def command(context: CliContext, name: str, output_dir: str | None) -> None:  # noqa: ARG001 (every command gets it)
    """Write a whole distribution for a vendor of your own: package, offers, tests and README.

    Its tests pass against a made-up vendor; put your vendor's answers into them, and they say what
    is left to do.
    """
    name = name.lower().removeprefix("anyvideo-")
    if not _NAME.fullmatch(name):
        message = f"{name!r} cannot be an adapter's name; write it like acme or acme-videos"
        raise click.UsageError(message)
    folder = Path(output_dir or f"anyvideo-{name}")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        message = f"{folder} exists and is not empty; name another with --output-dir"
        raise click.UsageError(message)
    for path in write_distribution(name, folder):
        echo(str(path))
    for line in ("", "Next:", f"  cd {folder}", '  pip install -e . "pytest>=9"', "  pytest"):
        echo(line)


def write_distribution(name: str, folder: Path) -> list[Path]:
    """Write the files of a distribution and return their paths.

    Raises:
        UsageError: one of them cannot be written.
    """
    words = {
        "name": name,
        "package": f"anyvideo_{name.replace('-', '_')}",
        "title": "".join(part.title() for part in name.split("-")),
        "variable": f"{name.replace('-', '_').upper()}_API_KEY",
    }
    templates = files("anyvideo.cli").joinpath("templates")
    written: list[Path] = []
    for target, source in _FILES.items():
        path = folder / Template(target).substitute(words)
        text = templates.joinpath(source).read_text("utf-8") if source else ""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(Template(text).substitute(words), "utf-8")
        except OSError as error:
            message = f"{path} cannot be written: {error.strerror}"
            raise click.UsageError(message) from error
        written.append(path)
    return written

"""Writes docs/cli.md from the program itself: `make docs`, or `python docs/.tools/cli_page.py`."""

import re
from collections.abc import Iterator
from pathlib import Path

import click

from anyvideo.cli.exits import ExitCode
from anyvideo.cli.main import COMMANDS, NAME, program

PAGE = Path(__file__).parents[1] / "cli.md"
HEAD = """\
# Command line

<!-- Written by docs/.tools/cli_page.py: change the commands, and run `make docs`. -->

`anyvideo COMMAND --help` prints the same as this page. `python -m anyvideo` is the same program.
"""
MARKUP = re.compile(r"([*_\[\]|])")


def escape(text: str) -> str:
    """The text without markup, except for what stands between backticks."""
    parts = text.split("`")
    parts[::2] = (MARKUP.sub(r"\\\1", part).replace("<", "&lt;") for part in parts[::2])
    return "`".join(parts)


def write_prose(text: str) -> Iterator[str]:
    """The paragraphs of a help text; one that begins with \\b keeps its lines."""
    for paragraph in filter(None, text.strip().split("\n\n")):
        if paragraph.startswith("\b\n"):
            lines = paragraph.removeprefix("\b\n")
            yield f"```text\n{lines}\n```"
        else:
            yield escape(" ".join(paragraph.split()))


def write_options(command: click.Command, context: click.Context) -> Iterator[str]:
    yield "| option | meaning |\n|---|---|"
    for parameter in command.get_params(context):
        names, meaning = parameter.get_help_record(context) or ("", "")
        if meaning:  # an argument has none: the text before the table explains it
            shown = names.replace("|", "\\|")  # a table would end its cell there
            yield f"| `{shown}` | {escape(' '.join(meaning.split()))} |"


def write_command(command: click.Command, context: click.Context) -> str:
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    table = "\n".join(write_options(command, context))
    texts = [*write_prose(command.help or ""), table, *write_prose(command.epilog or "")]
    return "\n\n".join([f"```text\n{usage}\n```", *texts])


def render_page() -> str:
    """The whole page."""
    top = click.Context(program, info_name=NAME, **program.context_settings)
    listed = "\n".join(f"| [`{name}`](#{name}) | {text} |" for name, text in COMMANDS.items())
    codes = "\n".join(f"| {code:d} | {escape(code.meaning)} |" for code in ExitCode)
    sections = [
        HEAD.rstrip(),
        f"| command | what it does |\n|---|---|\n{listed}",
        "\n".join(write_options(program, top)),
    ]
    for name in COMMANDS:
        command = program.get_command(top, name)
        assert command is not None
        context = click.Context(command, info_name=name, parent=top)
        sections.append(f"## {name}\n\n{write_command(command, context)}")
    sections.append(f"## Exit codes\n\n| code | meaning |\n|---|---|\n{codes}")
    return "\n\n".join(sections) + "\n"


if __name__ == "__main__":
    PAGE.write_text(render_page(), "utf-8")

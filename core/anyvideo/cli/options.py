"""The arguments and options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from anyvideo.cli.completion import complete_models
from anyvideo.cli.context import CliContext

Function = TypeVar("Function", bound=Callable[..., Any])
_JOB_OPTIONS = (
    click.option("--seconds", type=float, metavar="N", help="The length of the clip."),
    click.option("--size", metavar="WxH", help="Its pixels, such as 1280x720."),
    click.option("--aspect-ratio", metavar="R", help="Its shape, such as 16:9."),
    click.option("--resolution", metavar="R", help="Its lines, such as 720p or 4k."),
    click.option(
        "--image", "images", multiple=True, type=click.Path(), metavar="[ROLE=]PATH_OR_URL",
        help="An image to start from; other roles: last_frame, reference.",
    ),
    click.option(
        "--set", "settings", multiple=True, metavar="FIELD=VALUE",
        help="Any other field: audio=off, seed=7, options.apimart.mode=pro.",
    ),
    click.option(
        "--job", "file", type=click.Path(), metavar="FILE.json",
        help="Read the job from a file; options override it.",
    ),
)  # fmt: skip


class PromptCommand(click.Command):
    """A command whose prompt may begin with a dash.

    click's `ignore_unknown_options` cannot do this: it reads "- a fox" as `-o x`.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments; one that can only be a prompt moves behind `--`."""
        given = list(args)
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            name = error.option_name
            prompt = next((text for text in given if text.startswith(name) and _is_prose(text)), "")
            if not prompt:
                message = f"{error.format_message()} Put a prompt that begins with - behind --"
                raise click.UsageError(message, ctx) from error
        given.remove(prompt)
        return super().parse_args(ctx, [*given, *([] if "--" in given else ["--"]), prompt])


def _is_prose(text: str) -> bool:
    """Say whether a text is no mistyped option: it has several words, or non-ASCII letters."""
    head = text.partition("=")[0]
    return any(character.isspace() for character in head) or not head.isascii()


def job_options(command: Function) -> Function:
    """Give a command the PROMPT and the options that describe a job."""
    for option in reversed(_JOB_OPTIONS):
        command = option(command)
    return click.argument("prompt", required=False)(command)


def plan_options(command: Function) -> Function:
    """Give a command every option that `read_planned_job` reads."""
    sandbox = click.option(
        "--sandbox", is_flag=True, help="Use a local stand-in for the vendors: no key, no cost."
    )
    for option in (config_option, policy_option, sandbox, model_option(), job_options):
        command = option(command)
    return command


def model_option(
    default: str | None = None,
    text: str = "An offer (apiyi/sora-2), a model (sora-2), 'kling*', 'apimart/*', or a route's "
    "name; several with commas, or -m again.",
) -> Callable[[Function], Function]:
    """Return the decorator that gives a command the option -m."""

    def join(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> str | None:
        return ",".join(values) or default

    return click.option(
        "-m", "--model", multiple=True, metavar="SELECTOR", callback=join, help=text,
        shell_complete=complete_models,
    )  # fmt: skip


def policy_option(command: Function) -> Function:
    """Give a command the option --policy."""
    return click.option(
        "--policy", "rules", multiple=True, metavar="FIELD=RULE",
        help="How far a field may change: exact, nearest, up, down or drop; retired=allow.",
    )(command)  # fmt: skip


def config_option(command: Function) -> Function:
    """Give a command the option --config."""
    return click.option(
        "--config", type=click.Path(), metavar="FILE",
        help="Settings; otherwise $ANYVIDEO_CONFIG, then anyvideo.toml.",
    )(command)  # fmt: skip


def html_option(text: str) -> Callable[[Function], Function]:
    """Return the decorator that gives a command the option --html."""
    return click.option(
        "--html", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help=text
    )


def delivery_options(command: Function) -> Function:
    """Give a command the options --timeout and --overwrite."""
    timeout = click.option(
        "--timeout", type=float, metavar="S", callback=_check_timeout,
        help="Seconds to wait; 3600 by default.",
    )  # fmt: skip
    overwrite = click.option("--overwrite", is_flag=True, help="Replace an existing file.")
    return timeout(overwrite(command))


def _check_timeout(
    ctx: click.Context, option: click.Parameter, seconds: float | None
) -> float | None:
    if seconds is not None and not 0 < seconds < float("inf"):
        message = f"{seconds:g} is not a number of seconds above 0"
        raise click.BadParameter(message, ctx, option)
    return seconds


def output_options(command: Function) -> Function:
    """Give a command the options --json and --quiet; the run knows them before anything can fail."""
    json = click.option(
        "--json", is_flag=True, expose_value=False, is_eager=True, callback=_note,
        help="Write JSON, for programs.",
    )  # fmt: skip
    quiet = click.option(
        "-q", "--quiet", is_flag=True, expose_value=False, is_eager=True, callback=_note,
        help="Print results and errors alone.",
    )  # fmt: skip
    return json(quiet(command))


def _note(ctx: click.Context, option: click.Parameter, value: bool) -> None:
    context = ctx.ensure_object(CliContext)
    setattr(context, option.name or "", value or getattr(context, option.name or ""))

"""The options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from anyvideo.cli.run import Run

Function = TypeVar("Function", bound=Callable[..., Any])


def json_option(command: Function) -> Function:
    """Give a command the option --json; the run knows of it before anything can fail."""
    return click.option(
        "--json", is_flag=True, expose_value=False, is_eager=True, callback=_note_json,
        help="Write JSON, for programs.",
    )(command)  # fmt: skip


def _note_json(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    ctx.ensure_object(Run).json |= value


def config_option(command: Function) -> Function:
    """Give a command the option --config."""
    return click.option(
        "--config", metavar="FILE", help="Settings; otherwise $ANYVIDEO_CONFIG, then anyvideo.toml."
    )(command)


def model_option(command: Function) -> Function:
    """Give a command the option --model."""
    return click.option(
        "-m", "--model", metavar="SELECTOR",
        help="An offer (apiyi/sora-2), a model (sora-2), apimart/*, or a route's name.",
    )(command)  # fmt: skip


def sandbox_option(command: Function) -> Function:
    """Give a command the option --sandbox."""
    return click.option(
        "--sandbox", is_flag=True, help="Use a local stand-in for the vendors: no key, no cost."
    )(command)

"""From a command's options to the job that is meant."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar, cast

import click
from attrs import evolve, fields

from anyvideo.cli.files import read_text
from anyvideo.errors import ConfigError, JobError
from anyvideo.model.job import VideoJob
from anyvideo.model.media import ROLES
from anyvideo.negotiation.policy import POLICY_FIELDS, Policy
from anyvideo.validation import explain_unknown

Function = TypeVar("Function", bound=Callable[..., Any])
_WORDS = {"true": True, "on": True, "yes": True, "false": False, "off": False, "no": False}
_OPTIONS = (
    click.option("--seconds", type=float, metavar="N", help="How long the clip is to be."),
    click.option("--size", metavar="WxH", help="Its pixels, such as 1280x720."),
    click.option("--aspect-ratio", metavar="R", help="Its shape, such as 16:9."),
    click.option("--resolution", metavar="R", help="Its lines, such as 720p or 4k."),
    click.option(
        "--image", "images", multiple=True, metavar="[ROLE=]PATH_OR_URL",
        help=f"An image to start from; other roles: {', '.join(ROLES[1:])}.",
    ),
    click.option(
        "--set", "settings", multiple=True, metavar="FIELD=VALUE",
        help="Any other field: audio=off, seed=7, options.apimart.mode=pro.",
    ),
    click.option(
        "--job", "file", metavar="FILE.json", help="Read the job from a file; options override it."
    ),
)  # fmt: skip


def job_options(command: Function) -> Function:
    """Give a command the PROMPT and the options that make a job of it."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return click.argument("prompt", required=False)(command)


class PromptCommand(click.Command):
    """A command whose prompt may begin with a dash: no option is several words long."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments; one that can only be a prompt is moved behind `--`."""
        given = list(args)
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            name = error.option_name
            prompts = [item for item in given if item.startswith(name) and _is_prose(item)]
            if not prompts:
                message = f"{error.format_message()} A prompt that begins with - goes behind --"
                raise click.UsageError(message, ctx) from error
            given.remove(prompts[0])
            if "--" not in given:
                given.append("--")
            return super().parse_args(ctx, [*given, prompts[0]])


def _is_prose(text: str) -> bool:
    """Say whether a text is no mistyped option: it has several words, or letters beyond ASCII."""
    head = text.partition("=")[0]
    return any(character.isspace() for character in head) or not head.isascii()


def read_job(given: Mapping[str, Any]) -> VideoJob:
    """Return the job that the prompt, the options and the file of --job make together.

    Raises:
        JobError: the file cannot be read, or a value is wrong.
        UsageError: nothing says what the video shows.

    """
    data = _read_file(given["file"]) if given["file"] else {}
    prompt = given["prompt"]
    if prompt is not None:
        data["prompt"] = _read_stdin() if prompt == "-" else prompt
    if "prompt" not in data:
        message = "say what the video shows: PROMPT, - for standard input, or --job FILE.json"
        raise click.UsageError(message, click.get_current_context())
    if (seconds := given["seconds"]) is not None:
        data["seconds"] = int(seconds) if float(seconds).is_integer() else seconds
    for name in ("size", "aspect_ratio", "resolution"):
        if given[name] is not None:
            data[name] = given[name]
    if given["images"]:
        data["images"] = [_read_image(text) for text in given["images"]]
    for setting in given["settings"]:
        _apply(data, setting)
    return VideoJob.from_json(data)


def has_wishes(given: Mapping[str, Any]) -> bool:
    """Say whether any option asks for something that a saved plan has settled."""
    settled = {name: value for name, value in given.items() if name not in {"config", "sandbox"}}
    return any(value not in (None, ()) for value in settled.values())


def _read_file(name: str) -> dict[str, Any]:
    text = read_text(name, "the job")
    try:
        data = json.loads(text)
    except ValueError as error:
        message = f"the job {name} is not valid JSON: {error}"
        raise JobError(message) from error
    if not isinstance(data, dict):
        message = f"the job {name} is no JSON object"
        raise JobError(message)
    return cast("dict[str, Any]", data)


def _read_stdin() -> str:
    try:
        return sys.stdin.buffer.read().decode("utf-8").strip()
    except UnicodeDecodeError as error:
        message = "the prompt on standard input is not UTF-8 text"
        raise JobError(message) from error


def _read_image(text: str) -> dict[str, str]:
    role, equals, source = text.partition("=")
    return {"source": source, "role": role} if equals and role in ROLES else {"source": text}


def _apply(data: dict[str, Any], setting: str) -> None:
    """Put one FIELD=VALUE into the job's data; dots lead into options, metadata and character."""
    name, equals, text = setting.partition("=")
    if not equals:
        message = f"--set {setting!r} is not FIELD=VALUE"
        raise JobError(message)
    field, *path = name.split(".")
    if field == "metadata" and len(path) > 1:
        path = [".".join(path)]
    if not path:
        data[field] = _read_value(field, text)
        return
    if field not in {"options", "metadata", "character"} or (field == "options" and len(path) < 2):
        message = (
            f"--set {name}: dots are for options.ADAPTER.NAME, metadata.NAME and character.NAME"
        )
        raise JobError(message)
    place = data
    for step in (field, *path[:-1]):
        place[step] = dict(place[step]) if isinstance(place.get(step), Mapping) else {}
        place = place[step]
    place[path[-1]] = text if field == "metadata" else _read_json(text)


def _read_value(field: str, text: str) -> object:
    kinds = {attribute.name: str(attribute.type) for attribute in fields(VideoJob)}
    kind = kinds.get(field, "str")
    if kind.startswith("bool"):
        if text.lower() not in _WORDS:
            message = f"--set {field}={text}: {field} takes on or off"
            raise JobError(message)
        return _WORDS[text.lower()]
    return text if kind.startswith("str") else _read_json(text)


def _read_json(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return text


def policy_option(command: Function) -> Function:
    """Give a command the option --policy."""
    return click.option(
        "--policy", "rules", multiple=True, metavar="FIELD=RULE",
        help="How far a field may change: exact, nearest, up, down or drop; retired=allow.",
    )(command)  # fmt: skip


def read_policy(rules: Iterable[str], policy: Policy) -> Policy:
    """Return a policy with the rules of --policy in place of its own.

    Raises:
        ConfigError: a rule or its field does not exist; lists every such mistake.

    """
    problems: list[str] = []
    for rule in rules:
        name, _, word = rule.partition("=")
        if name not in POLICY_FIELDS:
            problems.append(f"--policy {rule}: {explain_unknown(name, list(POLICY_FIELDS))}")
            continue
        try:
            policy = evolve(policy, **{name: word})  # type: ignore[arg-type]  # Policy checks it
        except ConfigError as error:
            problems.extend(f"--policy {rule}: {problem}" for problem in error.problems)
    if problems:
        raise ConfigError(problems)
    return policy

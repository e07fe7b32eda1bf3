"""From a command's options and the files that they name to a job and a policy."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, cast

import click
from attrs import evolve, fields

from anyvideo.errors import ConfigError, JobError
from anyvideo.files import texts
from anyvideo.files.private import open_private
from anyvideo.model.job import VideoJob
from anyvideo.model.media import ROLES
from anyvideo.negotiation.policy import POLICY_FIELDS, Policy
from anyvideo.validation import explain_unknown

_WORDS = {"true": True, "on": True, "yes": True, "false": False, "off": False, "no": False}


def read_job(given: Mapping[str, Any]) -> VideoJob:
    """Return the job that the prompt, the options and the file of --job describe together.

    Raises:
        JobError: the file cannot be read, or a value is wrong.
        UsageError: there is no prompt.
    """
    data = _read_file(given["file"]) if given["file"] else {}
    prompt = given["prompt"]
    if prompt is not None:
        data["prompt"] = _read_stdin() if prompt == "-" else prompt
    if "prompt" not in data:
        message = "no prompt: pass PROMPT, - for standard input, or --job FILE.json"
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


def has_preferences(given: Mapping[str, Any]) -> bool:
    """Say whether an option describes the job, which a saved plan or a list of jobs does itself."""
    return any(given[name] not in (None, ()) for name in given.keys() - {"config", "sandbox"})


def _read_file(name: str) -> dict[str, Any]:
    text = read_text(name, "the job")
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        message = f"the job {name} is not valid JSON: {error}"
        raise JobError(message) from error
    if not isinstance(data, dict):
        message = f"the job {name} is not a JSON object"
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
    except (ValueError, RecursionError):
        return text


def read_policy(rules: Iterable[str], policy: Policy) -> Policy:
    """Return a policy in which the rules of --policy replace its own.

    Raises:
        ConfigError: a rule or its field does not exist; lists every mistake.
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


def read_text(name: str, what: str) -> str:
    """Return the text of a file; `what` names its content in errors.

    Raises:
        JobError: it cannot be read.
    """
    try:
        return texts.read_text(Path(name), "utf-8-sig")
    except OSError as error:
        message = f"{what} {name} cannot be read: {error.strerror}"
        raise JobError(message) from error
    except ValueError as error:
        message = f"{what} {name} is not UTF-8 text"
        raise JobError(message) from error


def write_text(name: str, text: str) -> None:
    """Write a file that only its owner can read; folders that are missing are made.

    Raises:
        JobError: it cannot be written.
    """
    path = Path(name)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open_private(path, "w", "utf-8") as file:
            file.write(text)
    except OSError as error:
        message = f"{name} cannot be written: {error.strerror}; name another file"
        raise JobError(message) from error

"""What Replicate's models accept: reads an order, and refuses as the vendor does.

The vendor checks `input` against the model's own schema, and says what is wrong in one error. What
fields exclude or need each other is in the descriptions of the fields: the model refuses it later,
and here it is refused at once. So is a field that a model does not have: no page says what becomes
of it.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any, NoReturn

from anyvideo.sandbox import (
    Answer,
    Call,
    Model,
    Problem,
    Refusal,
    UnreadableError,
    find_problem,
    inspect_image,
    is_list,
    is_object,
    json_answer,
    load_models,
)

_EVENTS = ("start", "output", "logs", "completed")
_BODY = ("input", "webhook", "webhook_events_filter", "stream")


def refuse(status: int, title: str, detail: str) -> Answer:
    """Return an error of a call, as RFC 7807 has it."""
    return json_answer({"title": title, "detail": detail, "status": status}, status)


def reject(kind: str, field: str, description: str) -> NoReturn:
    """Raise the refusal of a field; `field` is its path, empty for the body itself."""
    detail = f"- {field}: {description}\n" if field else f"- {description}\n"
    invalid = [{"type": kind, "field": field, "description": description}]
    body = {"detail": detail, "status": 422, "title": "Input validation failed"}
    raise Refusal(json_answer({**body, "invalid_fields": invalid}, 422))


def find_model(name: str) -> Model:
    """Return the model that a path names.

    Raises:
        Refusal: there is no such model.
    """
    model = load_models(__package__ or "", "models.toml").get(name)
    if model is None:
        body = {"detail": "The requested resource could not be found.", "status": 404}
        raise Refusal(json_answer(body, 404))
    return model


def read_input(call: Call, model: Model) -> dict[str, Any]:
    """Return the input of an order, with the defaults of its model.

    Raises:
        Refusal: the body or a field is not what the model takes.
    """
    try:
        body = call.read_json()
    except UnreadableError:
        raise Refusal(refuse(400, "Invalid JSON", "The request body is not valid JSON")) from None
    _check_body(body)
    fields = {name: _read_media(name, value) for name, value in body["input"].items()}
    for name in fields:
        if name not in model.takes:
            reject("additional_property_not_allowed", "input", f"Unexpected field: {name}")
    _refuse(find_problem(fields, model, ()), model)
    whole = {name: rule.default for name, rule in model.takes.items()} | fields
    for rule in model.facts.get("rules", ()):
        _check_rule(rule, fields, whole)
    return whole


def _check_body(body: Mapping[str, Any]) -> None:
    for name in body:
        if name not in _BODY:
            description = f"Additional property {name} is not allowed"
            reject("additional_property_not_allowed", "", description)
    if not is_object(body.get("input")):
        reject("required", "", "input is required")
    webhook, events = body.get("webhook"), body.get("webhook_events_filter", [])
    if webhook is not None and not str(webhook).startswith("https://"):
        reject("format", "webhook", "Does not match format 'uri'")
    if not is_list(events) or any(event not in _EVENTS for event in events):
        reject("enum", "webhook_events_filter", f"must be one of the following: {_EVENTS}")


def _refuse(problem: Problem | None, model: Model) -> None:
    if problem is None:
        return
    name, accepted = problem.param, problem.accepted
    if problem.kind == "missing":
        reject("required", "input", f"{name} is required")
    if problem.kind == "type":
        reject("invalid_type", f"input.{name}", f"Invalid type. Expected: {accepted}")
    if model.takes[name].values:
        reject("enum", f"input.{name}", f"{name} must be one of the following: {accepted}")
    reject("number_lte", f"input.{name}", f"Must be {accepted}")


def _check_rule(
    rule: Mapping[str, Any], given: Mapping[str, Any], whole: Mapping[str, Any]
) -> None:
    """Check one rule: what a field that is given, or is above a number, needs or excludes."""
    name = rule["given"]
    if not given.get(name) or (rule.get("above") and whole[name] <= rule["above"]):
        return
    for other in rule.get("needs", ()):
        if not given.get(other):
            reject("required", "input", f"{name} needs {other}")
    for other in rule.get("excludes", ()):
        if given.get(other):
            reject("not", f"input.{name}", f"{name} cannot be combined with {other}")
    for other, value in rule.get("only", {}).items():
        if whole[other] != value:
            reject("const", f"input.{other}", f"{name} needs {other} to be {value}")


def _read_media(name: str, value: object) -> object:
    """Return a field with a web URL in place of each data: URL that holds an image."""
    if is_list(value):
        return [_read_media(name, item) for item in value]
    if not isinstance(value, str) or not value.startswith("data:"):
        return value
    head, _, text = value.partition(",")
    try:
        picture = inspect_image(base64.b64decode(text, validate=True))
    except ValueError:
        picture = None
    if picture is None or head != f"data:{picture.content_type};base64":
        reject("format", f"input.{name}", "Does not match format 'uri'")
    return "https://replicate.delivery/pbxt/data"

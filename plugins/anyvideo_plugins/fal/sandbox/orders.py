"""What fal's endpoints accept: reads an order, and refuses as the models do.

A wrong field is HTTP 422 with a list of details, as FastAPI writes it. The real queue takes an order
unread, and gives this answer as its result; here it comes at once.
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
    json_answer,
    load_models,
)

_PACKAGE, _FILE = "anyvideo_plugins.fal.sandbox", "models.toml"
_TYPES = {
    "string": "string_type",
    "integer": "int_type",
    "boolean": "bool_type",
    "http(s) URL": "url_parsing",
}


def detail(status: int, kind: str, message: str, field: str = "") -> Answer:
    """Return an error of a model: https://fal.ai/docs/model-apis/errors."""
    where = ["body", field] if field else ["body"]
    page = f"https://docs.fal.ai/errors#{kind}"
    item = {"loc": where, "msg": message, "type": kind, "url": page}
    return json_answer({"detail": [item]}, status).with_headers({"x-fal-retryable": "false"})


def reject(kind: str, message: str, field: str = "") -> NoReturn:
    """Raise the refusal of a body or of one of its fields."""
    raise Refusal(detail(422, kind, message, field))


def find_model(endpoint: str) -> Model:
    """Return the endpoint that a path names.

    Raises:
        Refusal: there is no such endpoint.
    """
    model = load_models(_PACKAGE, _FILE).get(endpoint)
    if model is None:
        raise Refusal(json_answer({"detail": f"Application '{endpoint}' not found"}, 404))
    return model


def read_fields(call: Call, model: Model) -> dict[str, Any]:
    """Return the fields of an order.

    Raises:
        Refusal: the body is no JSON object, or a field is missing, wrong or another endpoint's.
    """
    if call.media_type != "application/json":
        reject("model_attributes_type", "Input should be a valid dictionary")
    try:
        fields = call.read_json()
    except UnreadableError:
        reject("json_invalid", "JSON decode error")
    checked = {name: _read_media(name, value, model) for name, value in fields.items()}
    models = load_models(_PACKAGE, _FILE).values()
    _refuse(find_problem(checked, model, {name: None for other in models for name in other.takes}))
    _check_length(fields, model)
    return fields


def _refuse(problem: Problem | None) -> None:
    if problem is None:
        return
    name, accepted = problem.param, problem.accepted
    if problem.kind == "missing":
        reject("missing", "Field required", name)
    if problem.kind == "unsupported":
        reject("extra_forbidden", "Extra inputs are not permitted", name)
    if problem.kind == "type":
        kind = _TYPES.get(accepted, "list_type")
        reject(kind, f"Input should be a valid {accepted}", name)
    reject("value_error", f"Input should be {accepted}", name)


def _read_media(name: str, value: object, model: Model) -> object:
    """Return a field with a web URL in place of each data: URL that holds an image."""
    if is_list(value):
        return [_read_media(name, item, model) for item in value]
    if not isinstance(value, str) or not value.startswith("data:"):
        return value
    head, _, text = value.partition(",")
    try:
        body = base64.b64decode(text, validate=True)
    except ValueError:
        reject("image_load_error", "Failed to load the image", name)
    picture = inspect_image(body)
    if picture is None or head != f"data:{picture.content_type};base64":
        reject("image_load_error", "Failed to load the image", name)
    if len(body) > model.facts.get("image_bytes", len(body)):
        reject("file_too_large", "File size exceeds the limit", name)
    return "https://v3.fal.media/files/data"


def _check_length(fields: Mapping[str, Any], model: Model) -> None:
    """Check the rules of endpoints that make more than 10 s of some resolutions or images alone."""
    seconds, facts = fields.get("duration"), model.facts
    if not isinstance(seconds, int) or seconds <= 10:
        return
    only = facts.get("long_at")
    lines = fields.get("resolution") or only
    if only and lines != only:
        reject("value_error", f"durations above 10 need {only}", "duration")
    if lines in facts.get("long_not", ()):
        reject("value_error", f"{lines} supports up to 10 seconds", "duration")
    if fields.get("end_image_url") and seconds > facts.get("frames_most", seconds):
        reject("value_error", "two frames support up to 10 seconds", "duration")

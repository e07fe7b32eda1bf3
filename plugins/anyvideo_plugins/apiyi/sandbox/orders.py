"""What APIYI accepts: reads an order, and refuses as the gateway or the vendor behind it does."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from anyvideo.sandbox import (
    Answer,
    Call,
    File,
    Model,
    Problem,
    Refusal,
    count_pixels,
    inspect_image,
    is_list,
    is_object,
    json_answer,
    load_models,
    read_size,
)

REQUEST_ID = "20261120000000000000000sandbox0A"
_KINDS: Mapping[type, str] = {
    bool: "bool",
    int: "number",
    float: "number",
    list: "array",
    dict: "object",
}
_IMAGE_TYPES = ("image/jpeg", "image/png", "image/webp")


def gateway(status: int, message: str, code: str | None = "") -> Answer:
    """Return an error of the gateway itself."""
    text = f"{message} (request id: {REQUEST_ID})"
    error = {
        "message": text,
        "localized_message": text,
        "type": "shell_api_error",
        "param": "",
        "code": code,
    }
    return json_answer({"error": error}, status)


def task_error(status: int, code: str, message: str) -> Answer:
    """Return an error of the gateway's task relay."""
    return json_answer({"code": code, "message": message, "data": None}, status)


def upstream(message: str, param: str | None = None, code: str | None = None) -> Answer:
    """Return an error of the vendor behind the gateway, passed through unchanged."""
    error = {"message": message, "type": "invalid_request_error", "param": param, "code": code}
    return json_answer({"error": error}, 400)


def content_error(status: int, message: str, kind: str = "invalid_request_error") -> Answer:
    """Return an error of the gateway's proxy for films."""
    return json_answer({"error": {"message": message, "type": kind}}, status)


def no_route(call: Call) -> Answer:
    """Return the answer to an unknown path."""
    message = f"Invalid URL ({call.method} {call.path})"
    return json_answer(
        {"error": {"message": message, "type": "invalid_request_error", "param": "", "code": ""}},
        404,
    )


def find_model(name: object) -> Model:
    """Return a model.

    The gateway looks for a channel first: an unknown model is a 503 before a bad value is a 400.
    """
    if name is not None and not isinstance(name, str):
        raise Refusal(gateway(400, "field model must be a string"))
    if not name:
        raise Refusal(gateway(400, "Model name not specified, model name cannot be empty"))
    model = load_models("anyvideo_plugins.apiyi.sandbox", "models.toml").get(name)
    if model is None:
        message = f"No available channel for model {name} under group default (distributor)"
        raise Refusal(gateway(503, message, "model_not_found"))
    return model


def measure(fields: Mapping[str, Any], model: Model) -> tuple[str, tuple[int, int]]:
    """Return the length as text and the pixels that an order gets."""
    if model.facts["dialect"] == "reverse":
        return "8", read_size(model.facts["size"])
    seconds = fields.get("seconds") or model.takes["seconds"].default
    return seconds, read_size(fields.get("size") or model.takes["size"].default)


def flatten_veo(fields: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a Veo order with the parameters that JSON nests in `metadata` at the top, as in a form.

    Raises:
        Refusal: the order asks for sound; the gateway wraps Google's refusal.
    """
    metadata = fields.get("metadata")
    nested = metadata if is_object(metadata) else {}
    if "generateAudio" in {*fields, *nested}:
        message = "`generateAudio` isn't supported by this model."
        error = {"code": 400, "message": message, "status": "INVALID_ARGUMENT"}
        raise Refusal(task_error(400, "fail_to_fetch_task", json.dumps({"error": error})))
    known: dict[str, Any] = {
        name: nested[name] for name in ("resolution", "aspectRatio") if name in nested
    }
    return {**known, **fields}


def complete_veo(fields: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a Veo order with its length and size filled in.

    The vendor ignores `duration`: the film then has four seconds.

    Raises:
        Refusal: the order has more than 720 lines, and not eight seconds.
    """
    seconds = fields.get("seconds") or ("4" if "duration" in fields else "8")
    width, height = count_pixels(fields.get("aspectRatio"), fields.get("resolution"))
    size = fields.get("size") or f"{width}x{height}"
    lines = min(read_size(size))
    if lines > 720 and seconds != "8":
        message = (
            f"Resolution {lines}p requires duration seconds to be 8 seconds, but got {seconds}."
        )
        raise Refusal(upstream(message))
    return {**fields, "seconds": seconds, "size": size}


def refuse(problem: Problem) -> Answer:
    """Return the refusal of a wrong parameter."""
    name, got = problem.param, problem.got
    if problem.kind == "missing":
        message = f"Missing required parameter: '{name}'."
        return upstream(message, name, "missing_required_parameter")
    if problem.kind == "value":
        message = f"Invalid value: '{got}'. Supported values are: {problem.accepted}."
        return upstream(message, name, "invalid_value")
    kind = _name_kind(got)
    if problem.accepted == "file":
        article = "an" if kind in {"array", "object"} else "a"
        message = f"Invalid type for '{name}': expected a file, got {article} {kind}."
        return upstream(message, name, "invalid_type")
    message = f"json: cannot unmarshal {kind} into Go struct field .Alias.{name} of type {problem.accepted}"
    return task_error(400, "parse_request_failed", f"parse_request_failed: {message}")


def _name_kind(value: object) -> str:
    """Return JSON's name for the type of a value."""
    return _KINDS.get(type(value), "string")


def check_image(given: object, model: Model, pixels: tuple[int, int]) -> None:
    """Refuse an image that the model does not accept; of several, only the first counts."""
    image = given[0] if is_list(given) else given
    if not isinstance(image, File):
        return
    picture = inspect_image(image.body)
    if picture is None or picture.content_type not in _IMAGE_TYPES:
        kind = picture.content_type if picture else image.content_type
        message = (
            f"Invalid file 'input_reference': unsupported mimetype ('{kind}'). Supported file formats"
            " are 'image/jpeg', 'image/png', and 'image/webp'."
        )
        raise Refusal(upstream(message, "input_reference", "unsupported_file_mimetype"))
    if model.facts.get("match_size") and (picture.width, picture.height) != pixels:
        raise Refusal(upstream("Inpaint image must match the requested width and height"))

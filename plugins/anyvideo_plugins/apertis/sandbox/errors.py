"""How Apertis refuses: `{"error": {"message", "type", "code", "param"}}`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

from anyvideo.sandbox import (
    Answer,
    Call,
    Model,
    Phase,
    Refusal,
    UnreadableError,
    find_problem,
    json_answer,
    load_models,
)

WORDS = {
    Phase.QUEUED: "pending",
    Phase.RUNNING: "processing",
    Phase.SUCCEEDED: "completed",
    Phase.FAILED: "failed",
}


def refuse(status: int, kind: str, code: str, message: str, param: str | None = None) -> Answer:
    """Return an error; it names a parameter only where one is wrong."""
    error = {"message": message, "type": kind, "code": code}
    return json_answer({"error": error if param is None else {**error, "param": param}}, status)


def reject(message: str, param: str | None = None, code: str = "invalid_parameter") -> NoReturn:
    """Raise the refusal of a bad request."""
    raise Refusal(refuse(400, "invalid_request_error", code, message, param))


def no_route(call: Call) -> Answer:
    """Return the answer to an unknown path."""
    message = f"Unknown endpoint: {call.method} {call.path}"
    return refuse(404, "invalid_request_error", "endpoint_not_found", message)


def read_json(call: Call) -> dict[str, Any]:
    """Return a JSON body.

    Raises:
        Refusal: the body is not a JSON object.
    """
    try:
        return call.read_json()
    except UnreadableError as error:
        reject(str(error), code="invalid_request")


def check(fields: Mapping[str, Any], table: str, name: object) -> Model:
    """Return the model that a call names, after the check of the call against its rules.

    Raises:
        Refusal: the model is unknown, or a parameter is wrong.
    """
    if not isinstance(name, str) or not name:
        reject("Missing required parameter: model", "model", "missing_parameter")
    models = load_models("anyvideo_plugins.apertis.sandbox", "models.toml", table)
    model = models.get(name)
    if model is None:
        message = f"Model not found: {name}"
        raise Refusal(refuse(404, "invalid_request_error", "model_not_found", message, "model"))
    vocabulary = {param: None for other in models.values() for param in other.takes}
    problem = find_problem(fields, model, vocabulary)
    if problem is None:
        return model
    if problem.kind == "missing":
        message = f"Missing required parameter: {problem.param}"
        reject(message, problem.param, "missing_parameter")
    if problem.kind == "unsupported":
        reject(f"Parameter {problem.param} is not supported by {name}", problem.param)
    reject(f"Invalid {problem.param}: expected {problem.accepted}", problem.param)

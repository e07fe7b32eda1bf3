"""The second wire (v2): tasks of H3 are created, shown, and cancelled or deleted.

Requests and answers follow platform.minimax.io/docs/api-reference/video-generation-v2-create and the pages
beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

from anyvideo.sandbox import (
    Answer,
    Model,
    Order,
    Phase,
    Refusal,
    UnreadableError,
    VendorCall,
    count_pixels,
    draw_letters,
    find_problem,
    is_object,
    json_answer,
    load_models,
)
from anyvideo_plugins.minimax.sandbox.media import H3, find_fault, read_picture, size_film

_PACKAGE = "anyvideo_plugins.minimax.sandbox"
_KINDS = {"image_url": "image", "video_url": "video", "audio_url": "audio"}
_MOST = {"image": 9, "video": 3, "audio": 3}
_WORDS = {
    Phase.QUEUED: "queued",
    Phase.RUNNING: "running",
    Phase.SUCCEEDED: "succeeded",
    Phase.FAILED: "failed",
}
_TYPES = {
    400: "bad_request_error",
    401: "authorized_error",
    402: "insufficient_balance_error",
    404: "bad_request_error",
    422: "unprocessable_entity_error",
    429: "rate_limit_error",
    500: "server_error",
    503: "overloaded_error",
}


def refuse(status: int, message: str) -> Answer:
    """Return an error in the envelope of this wire; its number ends the message."""
    error = {"type": _TYPES[status], "message": message, "http_code": str(status)}
    trace = f"021785{draw_letters(26, '0123456789abcdef')}"
    return json_answer({"type": "error", "error": error, "request_id": trace}, status)


def reject(message: str) -> NoReturn:
    """Raise the refusal of a parameter."""
    raise Refusal(refuse(400, f"invalid params, {message} (2013)"))


def create(call: VendorCall) -> Answer:
    """Answer POST /v2/video_generation."""
    try:
        fields = call.http.read_json()
    except UnreadableError as error:
        reject(f"the body is not valid JSON: {error}")
    model = load_models(_PACKAGE, "models.toml", "h3").get(str(fields.get("model")))
    if model is None:
        reject(f"unsupported model: {fields.get('model')}")
    _check(fields, model)
    width, height = _size(fields)
    told = {name: fields[name] for name in ("resolution", "duration")}
    told["ratio"] = fields.get("ratio") or "adaptive"
    texts = [item["text"] for item in fields["content"] if item["type"] == "text"]
    details = {"told": told, "record": {}, "images": len(list(_list_images(fields)))}
    order = Order(model.name, texts[0], float(told["duration"]), width, height, details=details)
    identity = f"4{draw_letters(14, '0123456789')}"
    return call.accept(order, identity, lambda task: json_answer({"task_id": task.id}))


def _check(fields: Mapping[str, Any], model: Model) -> None:
    models = load_models(_PACKAGE, "models.toml", "h3").values()
    problem = find_problem(fields, model, {name: None for other in models for name in other.takes})
    if problem is not None:
        reject(f"{problem.param} is {problem.kind}, expected {problem.accepted or 'a value'}")
    roles = Counter(_read_role(item) for item in fields["content"])
    if roles["text"] != 1:
        reject("content must include a non-empty text item (prompt is required)")
    frames = roles["first_frame"] + roles["last_frame"]
    references = {kind: roles[f"reference_{kind}"] for kind in _MOST}
    if frames and sum(references.values()):
        reject("frame and reference roles cannot be mixed")
    if max(roles["first_frame"], roles["last_frame"]) > 1:
        reject("content allows one first_frame and one last_frame")
    if roles["last_frame"] and not roles["first_frame"]:
        reject("last_frame requires first_frame")
    if any(references[kind] > most for kind, most in _MOST.items()):
        reject("content has too many references")
    if references["audio"] and not references["image"] + references["video"]:
        reject("reference_audio requires a reference image or video")
    if not frames + sum(references.values()) and fields.get("ratio") in {None, "adaptive"}:
        reject("ratio is required for text-to-video and cannot be adaptive")


def _read_role(item: Mapping[str, Any]) -> str:
    """Return "text", or the role of a media item; an image without one is the first frame."""
    if item.get("type") == "text":
        text = item.get("text")
        if not isinstance(text, str) or not text.strip():
            reject("content must include a non-empty text item (prompt is required)")
        if len(text) > 7000:
            reject("text is longer than 7000 characters")
        return "text"
    kind = _KINDS.get(str(item.get("type")))
    if kind is None:
        reject(f"unsupported content type: {item.get('type')}")
    role = item.get("role", "first_frame" if kind == "image" else None)
    frames = ("first_frame", "last_frame") if kind == "image" else ()
    if role not in {*frames, f"reference_{kind}"}:
        reject(f"unsupported role for {kind}: {role}")
    inner = item.get(f"{kind}_url")
    url = inner.get("url") if is_object(inner) else None
    if kind == "image" and (fault := find_fault(url, H3)):
        reject(fault)
    if not isinstance(url, str) or not url.startswith(("https://", "http://", "data:", "mm_file:")):
        reject(f"{kind}_url.url is required")
    return str(role)


def _list_images(fields: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    return (item for item in fields["content"] if item["type"] == "image_url")


def _size(fields: Mapping[str, Any]) -> tuple[int, int]:
    """Return the pixels: frames set the shape, whatever the ratio says."""
    images = list(_list_images(fields))
    framed = any(not item.get("role", "").startswith("reference") for item in images)
    if framed or fields.get("ratio") in {None, "adaptive"}:
        picture = read_picture(images[0]["image_url"]["url"]) if images else None
        return size_film(fields["resolution"], picture)
    return count_pixels(fields["ratio"], fields["resolution"])


def show(call: VendorCall) -> Answer:
    """Answer GET /v2/query/video_generation/{id}."""
    task, details = call.task, call.task.order.details
    cancelled = details["record"].get("cancelled_at")
    shown: dict[str, Any] = {"id": task.id, "model": task.order.model}
    shown["status"] = "cancelled" if cancelled else call.status_word(_WORDS)
    shown |= {"created_at": int(task.created_at), "updated_at": cancelled or call.since}
    done = not cancelled and call.state.phase is Phase.SUCCEEDED
    if done:
        url = call.world.file_url(task)
        shown["content"] = {"url": url} if url else {}
    elif not cancelled and call.state.phase is Phase.FAILED:
        shown["error"] = _explain(call)
    seconds = details["told"]["duration"] if done else 0
    usage = {"total_seconds": seconds, "input_seconds": 0, "output_seconds": seconds}
    usage["input_image_count"] = details["images"] if done else 0
    shown |= {**details["told"], "usage": usage, "task_type": "generation", "modality": "video"}
    return json_answer({"task": shown})


def _explain(call: VendorCall) -> dict[str, str]:
    """Return why a task failed."""
    if call.was_moderated():
        return {"code": "1027", "message": "output video contains sensitive content"}
    return {"code": "1000", "message": "internal error"}


def delete(call: VendorCall) -> Answer:
    """Answer DELETE: cancel a queued task, forget one that has ended, refuse any other."""
    task, phase = call.task, call.state.phase
    record = task.order.details["record"]
    if phase is Phase.RUNNING or "cancelled_at" in record:
        reject("task cannot be cancelled or deleted in its current status")
    action = "cancelled" if phase is Phase.QUEUED else "deleted"
    if action == "cancelled":
        record["cancelled_at"] = call.world.now()
    else:
        call.world.tasks.delete(task.id)
    return json_answer({"task_id": task.id, "action": action, "status": action})

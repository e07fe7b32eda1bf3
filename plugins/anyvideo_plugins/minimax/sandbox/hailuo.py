"""The first wire (v1): tasks of Hailuo are created and shown, and their files looked up.

Requests and answers follow platform.minimax.io/docs/api-reference/video-generation-t2v and the pages beside it.
Every answer has `base_resp`, and HTTP 200.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

from anyvideo.sandbox import (
    Answer,
    Model,
    Order,
    Phase,
    Refusal,
    SandboxTask,
    UnreadableError,
    VendorCall,
    draw_letters,
    find_problem,
    is_list,
    json_answer,
    load_models,
)
from anyvideo_plugins.minimax.sandbox.media import HAILUO, find_fault, read_picture, size_film

_PACKAGE = "anyvideo_plugins.minimax.sandbox"
_FRAMES = ("first_frame_image", "last_frame_image")
_USUAL_SECONDS = 6
_WORDS = {
    Phase.QUEUED: "Queueing",
    Phase.RUNNING: "Processing",
    Phase.SUCCEEDED: "Success",
    Phase.FAILED: "Fail",
}


def say(code: int = 0, message: str = "success", **fields: object) -> Answer:
    """Return an answer of this wire."""
    return json_answer({**fields, "base_resp": {"status_code": code, "status_msg": message}})


def reject(message: str) -> NoReturn:
    """Raise the refusal of a parameter."""
    raise Refusal(say(2013, f"invalid params, {message}", task_id=""))


def create(call: VendorCall) -> Answer:
    """Answer POST /v1/video_generation."""
    try:
        fields = call.http.read_json()
    except UnreadableError as error:
        reject(f"the body is not valid JSON: {error}")
    model = load_models(_PACKAGE, "models.toml", "hailuo").get(str(fields.get("model")))
    if model is None:
        reject(f"model {fields.get('model')} not exist")
    lines = fields.get("resolution") or ("720P" if "720P" in model.facts["lengths"] else "768P")
    seconds = fields.get("duration") or _USUAL_SECONDS
    _check(fields, model, lines, seconds)
    frame = fields.get("first_frame_image")
    width, height = size_film(lines, read_picture(frame) if frame else None)
    prompt = fields.get("prompt") or ""
    order = Order(model.name, prompt, float(seconds), width, height)
    identity = f"1{draw_letters(14, '0123456789')}"
    return call.accept(order, identity, lambda task: say(task_id=task.id))


def _check(fields: Mapping[str, Any], model: Model, lines: str, seconds: int) -> None:
    models = load_models(_PACKAGE, "models.toml", "hailuo").values()
    problem = find_problem(fields, model, {name: None for other in models for name in other.takes})
    if problem is not None:
        reject(f"{problem.param} is {problem.kind}, expected {problem.accepted or 'a value'}")
    given = [name for name in (*_FRAMES, "subject_reference") if fields.get(name)]
    if any(name not in given for name in model.facts["needed"]):
        reject(f"{model.facts['needed'][0]} is required")
    if not given and not fields.get("prompt"):
        reject("prompt is required")
    if seconds not in model.facts["lengths"][lines]:
        reject(f"duration {seconds} is not supported at {lines}")
    if lines == model.facts.get("framed") and given != ["first_frame_image"]:
        reject(f"{lines} needs a first frame, and takes no last one")
    for image in _list_images(fields):
        if fault := find_fault(image, HAILUO):
            reject(fault)


def _list_images(fields: Mapping[str, Any]) -> list[object]:
    """Return the frames, and the one face of the one subject."""
    frames = [fields[name] for name in _FRAMES if fields.get(name)]
    subjects = fields.get("subject_reference")
    if not subjects:
        return frames
    faces = subjects[0].get("image")
    if len(subjects) > 1 or subjects[0].get("type") != "character":
        reject("subject_reference holds one character")
    if not is_list(faces) or len(faces) != 1:
        reject("subject_reference.image holds one image")
    return [*frames, faces[0]]


def show(call: VendorCall) -> Answer:
    """Answer GET /v1/query/video_generation."""
    task, phase = call.task, call.state.phase
    shown: dict[str, Any] = {"task_id": task.id, "status": call.status_word(_WORDS), "file_id": ""}
    if phase is Phase.SUCCEEDED and "no-url" not in call.faults:
        shown["file_id"] = _name_file(task)
        shown |= {"video_width": task.order.width, "video_height": task.order.height}
    if phase is Phase.FAILED and call.was_moderated():
        return say(1027, "output new_sensitive", **shown)
    return say(1000, "unknown error", **shown) if phase is Phase.FAILED else say(**shown)


def retrieve(call: VendorCall) -> Answer:
    """Answer GET /v1/files/retrieve."""
    identity = call.http.query.get("file_id", "")
    task = call.world.tasks.find(identity.removeprefix("2"), call.vendor.name)
    if task is None or (url := call.world.file_url(task)) is None:
        raise Refusal(say(2013, "invalid params, file not exist"))
    file = {
        "file_id": int(identity),
        "bytes": 0,
        "created_at": call.world.now(),
        "filename": "output_aigc.mp4",
        "purpose": "video_generation",
        "download_url": url,
    }
    return say(file=file)


def _name_file(task: SandboxTask) -> str:
    """Return the id of a task's file: another number than the task's, and found again from it."""
    return f"2{task.id}"

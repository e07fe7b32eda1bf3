"""Apertis, /v1/videos (multipart), remixes and characters.

Veo and Sora share the paths and differ in ids, in their first status word, in what a finished task
says, and in /content: Veo's is the film, Sora's is JSON with its URL.
"""

from __future__ import annotations

from typing import Any

from anyvideo.sandbox import (
    Answer,
    File,
    Order,
    Phase,
    Refusal,
    SandboxTask,
    UnreadableError,
    VendorCall,
    draw_letters,
    inspect_image,
    json_answer,
    read_size,
)
from anyvideo_plugins.apertis.sandbox.create import explain, make_id
from anyvideo_plugins.apertis.sandbox.errors import WORDS, check, read_json, refuse, reject

_VEO_WORDS = {**WORDS, Phase.QUEUED: "queued"}
_LARGEST_IMAGE = 20_000_000  # bytes


def order(call: VendorCall) -> Answer:
    """Answer POST /v1/videos."""
    try:
        fields = call.http.read_form()
    except UnreadableError as error:
        reject(str(error), code="invalid_request")
    model = check(fields, "videos", fields.get("model"))
    _check_image(fields.get("input_reference"))
    _check_task(call, fields.get("character_from_task"))
    veo = model.facts["family"] == "veo"
    width, height = (1280, 720) if fields["size"] == "16x9" else read_size(fields["size"])
    ordered = Order(
        model.name,
        fields["prompt"],
        float(fields["seconds"]),
        width,
        height,
        details={"size": fields["size"], "enhanced_prompt": fields["prompt"], **model.facts},
    )
    id = _make_uuid() if veo else make_id(call, model.name)  # noqa: A001 (the field's own name)
    return call.accept(ordered, id, _describe)


def _make_uuid() -> str:
    parts = "-".join(draw_letters(count, "0123456789abcdef") for count in (8, 4, 4, 4, 12))
    return f"video_{parts}"


def _check_image(image: object) -> None:
    if not isinstance(image, File):
        return
    if inspect_image(image.body) is None or len(image.body) > _LARGEST_IMAGE:
        message = "Invalid image: PNG, JPEG, WebP or GIF, up to 20 MB"
        reject(message, "input_reference", "invalid_image")


def _check_task(call: VendorCall, id: str | None) -> None:  # noqa: A002 (the field's own name)
    """Refuse a character from a task that is unknown or not finished."""
    if id is None:
        return
    task = call.world.tasks.find(id, "apertis")
    if task is None:
        raise Refusal(call.vendor.refuse("no-task"))
    if call.world.find_state(task).phase is not Phase.SUCCEEDED:
        reject("The task is not completed", "from_task")


def _describe(task: SandboxTask) -> Answer:
    """Return the answer to an accepted order; its seconds are a number, those of the call text."""
    details = task.order.details
    return json_answer(
        {
            "id": task.id,
            "object": "video",
            "model": task.order.model,
            "status": (_VEO_WORDS if details["family"] == "veo" else WORDS)[Phase.QUEUED],
            "progress": 0,
            "created_at": int(task.created_at),
            "seconds": int(task.order.seconds),
            "size": details["size"],
        }
    )


def show(call: VendorCall) -> Answer:
    """Answer GET /v1/videos/{id}."""
    world, task, state = call.world, call.task, call.state
    veo = task.order.details["family"] == "veo"
    body: dict[str, Any] = {
        "id": task.id,
        "status": call.status_word(_VEO_WORDS if veo else WORDS),
        "progress": state.progress,
        "video_url": world.file_url(task),
    }
    if veo:
        body["enhanced_prompt"] = task.order.details["enhanced_prompt"]
        body["status_update_time"] = call.since
    else:
        body["model"] = task.order.model
        body["seconds"] = int(task.order.seconds)
        body["size"] = task.order.details.get("size", _name_size(task.order))
    return json_answer({**body, **explain(call)})


def _name_size(ordered: Order) -> str:
    return f"{ordered.width}x{ordered.height}"


def fetch(call: VendorCall) -> Answer:
    """Answer GET /v1/videos/{id}/content."""
    world, task, state = call.world, call.task, call.state
    if call.http.query.get("variant", "video") != "video":  # the page documents no other
        reject("Parameter variant is not supported", "variant")
    if state.phase is not Phase.SUCCEEDED:
        return call.vendor.refuse("not-ready")
    if world.has_expired(task):
        return refuse(404, "invalid_request_error", "video_not_found", "Video not found")
    url = world.file_url(task)
    if task.order.details["family"] == "veo" and url is not None:
        return world.deliver(call.http, task)
    return json_answer(
        {
            "id": task.id,
            "status": WORDS[state.phase],
            "video_url": url,
            "enhanced_prompt": task.order.details["enhanced_prompt"],
            "status_update_time": call.since,
        }
    )


def remix(call: VendorCall) -> Answer:
    """Answer POST /v1/videos/{id}/remix, which is for finished Sora videos."""
    former = call.task.order
    fields = read_json(call.http)
    check(fields, "other", "remix")
    if former.details["family"] != "sora":
        reject("Only Sora videos can be remixed", "id")
    _check_task(call, call.task.id)
    size = fields.get("size") or _name_size(former)
    width, height = read_size(size)
    details = {"size": size, "enhanced_prompt": fields["prompt"], "family": "sora"}
    ordered = Order(
        former.model,
        fields["prompt"],
        former.seconds,
        width,
        height,
        details=details,
    )
    return call.accept(
        ordered,
        f"{former.model}:remix-{call.world.now()}-{draw_letters(3)}",
        lambda task: json_answer(
            {"id": task.id, "object": "video", "status": "pending", "progress": 0}
        ),
    )


def create_character(call: VendorCall) -> Answer:
    """Answer POST /sora/v1/characters, which returns the finished character."""
    fields = read_json(call.http)
    check(fields, "other", "character")
    if ("url" in fields) == ("from_task" in fields):
        reject("Give one of url and from_task", "url", "missing_parameter")
    _check_task(call, fields.get("from_task"))
    word = draw_letters(9)
    username = f"{word}.sandbox"
    return json_answer(
        {
            "id": f"char_{word}",
            "username": username,
            "permalink": f"{call.world.url}/characters/{username}",
            "profile_picture_url": f"{call.world.url}/characters/{username}.jpg",
        }
    )

"""Apertis, /v1/videos (multipart), remixes and characters.

Veo and Sora share the paths and differ in ids, in their first status word, in what a finished task
says, and in /content: Veo's is the film, Sora's is JSON with its URL.
"""

from __future__ import annotations

from typing import Any

from anyvideo.sandbox.apertis_create import explain, make_id
from anyvideo.sandbox.apertis_errors import WORDS, check, read_json, refuse, reject
from anyvideo.sandbox.exchange import Answer, Refusal, UnreadableError, say
from anyvideo.sandbox.multipart import File
from anyvideo.sandbox.rules import read_size
from anyvideo.sandbox.shapes import inspect
from anyvideo.sandbox.studio import draw_letters
from anyvideo.sandbox.tasks import Order, Phase, Task
from anyvideo.sandbox.wire import Exchange

_VEO_WORDS = {**WORDS, Phase.QUEUED: "queued"}
_LARGEST_IMAGE = 20_000_000  # bytes


def order(exchange: Exchange) -> Answer:
    """Answer POST /v1/videos."""
    try:
        fields = exchange.call.read_form()
    except UnreadableError as error:
        reject(str(error), code="invalid_request")
    model = check(fields, "videos", fields.get("model"))
    _check_image(fields.get("input_reference"))
    _check_task(exchange, fields.get("character_from_task"))
    veo = model.facts["family"] == "veo"
    width, height = (1280, 720) if fields["size"] == "16x9" else read_size(fields["size"])
    ordered = Order(
        exchange.adapter,
        "apertis",
        model.name,
        fields["prompt"],
        float(fields["seconds"]),
        width,
        height,
        details={"size": fields["size"], "enhanced_prompt": fields["prompt"], **model.facts},
    )
    id = _make_uuid() if veo else make_id(exchange, model.name)  # noqa: A001 (the field's own name)
    return exchange.accept(ordered, id, _describe)


def _make_uuid() -> str:
    parts = "-".join(draw_letters(count, "0123456789abcdef") for count in (8, 4, 4, 4, 12))
    return f"video_{parts}"


def _check_image(image: object) -> None:
    if not isinstance(image, File):
        return
    if inspect(image.body) is None or len(image.body) > _LARGEST_IMAGE:
        message = "Invalid image: PNG, JPEG, WebP or GIF, up to 20 MB"
        reject(message, "input_reference", "invalid_image")


def _check_task(exchange: Exchange, id: str | None) -> None:  # noqa: A002 (the field's own name)
    """Refuse a character from a task that is unknown or not finished."""
    if id is None:
        return
    task = exchange.studio.tasks.find(id, "apertis")
    if task is None:
        raise Refusal(exchange.wire.refuse("no-task"))
    if exchange.studio.judge(task).phase is not Phase.SUCCEEDED:
        reject("The task is not completed", "from_task")


def _describe(task: Task) -> Answer:
    """Return the answer to an accepted order; what came as text, the seconds, is a number here."""
    details = task.order.details
    return say(
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


def show(exchange: Exchange) -> Answer:
    """Answer GET /v1/videos/{id}."""
    studio, task, state = exchange.studio, exchange.task, exchange.state
    veo = task.order.details["family"] == "veo"
    body: dict[str, Any] = {
        "id": task.id,
        "status": exchange.say_phase(_VEO_WORDS if veo else WORDS),
        "progress": state.progress,
        "video_url": studio.file_url(task),
    }
    if veo:
        body["enhanced_prompt"] = task.order.details["enhanced_prompt"]
        body["status_update_time"] = studio.date(task, state.since)
    else:
        body["model"] = task.order.model
        body["seconds"] = int(task.order.seconds)
        body["size"] = task.order.details.get("size", _name_size(task.order))
    return say({**body, **explain(exchange)})


def _name_size(ordered: Order) -> str:
    return f"{ordered.width}x{ordered.height}"


def fetch(exchange: Exchange) -> Answer:
    """Answer GET /v1/videos/{id}/content."""
    studio, task, state = exchange.studio, exchange.task, exchange.state
    if state.phase is not Phase.SUCCEEDED:
        return exchange.wire.refuse("not-ready")
    if studio.has_expired(task):
        return refuse(404, "invalid_request_error", "video_not_found", "Video not found")
    url = studio.file_url(task)
    if task.order.details["family"] == "veo" and url is not None:
        return studio.deliver(exchange.call, task)
    return say(
        {
            "id": task.id,
            "status": WORDS[state.phase],
            "video_url": url,
            "enhanced_prompt": task.order.details["enhanced_prompt"],
            "status_update_time": studio.date(task, state.since),
        }
    )


def remix(exchange: Exchange) -> Answer:
    """Answer POST /v1/videos/{id}/remix, which is for finished Sora videos."""
    former = exchange.task.order
    fields = read_json(exchange.call)
    check(fields, "other", "remix")
    if former.details["family"] != "sora":
        reject("Only Sora videos can be remixed", "id")
    _check_task(exchange, exchange.task.id)
    size = fields.get("size") or _name_size(former)
    width, height = read_size(size)
    details = {"size": size, "enhanced_prompt": fields["prompt"], "family": "sora"}
    ordered = Order(
        exchange.adapter,
        "apertis",
        former.model,
        fields["prompt"],
        former.seconds,
        width,
        height,
        details=details,
    )
    return exchange.accept(
        ordered,
        f"{former.model}:remix-{exchange.studio.now()}-{draw_letters(3)}",
        lambda task: say({"id": task.id, "object": "video", "status": "pending", "progress": 0}),
    )


def create_character(exchange: Exchange) -> Answer:
    """Answer POST /sora/v1/characters, which makes the character while the caller waits."""
    fields = read_json(exchange.call)
    check(fields, "other", "character")
    if ("url" in fields) == ("from_task" in fields):
        reject("Give one of url and from_task", "url", "missing_parameter")
    _check_task(exchange, fields.get("from_task"))
    word = draw_letters(9)
    username = f"{word}.sandbox"
    return say(
        {
            "id": f"char_{word}",
            "username": username,
            "permalink": f"{exchange.studio.url}/characters/{username}",
            "profile_picture_url": f"{exchange.studio.url}/characters/{username}.jpg",
        }
    )

"""What Ark accepts: reads an order, and refuses as the vendor does, one parameter at a time.

Pages: docs.byteplus.com/en/docs/ModelArk/1520757 (parameters) and /1299023 (errors). The messages about
roles and task types are those that the wire gave to clients that probed it.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

from anyvideo.sandbox import (
    Answer,
    Call,
    ImageInfo,
    Model,
    Refusal,
    UnreadableError,
    draw_letters,
    find_problem,
    inspect_image,
    is_object,
    json_answer,
    load_models,
)

_PACKAGE = "anyvideo_plugins.ark.sandbox"
_LARGEST_IMAGE = 30 << 20  # bytes
_DATA = re.compile(r"data:(image|audio)/([a-z0-9.+-]+);base64,(.+)", re.DOTALL)
_WEB = re.compile(r"https?://[^\s/]+\S*|asset://\S+")
_KINDS = {"image_url": "image", "video_url": "video", "audio_url": "audio"}
_ROLES = {
    "image": ("first_frame", "last_frame", "reference_image"),
    "video": ("reference_video",),
    "audio": ("reference_audio",),
}


def refuse(status: int, code: str, message: str, param: str = "") -> Answer:
    """Return an error in Ark's envelope."""
    types = {401: "Unauthorized", 403: "Forbidden", 404: "NotFound", 409: "Conflict"}
    more = {429: "TooManyRequests", 500: "InternalServerError"}
    text = f"{message} Request id: 021785{draw_letters(24, '0123456789abcdef')}"
    kind = {**types, **more}.get(status, "BadRequest")
    error = {"code": code, "message": text, "param": param, "type": kind}
    return json_answer({"error": error}, status)


def reject(param: str, message: str, code: str = "InvalidParameter") -> NoReturn:
    """Raise the refusal of a parameter."""
    raise Refusal(refuse(400, code, message, param))


def read_order(call: Call) -> tuple[dict[str, Any], Model]:
    """Return the fields of an order and its model.

    Raises:
        Refusal: the model is unknown, or a parameter is missing, wrong or of another model.
    """
    try:
        fields = call.read_json()
    except UnreadableError as error:
        reject("", f"The request body is not valid JSON: {error}.")
    name = fields.get("model")
    if not isinstance(name, str) or not name:
        message = "The request failed because it is missing one or multiple required parameters."
        reject("model", message, "MissingParameter")
    model = load_models(_PACKAGE, "models.toml").get(name)
    if model is None:
        message = f"The model or endpoint {name} does not exist or you do not have access to it."
        raise Refusal(refuse(404, "InvalidEndpointOrModel.NotFound", message))
    if isinstance(fields.get("resolution"), str):
        fields["resolution"] = fields["resolution"].lower()
    _check_fields(fields, model)
    _check_content(fields, model)
    return fields, model


def _check_fields(fields: Mapping[str, Any], model: Model) -> None:
    models = load_models(_PACKAGE, "models.toml").values()
    problem = find_problem(fields, model, {name: None for other in models for name in other.takes})
    if problem is not None:
        name = problem.param
        if problem.kind == "missing":
            reject(name, f"The required parameter `{name}` is missing.", "MissingParameter")
        if problem.kind == "unsupported":
            why = f"is not supported for model {model.name}, must be empty."
            reject(name, f"the specified parameter `{name}` {why}")
        why = f"specified in the request is not valid: expected {problem.accepted}."
        reject(name, f"the parameter `{name}` {why}")
    frames = fields.get("frames")
    if frames is not None and (frames - 25) % 4:
        reject("frames", "the parameter `frames` is not valid: expected 25 + 4n.")


def _check_content(fields: Mapping[str, Any], model: Model) -> None:
    """Check the items of `content`, and what they are together."""
    roles: Counter[str] = Counter()
    for number, item in enumerate(fields["content"]):
        place = f"content[{number}]"
        if item.get("type") == "text":
            if not isinstance(item.get("text"), str) or not item["text"]:
                reject(place, f"The parameter `{place}.text` is missing.", "MissingParameter")
            roles["text"] += 1
        else:
            roles[_read_role(item, place)] += 1
    _check_mode(roles, model)
    _check_ratio(fields, roles, model)


def _read_role(item: Mapping[str, Any], place: str) -> str:
    """Return the role of a media item; an image without one is the first frame."""
    kind = _KINDS.get(str(item.get("type")))
    if kind is None:
        reject(place, f"the parameter `{place}.type` is not valid: {item.get('type')}.")
    role = item.get("role", "first_frame" if kind == "image" else None)
    if role not in _ROLES[kind]:
        reject(place, f"invalid role specified for {kind} content")
    inner = item.get(f"{kind}_url")
    url = inner.get("url") if is_object(inner) else None
    if not isinstance(url, str) or not url:
        reject(place, f"The parameter `{place}.{kind}_url.url` is missing.", "MissingParameter")
    if not _WEB.fullmatch(url):
        _check_data(url, kind, place)
    return str(role)


def read_data(url: str) -> bytes | None:
    """Return the bytes of a data: URL with a media type in lower case, None where it is not one."""
    match = _DATA.fullmatch(url)
    try:
        return base64.b64decode(match[3], validate=True) if match else None
    except (binascii.Error, ValueError):
        return None


def _check_data(url: str, kind: str, place: str) -> None:
    if kind == "video":
        reject(place, "reference_video must be provided as a web url")
    body = read_data(url)
    if body is None or not url.startswith(f"data:{kind}/"):
        reject(place, f"the parameter `{place}.{kind}_url` is not a valid base64 {kind}.")
    if kind == "image":
        picture = inspect_image(body)
        if picture is None or not url.startswith(f"data:{picture.content_type};"):
            code = "InvalidParameter.UnsupportedImageFormat"
            reject(place, f"the image format of `{place}` is not supported.", code)
        _check_picture(picture, len(body), place)


def _check_picture(picture: ImageInfo, size: int, place: str) -> None:
    sides = (picture.width, picture.height)
    if size > _LARGEST_IMAGE:
        reject(place, f"the image of `{place}` is larger than 30 MB.")
    if min(sides) < 300 or max(sides) > 6000 or not 0.4 <= sides[0] / sides[1] <= 2.5:
        why = "sides of 300 to 6000 px and a ratio of 0.4 to 2.5 are expected."
        reject(place, f"the image of `{place}` is {sides[0]}x{sides[1]}: {why}")


def _check_mode(roles: Counter[str], model: Model) -> None:
    """Check that the items make one kind of task, and one that the model has."""
    frames = roles["first_frame"] + roles["last_frame"]
    references = {kind: roles[f"reference_{kind}"] for kind in ("image", "video", "audio")}
    if frames and sum(references.values()):
        reject("content", "first/last frame content cannot be mixed with reference media content")
    if roles["last_frame"] and not roles["first_frame"]:
        why = "cannot be mixed with first frame or reference image content"
        reject("content", f"last frame image content {why}")
    if max(roles["first_frame"], roles["last_frame"]) > 1:
        reject("content", "only one first frame and one last frame are supported")
    if roles["last_frame"] and not model.facts.get("last"):
        reject("content", f"the specified task_type flf2v does not support model {model.name}")
    for kind, count in references.items():
        if count > model.facts.get(f"{kind}s", 0):
            reject("content", f"the specified task_type r2v does not support model {model.name}")
    if references["audio"] == sum(references.values()) > 0 and not model.facts.get("alone"):
        reject("content", "reference_audio cannot be the only reference input")


def _check_ratio(fields: Mapping[str, Any], roles: Counter[str], model: Model) -> None:
    ratio, rule = fields.get("ratio"), model.facts["adaptive"]
    if rule == "with images" and ratio == "adaptive" and not roles["first_frame"]:
        reject("ratio", "the parameter `ratio` is not valid: adaptive is not supported in t2v.")
    if rule == "only" and roles["first_frame"] and ratio not in {None, "adaptive"}:
        message = f"The parameter `ratio` must be adaptive, but got {ratio}."
        reject("ratio", message, "InvalidParameter.TaskTypeConstraint")


def count_pixels_of(fields: Mapping[str, Any], model: Model) -> tuple[str, str]:
    """Return the ratio and the size in pixels of what an order makes."""
    table = load_models(_PACKAGE, "models.toml", "generations")[model.facts["generation"]].facts
    sizes = table[fields.get("resolution") or model.facts["lines"]]
    ratio = fields.get("ratio") or "adaptive"
    if ratio == "adaptive":
        ratio = next(filter(None, (_match(url, sizes) for url in _list_images(fields))), "16:9")
    return ratio, sizes[ratio]


def _list_images(fields: Mapping[str, Any]) -> Iterator[str]:
    for item in fields["content"]:
        if item.get("role", "first_frame") == "first_frame" and "image_url" in item:
            yield item["image_url"]["url"]


def _match(url: str, sizes: Mapping[str, str]) -> str | None:
    """Return the ratio nearest to that of a picture in the order; one elsewhere is not fetched."""
    picture = inspect_image(read_data(url) or b"")
    if picture is None:
        return None
    wanted = picture.width / picture.height

    def differ(ratio: str) -> float:
        width, height = map(int, ratio.split(":"))
        return abs(width / height - wanted)

    return min(sizes, key=differ)

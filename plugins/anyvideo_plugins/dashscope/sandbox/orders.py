"""What DashScope accepts: reads an order, and refuses as the vendor does, one field at a time.

Pages: help.aliyun.com/en/model-studio/wan3-video-generation-api-reference and those that models.toml
is from; the codes and most messages are those of help.aliyun.com/en/model-studio/error-code.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from math import sqrt
from typing import Any, NoReturn
from uuid import uuid4

from attrs import frozen

from anyvideo.sandbox import (
    Answer,
    Call,
    ImageInfo,
    Model,
    Refusal,
    UnreadableError,
    count_pixels,
    find_problem,
    inspect_image,
    is_object,
    json_answer,
    load_models,
)

_PACKAGE = "anyvideo_plugins.dashscope.sandbox"
_DATA = re.compile(r"data:([a-z]+/[a-z0-9.+-]+);base64,(.+)", re.DOTALL)
_WEB = re.compile(r"https?://[^\s/]+\S*")
_STORED = re.compile(r"oss://\S+")
_NO_SYNC = "current user api does not support synchronous calls."
_FRAMES = ("first_frame", "last_frame")
_USUAL_SECONDS = 5


@frozen
class Wanted:
    """An order that was accepted: its model, the fields of `input` and those of `parameters`."""

    model: str
    given: Mapping[str, Any]
    chosen: Mapping[str, Any]

    @property
    def seconds(self) -> int:
        """The length of the video; where the model may choose it, the usual one."""
        seconds: int = self.chosen.get("duration", _USUAL_SECONDS)
        return _USUAL_SECONDS if seconds < 0 else seconds

    @property
    def lines(self) -> int:
        """The resolution, as the answers say it: 720 for 720P."""
        if "size" in self.chosen:
            width, height = map(int, self.chosen["size"].split("*"))
            return next(lines for lines in (1080, 720, 480) if width * height >= lines * lines)
        return int(self.chosen.get("resolution", "1080P")[:-1])

    @property
    def pixels(self) -> tuple[int, int]:
        """The width and the height of the video; a first frame that is sent along sets the ratio."""
        if "size" in self.chosen:
            width, height = map(int, self.chosen["size"].split("*"))
            return width, height
        frame = next(filter(None, map(_inspect, _list_frames(self.given))), None)
        if frame is not None:
            return _fit(self.lines, frame.width, frame.height)
        ratio = self.chosen.get("ratio", "16:9")
        across, down = (16, 9) if ratio == "adaptive" else map(int, ratio.split(":"))
        return _fit(self.lines, across, down)


def refuse(status: int, code: str, message: str) -> Answer:
    """Return an error in DashScope's envelope, which is flat."""
    return json_answer({"code": code, "message": message, "request_id": str(uuid4())}, status)


def reject(message: str, code: str = "InvalidParameter") -> NoReturn:
    """Raise the refusal of a field."""
    raise Refusal(refuse(400, code, message))


def read_order(call: Call) -> Wanted:
    """Return what is ordered.

    Raises:
        Refusal: the call is synchronous, the model is unknown, or a field is missing, wrong, of
            another model or in the wrong object.
    """
    if call.headers.get("x-dashscope-async") != "enable":
        raise Refusal(refuse(403, "AccessDenied", _NO_SYNC))
    try:
        body = call.read_json()
    except UnreadableError:
        reject("The input parameter requires json format.", "BadRequest.IllegalInput")
    name = body.get("model")
    if not isinstance(name, str) or not name:
        reject('Required parameter "model" missing from request.', "BadRequest.EmptyModel")
    given, chosen = body.get("input"), body.get("parameters", {})
    if not is_object(given) or not given:
        reject("Required input parameter missing from request.", "BadRequest.EmptyInput")
    if not is_object(chosen):
        reject("parameters must be an object")
    inputs = load_models(_PACKAGE, "models.toml", "inputs")
    if name not in inputs:
        raise Refusal(refuse(404, "ModelNotFound", "Model can not be found."))
    models = load_models(_PACKAGE, "models.toml")
    words = {
        word: None for table in (inputs, models) for row in table.values() for word in row.takes
    }
    _check(given, inputs[name], words, "input")
    _check(chosen, models[name], words, "parameters")
    _check_media(given, inputs[name], call)
    return Wanted(name, given, chosen)


def _check(fields: Mapping[str, Any], model: Model, words: Mapping[str, None], place: str) -> None:
    problem = find_problem(fields, model, words)
    if problem is None:
        return
    if problem.kind == "missing":
        reject(f"Field required: {place}.{problem.param}")
    if problem.kind == "unsupported":
        reject(f"{place}.{problem.param} is not supported by the model {model.name}")
    reject(f"{place}.{problem.param} must be {problem.accepted}")


def _check_media(given: Mapping[str, Any], model: Model, call: Call) -> None:
    """Check the media one by one, and what they are together."""
    if not given.get("prompt") and not given.get("media") and "img_url" not in given:
        reject("Either prompt or media is required")
    if "img_url" in given:
        _check_url(given["img_url"], model, call, image=True)
    types: Counter[str] = Counter()
    for item in given.get("media", ()):
        kind, url = item.get("type"), item.get("url")
        if kind not in model.facts["most"]:
            reject(f"media type {kind!r} is not supported by the model {model.name}")
        if not isinstance(url, str) or not url:
            reject(
                "Required URL is missing or invalid, please check the request URL.", "InvalidURL"
            )
        _check_url(url, model, call, image=kind in {*_FRAMES, "reference_image"})
        types[kind] += 1
    if types:
        _check_types(types, model)


def _check_types(types: Counter[str], model: Model) -> None:
    facts = model.facts
    for kind, count in types.items():
        if count > facts["most"][kind]:
            reject(f"at most {facts['most'][kind]} {kind} can be given")
        needed = facts.get("beside", {}).get(kind)
        if needed and not types.keys() & set(needed):
            reject(f"{kind} needs {' or '.join(needed)}")
    if "needs" in facts and not types.keys() & set(facts["needs"]):
        reject(f"media needs {' or '.join(facts['needs'])}")
    apart = set(facts.get("apart", ()))
    if types.keys() & apart and types.keys() - apart:
        reject("The two modes are mutually exclusive.")
    if {"first_frame", "first_clip"} <= types.keys() or {"file", "link"} <= types.keys():
        reject("The combination of media is not supported.")
    references = types["reference_image"] + types["reference_video"]
    if references > facts.get("total", references):
        reject(f"at most {facts['total']} references can be given")


def _check_url(url: str, model: Model, call: Call, *, image: bool) -> None:
    """Check where a medium comes from: the web, the vendor's storage, or an image in the order."""
    if _WEB.fullmatch(url):
        return
    if _STORED.fullmatch(url):
        if call.headers.get("x-dashscope-ossresourceresolve") != "enable":
            message = "Unable to download the media resource during the data inspection process."
            reject(message, "InvalidParameter.DataInspection")
        return
    match = _DATA.fullmatch(url)
    body = read_data(url)
    picture = inspect_image(body or b"")
    if not image or match is None or picture is None or match[1] != picture.content_type:
        reject("Required URL is missing or invalid, please check the request URL.", "InvalidURL")
    _check_picture(picture, len(body or b""), model)


def _check_picture(picture: ImageInfo, size: int, model: Model) -> None:
    least, most = model.facts["sides"]
    if size > model.facts["megabytes"] * 1_000_000:
        message = f"The image file size must be less than {model.facts['megabytes']}MB."
        reject(f"Invalid file size. {message}", "InvalidFile.Size")
    if min(picture.width, picture.height) < least or max(picture.width, picture.height) > most:
        sides = f"largest length of image is smaller than {most}, and the smallest is larger than"
        message = f"The image resolution is invalid, please make sure that the {sides} {least}."
        reject(message, "InvalidFile.Resolution")


def read_data(url: str) -> bytes | None:
    """Return the bytes of a data: URL, None where it is not one."""
    match = _DATA.fullmatch(url)
    try:
        return base64.b64decode(match[2], validate=True) if match else None
    except (binascii.Error, ValueError):
        return None


def _list_frames(given: Mapping[str, Any]) -> Iterator[str]:
    if "img_url" in given:
        yield given["img_url"]
    yield from (item["url"] for item in given.get("media", ()) if item["type"] == "first_frame")


def _inspect(url: str) -> ImageInfo | None:
    return inspect_image(read_data(url) or b"")


def _fit(lines: int, across: int, down: int) -> tuple[int, int]:
    """Return the size of a resolution in a ratio: of 720P, as many pixels as 1280x720 has.

    Sides are multiples of 16, as those of the pages are; 1080P in 4:3 is 16 narrower there.
    """
    usual = count_pixels("16:9" if across > down else "9:16", f"{lines}p")
    if across * min(usual) == down * max(usual) or down * min(usual) == across * max(usual):
        return usual
    factor = sqrt(usual[0] * usual[1] / (across * down))
    width, height = (max(16, round(side * factor / 16) * 16) for side in (across, down))
    return width, height

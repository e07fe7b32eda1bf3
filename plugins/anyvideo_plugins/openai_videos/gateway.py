"""openai-videos: the /v1/videos wire of OpenAI's Videos API, for any gateway that the config names.

    [providers.mygateway]
    adapter = "openai-videos"
    base_url = "https://gateway.example"
    api_key = { env = "MYGATEWAY_API_KEY" }

    [providers.mygateway.settings]              # only where the gateway differs
    words = { "排队中" = "queued", "已完成" = "succeeded" }
    fields = { id = "data.task.id", status = "data.task.state" }

    [[offers]]
    provider = "mygateway"
    model = "sora-2"
    seconds = [4, 8, 12]
    sizes = ["1280x720", "720x1280"]

What cannot be said there gets an adapter of its own; the wire is in `anyvideo.dialects.openai_videos`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from attrs import Attribute, evolve, field, frozen

from anyvideo.dialects import openai_videos
from anyvideo.plugin import (
    JSON,
    Flow,
    JobError,
    Offer,
    Plan,
    Report,
    Request,
    Response,
    Status,
    Task,
    Upload,
    diagnose,
    read_report,
    segment,
)

# LiteLLM's proxy sends a request again by itself unless it is told not to; others ignore this:
# https://docs.litellm.ai/docs/proxy/request_headers
_ONCE = {"x-litellm-num-retries": "0"}
_FACTS = (
    "id",
    "status",
    "progress",
    "video_url",
    "expires_at",
    "enhanced_prompt",
    "error",
    "cost",
    "created_at",
)


def _check_words(_: object, __: Attribute[Mapping[str, str]], words: Mapping[str, str]) -> None:
    if wrong := sorted(set(words.values()) - set(Status)):
        message = f"unknown {', '.join(wrong)}; a status is one of {', '.join(Status)}"
        raise ValueError(message)


def _check_fields(_: object, __: Attribute[Mapping[str, str]], fields: Mapping[str, str]) -> None:
    if wrong := sorted(set(fields) - set(_FACTS)):
        message = f"unknown {', '.join(wrong)}; a field is one of {', '.join(_FACTS)}"
        raise ValueError(message)


@frozen
class GatewaySettings:
    """Where a gateway differs from the wire as OpenAI documented it.

    `words` are its own status words, each with ours. `fields` says where its answers keep what,
    as a path of keys and positions with dots between them; all that is used must then be named.
    `seconds` travels as text, as documented, or as a number.
    """

    words: Mapping[str, str] = field(factory=dict, validator=_check_words)
    fields: Mapping[str, str] = field(factory=dict, validator=_check_fields)
    seconds: Literal["text", "number"] = "text"


@frozen
class Gateway:
    """The adapter `openai-videos`; its offers are in the config's [[offers]]."""

    name: str = "openai-videos"
    base_url: str = ""
    key_env: str = "OPENAI_VIDEOS_API_KEY"
    settings: GatewaySettings = field(factory=GatewaySettings)

    Settings = GatewaySettings

    def configure(self, settings: GatewaySettings) -> Gateway:
        """Return the adapter for one provider of the config."""
        return evolve(self, settings=settings)

    def offers(self) -> Sequence[Offer]:
        """Return nothing: which models a gateway has, only the config knows."""
        return ()

    def submit(self, plan: Plan) -> Flow[Report]:
        """Create the job: JSON, or a form where a local image goes along."""
        response = yield encode(plan, self.settings)
        return self._read(response, paid=True)

    def status(self, task: Task) -> Flow[Report]:
        """Ask for the state of a task."""
        response = yield Request("GET", f"/v1/videos/{segment(task.id)}")
        return self._read(response, id=task.id)

    def locate(self, task: Task) -> Flow[Request]:
        """Find the file: at the task's own URL, else behind /content."""
        return openai_videos.locate(task)

    def remix(self, task: Task, prompt: str, size: str | None = None) -> Flow[Report]:
        """Make a new task from a finished one."""
        flow = openai_videos.remix(task, prompt, size)
        response = yield evolve(next(flow), headers=_ONCE)
        return self._read(response, paid=True)

    def _read(self, response: Response, *, id: str = "", paid: bool = False) -> Report:  # noqa: A002 (the field's own name)
        """Return what an answer says, read from the places that the settings name."""
        places, words = self.settings.fields, self.settings.words
        body = response.find() if response.ok else None
        if body is not None and places:
            facts = {name: response.find(*_split(place)) for name, place in places.items()}
            body = {name: value for name, value in facts.items() if value not in (None, "")}
            if not (body.keys() & {"id", "status"}):
                raise diagnose(response, paid=paid)
        if body is not None and (places or words):
            text = json.dumps(_translate(body, words))
            response = Response(response.status, response.headers, text.encode())
        return read_report(response, id=id, paid=paid)


def _translate(value: JSON, words: Mapping[str, str]) -> JSON:
    """Return a JSON document with the gateway's status words in ours."""
    if isinstance(value, str):
        return words.get(value, value)
    if isinstance(value, Mapping):
        return {name: _translate(item, words) for name, item in value.items()}
    return [_translate(item, words) for item in value] if isinstance(value, list) else value


def _split(place: str) -> list[str | int]:
    """Return a place such as "data.0.id" as a path."""
    return [int(step) if step.isdecimal() else step for step in place.split(".")]


def encode(plan: Plan, settings: GatewaySettings) -> Request:
    """Return the request that creates the job.

    An image goes under `input_reference`, or under what the offer's `names` say for its role; a
    name that ends in [] holds a list.

    Raises:
        JobError: the job has a character, for which this wire has no parameter.
    """
    if plan.job.character is not None:
        message = "openai-videos has no parameter for a character; take it out of `accepts`"
        raise JobError(message)
    body = plan.parameters()
    length = plan.offer.parameter("seconds")
    if plan.job.seconds is not None and length in body and length not in plan.options:
        text = f"{plan.job.seconds:g}"
        body[length] = text if settings.seconds == "text" else json.loads(text)
    if plan.job.metadata:
        body.setdefault("metadata", dict(plan.job.metadata))
    urls, files = _place_images(plan)
    body = {**body, **urls, **plan.options}
    if not files:
        return Request("POST", "/v1/videos", json=body, headers=_ONCE, paid=True)
    form = {name: _write_text(value) for name, value in body.items()}
    return Request("POST", "/v1/videos", form=form, files=files, headers=_ONCE, paid=True)


def _place_images(plan: Plan) -> tuple[dict[str, Any], dict[str, list[Upload]]]:
    """Return the images that the gateway fetches itself, and those that are sent along."""
    urls: dict[str, Any] = {}
    files: dict[str, list[Upload]] = {}
    for image in plan.images("first_frame", "last_frame", "reference"):
        place = plan.offer.names.get(image.role, "input_reference")
        name = place.removesuffix("[]")
        if not image.is_url:
            files.setdefault(name, []).append(plan.uploads[image])
        elif name == place:
            urls[name] = str(image.source)
        else:
            urls[name] = [*urls.get(name, ()), str(image.source)]
    return urls, files


def _write_text(value: JSON) -> str:
    """Return a value as a form field; what is no text travels as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

"""APIYI's `/v1/videos`: JSON from a prompt, multipart with one image to start from.

    POST /v1/videos                  {"model", "prompt", "seconds": "8", "size": "1280x720"}
    GET  /v1/videos/{id}             {"id", "status", "progress"}: no page promises a URL
    GET  /v1/videos/{id}/content     the file; JSON with its URL for reversed Veo

Pages: docs.apiyi.com/en/api-capabilities/sora-2/text-to-video and /image-to-video (the wire),
/grok-imagine-video (the live models), /veo-3-1-official and /veo/async-api (two dialects).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from anyvideo.dialects import openai_videos
from anyvideo.dialects.reports import read_report
from anyvideo.plugin import JSON, Flow, JobError, Offer, Plan, Report, Request, Task, load_offers

_FILES = ("offers.toml", "offers_veo.toml")


class Videos:
    """The adapter `apiyi`; it holds nothing, so one serves every provider."""

    name = "apiyi"
    base_url = "https://api.apiyi.com"
    key_env = "APIYI_API_KEY"

    def offers(self) -> Sequence[Offer]:
        """Return the Grok Imagine family, and what has been switched off."""
        return tuple(
            offer
            for file in _FILES
            for offer in load_offers("anyvideo_plugins.apiyi", self.name, file)
        )

    def submit(self, plan: Plan) -> Flow[Report]:
        """Create the job; the answer names the task."""
        response = yield encode(plan)
        return read_report(response, paid=True)

    def status(self, task: Task) -> Flow[Report]:
        """Ask for the state of a task."""
        return openai_videos.status(task)

    def locate(self, task: Task) -> Flow[Request]:
        """Find the file: at the task's own URL, else behind /content."""
        return openai_videos.locate(task)


def encode(plan: Plan) -> Request:
    """Return the request that creates the job: multipart with images, JSON without.

    The length is text: `4` is answered with 400, and `"4"` is not. The caller's options are
    sent as they are.

    Raises:
        JobError: an option replaces an object into which other values are nested.
    """
    known = plan.parameters()
    values = {name: known[name] for name in known if name not in plan.options}
    length = values.get("seconds")
    if isinstance(length, int | float):
        values["seconds"] = f"{length:g}"
    images = plan.images("first_frame", "last_frame", "reference")
    if not images:
        return Request("POST", "/v1/videos", json=_nest(values, plan.options), paid=True)
    flat = {name.rpartition(".")[2]: value for name, value in values.items()}
    given = {**flat, **plan.options}
    form = {name: _to_text(value) for name, value in given.items() if value is not None}
    files = {"input_reference": [plan.uploads[image] for image in images]}
    return Request("POST", "/v1/videos", form=form, files=files, paid=True)


def _nest(values: Mapping[str, JSON], options: Mapping[str, JSON]) -> dict[str, JSON]:
    """Return a JSON body: what an offer calls `metadata.seed` is the `seed` in `metadata`."""
    body: dict[str, JSON] = {}
    nested: dict[str, dict[str, JSON]] = {}
    for name, value in values.items():
        place, _, inner = name.rpartition(".")
        if place:
            nested.setdefault(place, {})[inner] = value
        else:
            body[name] = value
    for place, inside in nested.items():
        given = options.get(place, {})
        if not isinstance(given, Mapping):
            names = ", ".join(inside)
            message = f"options.apiyi.{place} must be an object, because {names} goes into it"
            raise JobError(message)
        body[place] = {**inside, **given}
    return {**body, **{name: options[name] for name in options if name not in nested}}


def _to_text(value: JSON) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

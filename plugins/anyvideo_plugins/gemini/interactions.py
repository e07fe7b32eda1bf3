"""Google's Interactions API, which makes the clips of Gemini Omni.

    POST /v1beta/interactions                      order a clip
    GET  /v1beta/interactions/{id}                 ask for its `status` and its `steps`
    POST /v1beta/interactions/{id}/cancel          stop it
    GET  /v1beta/files/{id}                        ask for the `state` of the file
    GET  /v1beta/files/{id}:download?alt=media     fetch it

https://ai.google.dev/gemini-api/docs/omni and https://ai.google.dev/api/interactions-api
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from anyvideo.plugin import (
    Flow,
    Inline,
    JobError,
    Offer,
    Plan,
    Report,
    Request,
    Task,
    load_offers,
    segment,
)
from anyvideo_plugins.gemini.answers import ORIGIN, read_file, read_interaction, read_location

# What of a job stands in `response_format`; every other parameter stands beside it.
_FORMAT = ("aspect_ratio", "resolution", "duration", "delivery")
_FILE = re.compile(r"(https?://.+/v\d\w*/files/[^/:?#]+)(:download)?(\?.*)?")


class Gemini:
    """The adapter `gemini`; it holds nothing, so one serves every provider."""

    name = "gemini"
    base_url = ORIGIN
    key_env = "GEMINI_API_KEY"

    def offers(self) -> tuple[Offer, ...]:
        """Return Gemini Omni, and the models that Google switched off."""
        return load_offers("anyvideo_plugins.gemini", self.name)

    def authorize(
        self,
        request: Request,  # noqa: ARG002 (the key is the same for all)
        key: str,
        body: bytes,  # noqa: ARG002 (the same)
        now: float,  # noqa: ARG002 (the same)
    ) -> dict[str, str]:
        """Return the header with the key; in the URL it would be in every log."""
        return {"x-goog-api-key": key}

    def submit(self, plan: Plan) -> Flow[Report]:
        """Order the clip.

        Raises:
            JobError: an option replaces the job's own images.
        """
        response = yield encode(plan)
        return read_interaction(response, paid=True)

    def status(self, task: Task) -> Flow[Report]:
        """Ask how the interaction stands."""
        response = yield Request("GET", _path(task))
        return read_interaction(response, task_id=task.id)

    def cancel(self, task: Task) -> Flow[Report]:
        """Stop an interaction that runs; Google does not say what it bills then."""
        response = yield Request("POST", f"{_path(task)}/cancel")
        if response.ok and not response.find():  # stopped, in no words
            return (yield from self.status(task))
        return read_interaction(response, task_id=task.id)

    def locate(self, task: Task) -> Flow[Request | Report | bytes]:
        """Find the file, once the Files API has it; an interaction is complete some time before.

        A file inside the answer, which an option asks for, is returned itself.

        Raises:
            ExpiredError: the interaction or the file is gone; files live 48 hours.
            ProviderError: the file is not ready yet; worth another try.
            DownloadError: the task has no file, or none that can be read.
        """
        url = task.video_url
        if url is None:
            response = yield Request("GET", _path(task))
            found = read_location(response, task)
            if not isinstance(found, str):
                return found
            url = found
        file = _FILE.fullmatch(url)
        if file is None:
            return Request("GET", url, expects="video")
        response = yield Request("GET", file[1])
        failure = read_file(response, task)
        return failure or Request("GET", _write_download(file), expects="video")


def _write_download(file: re.Match[str]) -> str:
    query = file[3] or "?alt=media"
    return f"{file[1]}:download{query if 'alt=media' in query else f'{query}&alt=media'}"


def _path(task: Task) -> str:
    return f"/v1beta/interactions/{segment(task.id)}"


def encode(plan: Plan) -> Request:
    """Return the paid request: the images, then the prompt with a tag for the role of each.

    An option of the caller is sent as it is, and null removes a parameter.

    Raises:
        JobError: the option `input` replaces the job's own images.
    """
    images = plan.images("first_frame", "last_frame", "reference")
    if images and "input" in plan.options:
        message = "options.gemini.input contradicts the job's images; give only one of them"
        raise JobError(message)
    uploads = [plan.uploads[image] for image in images]
    blocks: list[dict[str, Any]] = [
        {"type": "image", "mime_type": item.content_type, "data": Inline(item, bare=True)}
        for item in uploads
    ]
    blocks.append({"type": "text", "text": write_prompt(plan)})
    words = plan.parameters()
    form = {"type": "video", "delivery": "uri", **{n: words[n] for n in _FORMAT if n in words}}
    body: dict[str, Any] = {
        "model": plan.wire_model,
        "input": [{"type": "user_input", "content": blocks}],
        "response_format": _drop_nulls(form),
        **_name_task(plan),
        # Without these the call stays open until the clip is there, and nobody can ask for it later.
        "background": True,
        "store": True,
        **{name: value for name, value in plan.options.items() if name not in _FORMAT},
    }
    return Request("POST", "/v1beta/interactions", json=_drop_nulls(body), paid=True)


def write_prompt(plan: Plan) -> str:
    """Return the prompt with the tags that bind images to roles, by their place among the images.

    Frames have their tag alone in front of the prompt. References are declared by number; a prompt
    that declares or names the roles itself stays as it is.
    https://ai.google.dev/gemini-api/docs/omni#using-tags-in-prompts-to-set-image-and-video-roles
    """
    prompt = plan.job.prompt
    frames = [f"<{image.role.upper()}>" for image in plan.images("first_frame", "last_frame")]
    references = [f"<IMAGE_REF_{number}>" for number in range(len(plan.images("reference")))]
    if "[# " in prompt:
        return prompt
    if not references:
        return " ".join([*(tag for tag in frames if tag not in prompt), prompt])
    places = [f"{tag}@Image{place}" for place, tag in enumerate([*frames, *references], 1)]
    sources = f"[# Sources {' '.join(places[: len(frames)])}] " if frames else ""
    return f"{sources}[# References {' '.join(places[len(frames) :])}] {prompt}"


def _name_task(plan: Plan) -> dict[str, Any]:
    """Name what is to be done where the images leave no doubt; otherwise the tags say it."""
    frames, references = plan.images("first_frame", "last_frame"), plan.images("reference")
    if bool(frames) == bool(references):
        return {}
    task = "image_to_video" if frames else "reference_to_video"
    return {"generation_config": {"video_config": {"task": task}}}


def _drop_nulls(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if value is not None}

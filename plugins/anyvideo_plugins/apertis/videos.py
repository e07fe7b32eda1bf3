"""apertis-videos: Veo and Sora as multipart forms, with a local image, remix and characters.

    POST /v1/videos                  always multipart/form-data, every value as text
    GET  /v1/videos/{id}             status
    GET  /v1/videos/{id}/content     the file, or JSON with video_url: the page shows both
    POST /v1/videos/{id}/remix       a new task from a finished one
    POST /sora/v1/characters         a character that prompts can name

Source: https://github.com/apertis-ai/docs, api/audio-video/video, "Alternative API: /v1/videos"
and "Sora-2 Extended API".
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from anyvideo.dialects import openai_videos
from anyvideo.dialects.reports import read_report
from anyvideo.plugin import (
    JSON,
    Character,
    CharacterRef,
    Flow,
    JobError,
    Offer,
    Plan,
    Report,
    Request,
    Task,
    Upload,
    load_offers,
)
from anyvideo_plugins.apertis import characters
from anyvideo_plugins.apertis.create import BASE_URL, KEY_ENV


class Videos:
    """The wire for local images, for remixes and for characters."""

    name = "apertis-videos"
    base_url = BASE_URL
    key_env = KEY_ENV

    def offers(self) -> Sequence[Offer]:
        """Return the offers of this wire."""
        return load_offers("anyvideo_plugins.apertis", self.name)

    def submit(self, plan: Plan) -> Flow[Report]:
        """Create the job."""
        response = yield encode(plan)
        return read_report(response, paid=True)

    def status(self, task: Task) -> Flow[Report]:
        """Ask for the state of a task."""
        return openai_videos.status(task)

    def locate(self, task: Task) -> Flow[Request]:
        """Find the file: at the task's own URL, else behind /content."""
        return openai_videos.locate(task)

    def remix(self, task: Task, prompt: str, size: str | None = None) -> Flow[Report]:
        """Make a new task from a finished one."""
        return openai_videos.remix(task, prompt, size)

    def create_character(self, character: Character) -> Flow[CharacterRef]:
        """Make a character; write "@username" in a prompt to use it."""
        return characters.create(character)


def encode(plan: Plan) -> Request:
    """Return the request that creates the job: a form, also where there is no file to send.

    Raises:
        JobError: the image is no local file that was read.
    """
    options = plan.options
    form = {name: value for name, value in plan.parameters().items() if name not in options}
    if plan.job.metadata:
        form["metadata"] = dict(plan.job.metadata)
    if plan.job.character is not None:
        form.update(characters.name_fields(plan.job.character, prefix="character_"))
    texts = {name: _as_text(value) for name, value in {**form, **options}.items()}
    return Request("POST", "/v1/videos", form=texts, files=_attach(plan), paid=True)


def _as_text(value: JSON) -> str:
    """Return a value as a form field; what is no scalar travels as JSON text.

    The page calls `character_create` an "object" and `metadata` "JSON", and does not say how a
    form is to hold them.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return json.dumps(value, ensure_ascii=False)


def _attach(plan: Plan) -> dict[str, Upload]:
    files: dict[str, Upload] = {}
    for image in plan.job.images:
        upload = plan.uploads.get(image)
        if upload is None:
            message = f"apertis-videos sends images as files; {image!r} was not read as one"
            raise JobError(message)
        files["input_reference"] = upload
    return files

"""Replicate's wire, from https://replicate.com/docs/reference/http.

    POST /v1/models/{owner}/{name}/predictions   {"input": {...}} -> 201 {"id", "status", "urls"}
    GET  /v1/predictions/{id}                    {"status", "output", "error", "data_removed"}
    POST /v1/predictions/{id}/cancel             the prediction as it stands then
    POST /v1/files                               multipart `content` -> {"urls": {"get"}}

The endpoint names the model, and the fields of `input` are the model's own. What differs between
models is data: offers.toml says what `names` holds beyond the canonical fields. Nothing makes a
second submit harmless, and no field holds the caller's own id.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from anyvideo.plugin import (
    DownloadError,
    ExpiredError,
    Flow,
    Image,
    Inline,
    Offer,
    Plan,
    ProviderError,
    Report,
    Request,
    Response,
    Status,
    Task,
    Upload,
    load_offers,
    segment,
)
from anyvideo_plugins.replicate.answers import read_file_url, read_prediction
from anyvideo_plugins.replicate.signatures import check_signature

_FILES = (
    "offers.toml",
    "offers_seedance.toml",
    "offers_kling.toml",
    "offers_pixverse.toml",
    "offers_others.toml",
)
# Where an offer has no name for a role, the parameter is the one that most models have.
_PARAMETERS = {
    "first_frame": "image",
    "last_frame": "last_frame_image",
    "reference": "reference_images",
}
# Up to this size a file goes along as a data: URL, as the reference of `predictions.create` says.
_DATA_URL_BYTES = 256 * 1000


class Replicate:
    """The adapter `replicate`; it holds nothing, so one serves every provider."""

    name = "replicate"
    base_url = "https://api.replicate.com"
    key_env = "REPLICATE_API_TOKEN"

    def offers(self) -> Sequence[Offer]:
        """Return the official video models whose input fields are known."""
        package = "anyvideo_plugins.replicate"
        return tuple(offer for file in _FILES for offer in load_offers(package, self.name, file))

    def submit(self, plan: Plan) -> Flow[Report]:
        """Create the prediction; large local images are stored first.

        Raises:
            ProviderError: an image cannot be stored, or the vendor refuses the job.
        """
        stored: dict[Upload, str] = {}
        for image in list_images(plan):
            upload = plan.uploads.get(image)
            if upload is not None and upload.size > _DATA_URL_BYTES and upload not in stored:
                stored[upload] = yield from store(upload)
        response = yield encode(plan, stored)
        return read_prediction(response, paid=True)

    def status(self, task: Task) -> Flow[Report]:
        """Ask how a prediction stands; a finished one carries its URL for an hour."""
        response = yield Request("GET", find_path(task, "get", _find_usual_path(task)))
        return read_prediction(response, task_id=task.id)

    def locate(self, task: Task) -> Flow[Request | Report]:
        """Find the file at the task's own URL, or at the one that the vendor names when asked.

        https://replicate.com/docs/topics/predictions/data-retention: input and output are removed
        an hour after the end.

        Raises:
            ExpiredError: the vendor has removed the file, or no longer knows the prediction.
            DownloadError: there is no file yet.
        """
        url = task.video_url
        if url is None:
            report = yield from self._ask_again(task)
            if report.status.final and report.status != Status.SUCCEEDED:
                return report
            url = report.video_url
        if url is None:
            message = f"{task.provider} names no video for {task.id}, which still runs"
            raise DownloadError(message, task=task)
        return Request("GET", url, expects="video")

    def _ask_again(self, task: Task) -> Flow[Report]:
        try:
            report = yield from self.status(task)
        except ProviderError as error:
            if error.kind != "not_found":
                raise
            message = f"{task.provider} no longer knows the prediction {task.id}: {error.message}"
            raise ExpiredError(message, task=task) from error
        if report.status == Status.EXPIRED:
            message = (
                f"{task.provider} has removed the output of {task.id}; it keeps it for an hour"
            )
            raise ExpiredError(message, task=task)
        return report

    def cancel(self, task: Task) -> Flow[Report]:
        """Ask the vendor to stop a prediction, and report how it stands then.

        One that still runs may stop a little later. A prediction that ran is billed:
        https://replicate.com/changelog/2025-10-16-prediction-deadlines

        Raises:
            ProviderError: the vendor does not know the prediction, or refuses.
        """
        path = find_path(task, "cancel", f"{_find_usual_path(task)}/cancel")
        response = yield Request("POST", path)
        return read_prediction(response, task_id=task.id)

    def webhook(self, delivery: Response, secret: str, now: float) -> Flow[str]:
        """Check a delivery, which is a prediction, and end with its id.

        Raises:
            WebhookError: the signature is missing, wrong or old.
        """
        yield from ()
        if secret:
            check_signature(delivery, secret, now)
        return delivery.find("id")  # type: ignore[no-any-return]  # the core looks before it uses it


def encode(plan: Plan, stored: Mapping[Upload, str]) -> Request:
    """Return the paid request for a plan; the model is the path, and no field of the body.

    `stored` holds the URLs of the files that lie at the vendor. An option of the caller is a field
    of `input`, sent as it is; null removes a field.
    """
    own = {
        name: value
        for name, value in plan.parameters().items()
        if name != "model" or name in plan.options
    }
    given = {**place_images(plan, stored), **own}
    body: dict[str, Any] = {
        "input": {name: value for name, value in given.items() if value is not None}
    }
    if plan.callback:
        body |= {"webhook": plan.callback, "webhook_events_filter": ["completed"]}
    path = "/".join(map(segment, plan.wire_model.split("/")))
    return Request("POST", f"/v1/models/{path}/predictions", json=body, paid=True)


def list_images(plan: Plan) -> list[Image]:
    """Return the images that a model can take."""
    return list(plan.images("first_frame", "last_frame", "reference"))


def place_images(plan: Plan, stored: Mapping[Upload, str]) -> dict[str, Any]:
    """Return the images under the parameters that the offer has for their roles.

    References are always a list. A local image that is not stored goes along as a data: URL.
    """
    placed: dict[str, Any] = {}
    for image in list_images(plan):
        name = plan.offer.names.get(image.role) or _PARAMETERS[image.role]
        upload = plan.uploads.get(image)
        value = image.source if upload is None else stored.get(upload) or Inline(upload)
        if image.role == "reference":
            placed.setdefault(name, []).append(value)
        else:
            placed[name] = value
    return placed


def store(upload: Upload) -> Flow[str]:
    """Lay a file at the vendor, and end with the URL by which its models know it; it lives a day.

    https://replicate.com/docs/reference/http#files.create

    Raises:
        ProviderError: the vendor refuses the file, or does not say where it is.
    """
    assumed = {"urls": {"get": f"{Replicate.base_url}/v1/files/{upload.sha256}"}}
    response = yield Request("POST", "/v1/files", files={"content": upload}, rehearsal=assumed)
    return read_file_url(response)


def _find_usual_path(task: Task) -> str:
    return f"/v1/predictions/{segment(task.id)}"


def find_path(task: Task, name: str, usual: str) -> str:
    """Return the path of a URL that the vendor gave in `urls`, below the provider's base URL.

    A URL that leads to another host is not followed: the documented path takes its place.
    """
    url = task.extra.get(name)
    if isinstance(url, str):
        for base in (task.base_url, Replicate.base_url):
            if url.startswith(f"{base}/"):
                return url.removeprefix(base)
    return usual

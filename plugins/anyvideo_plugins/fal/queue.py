"""fal's queue, from https://fal.ai/docs/model-apis/model-endpoints/queue.

    POST /{endpoint}      the model's own JSON -> {"request_id", "status_url", "response_url", "cancel_url"}
    GET  status_url       -> {"status": "IN_QUEUE" | "IN_PROGRESS" | "COMPLETED", ...}
    GET  response_url     the model's own JSON -> {"video": {"url"}}, or why it failed
    PUT  cancel_url       -> {"status": "CANCELLATION_REQUESTED" | "ALREADY_COMPLETED" | "NOT_FOUND"}

The three URLs are kept and never built: the vendor drops the end of an endpoint's name in them.
What differs between models is data: offers.toml says what `names` holds beyond the canonical fields.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from anyvideo.plugin import (
    JSON,
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
from anyvideo_plugins.fal.answers import (
    read_cancellation,
    read_job,
    read_result,
    read_state,
    read_urls,
)
from anyvideo_plugins.fal.storage import ORIGIN, needs_storage, store
from anyvideo_plugins.fal.webhooks import read_delivery

_FILES = (
    "offers.toml",
    "offers_kling.toml",
    "offers_veo.toml",
    "offers_minimax.toml",
    "offers_alibaba.toml",
    "offers_pixverse.toml",
    "offers_others.toml",
    "offers_late.toml",
    "offers_retired.toml",
)
# Where an offer has no name for a role, the parameter is the one that most endpoints have.
_PARAMETERS = {
    "first_frame": "image_url",
    "last_frame": "end_image_url",
    "reference": "image_urls",
}


class Fal:
    """The adapter `fal`; it holds nothing, so one serves every provider."""

    name = "fal"
    base_url = "https://queue.fal.run"
    key_env = "FAL_KEY"
    origins = (ORIGIN,)

    def offers(self) -> Sequence[Offer]:
        """Return the video models whose parameters are known."""
        return tuple(_list_offers())

    def authorize(self, request: Request, key: str, body: bytes, now: float) -> Mapping[str, str]:
        """Return the key in fal's own scheme; it is "id:secret", as fal shows it.

        https://fal.ai/docs/model-apis/authentication
        """
        del request, body, now
        return {"authorization": f"Key {key}"}

    def submit(self, plan: Plan) -> Flow[Report]:
        """Put the job into the queue of the plan's endpoint; large local images are stored first.

        Raises:
            ProviderError: an image cannot be stored, or the queue refuses the job.
        """
        stored: dict[Upload, str] = {}
        for image in list_images(plan):
            upload = plan.uploads.get(image)
            if upload is not None and needs_storage(upload) and upload not in stored:
                stored[upload] = yield from store(upload)
        response = yield encode(plan, stored)
        return read_job(response)

    def status(self, task: Task) -> Flow[Report]:
        """Ask for the state of a task; once it is complete, for its result, which may be a failure.

        An answer to a submit that names only `response_url` is enough: the result of a task that
        still runs says so.

        Raises:
            ProviderError: the vendor did not say, or no URL of this provider is known to ask.
        """
        urls, error = {**task.extra}, None
        if "status_url" in urls or "response_url" not in urls:
            response = yield Request("GET", find_path(task, urls, "status_url"))
            report = read_state(response, task.id)
            if report.status != Status.SUCCEEDED:
                return report
            urls, error = {**read_urls(response), **urls}, report.error
        response = yield Request("GET", find_path(task, urls, "response_url"))
        return read_result(response, task.id, error)

    def locate(self, task: Task) -> Flow[Request | Report]:
        """Find the file at the task's own URL, or at the one in its result.

        Raises:
            ExpiredError: the vendor no longer knows the task.
            DownloadError: the task has no file yet.
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
            return (yield from self.status(task))
        except ProviderError as error:
            if error.kind != "not_found":
                raise
            message = f"{task.provider} no longer knows the task {task.id}: {error.message}"
            raise ExpiredError(message, task=task) from error

    def cancel(self, task: Task) -> Flow[Report]:
        """Ask the queue to stop a job.

        A job that waits is removed. To one that runs a signal is sent, which its model may ignore:
        it stays as it is here until its status says how it ended.
        https://fal.ai/docs/inference-api/queue/cancel

        Raises:
            ProviderError: the vendor does not know the job, or no URL of this provider is known.
        """
        response = yield Request("PUT", find_path(task, task.extra, "cancel_url"))
        report = read_cancellation(response, task)
        return report if report is not None else (yield from self.status(task))

    def webhook(self, delivery: Response, secret: str, now: float) -> Flow[object]:
        """Read the id in a report, which is signed with a key of fal's own.

        Raises:
            WebhookError: the signature is wrong, missing or old.
        """
        del secret
        return (yield from read_delivery(delivery, now))


def _list_offers() -> Iterator[Offer]:
    for file in _FILES:
        yield from load_offers("anyvideo_plugins.fal", "fal", file)


def encode(plan: Plan, stored: Mapping[Upload, str]) -> Request:
    """Return the paid request for a plan; the endpoint is the path, and no field of the body.

    `stored` holds the URLs of the files that lie in the vendor's storage.

    `x-fal-no-retry` makes the paid job run once: without it the queue runs a job again, up to ten
    times, after a 503, a 504 or a lost connection. A config's `headers` may take it back.
    https://fal.ai/docs/model-apis/model-endpoints/reliability

    An option of the caller is sent as it is; null removes a parameter.
    """
    own = {
        name: value
        for name, value in plan.parameters().items()
        if name != "model" or name in plan.options
    }
    body = {**place_images(plan, stored), **own}
    known = {name: value for name, value in body.items() if value is not None}
    path = "".join(f"/{segment(part)}" for part in plan.wire_model.split("/"))
    query = {"fal_webhook": plan.callback} if plan.callback else {}
    headers = {"x-fal-no-retry": "1"}
    return Request("POST", path, query=query, json=known, headers=headers, paid=True)


def list_images(plan: Plan) -> list[Image]:
    """Return the images that an endpoint can take."""
    return list(plan.images("first_frame", "last_frame", "reference"))


def place_images(plan: Plan, stored: Mapping[Upload, str]) -> dict[str, Any]:
    """Return the images under the parameters that the plan's endpoint has for their roles.

    A local image that is not stored goes along as a data: URL. `names` of an offer may name a parameter for one
    endpoint: "transition.first_frame" is that of the endpoints whose names end in /transition.
    """
    names, ending = plan.offer.names, plan.wire_model.rpartition("/")[2]
    placed: dict[str, Any] = {}
    for image in list_images(plan):
        role = image.role
        name = names.get(f"{ending}.{role}") or names.get(role) or _PARAMETERS[role]
        upload = plan.uploads.get(image)
        value = image.source if upload is None else stored.get(upload) or Inline(upload)
        if name.endswith("_urls"):
            placed.setdefault(name, []).append(value)
        else:
            placed[name] = value
    return placed


def find_path(task: Task, urls: Mapping[str, JSON], name: str) -> str:
    """Return a URL that the vendor gave, as a path below the provider's base URL.

    So the key goes to the provider alone, also where its base URL is that of a proxy which passes
    the vendor's own URLs on.

    Raises:
        ProviderError: there is no such URL, or it leads to another host.
    """
    url = urls.get(name)
    if isinstance(url, str):
        for base in (task.base_url, Fal.base_url):
            if url.startswith(f"{base}/"):
                return url.removeprefix(base)
    raise _miss_url(task, name, url)


def _miss_url(task: Task, name: str, url: JSON) -> ProviderError:
    told = f"the {name} {url!r} is not one of {task.base_url}" if url else f"no {name} is known"
    message = f"{told}, so {task.id} cannot be asked about; resume it with its whole handle"
    return ProviderError("malformed", message)

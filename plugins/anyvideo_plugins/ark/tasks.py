"""Ark's wire for every Seedance model: content generation tasks.

    POST   /api/v3/contents/generations/tasks        {"model", "content", ...} -> {"id"}
    GET    /api/v3/contents/generations/tasks/{id}   {"id", "status", "content", "error", ...}
    DELETE /api/v3/contents/generations/tasks/{id}   cancels a queued task, forgets an ended one

A key belongs to one region, and the regions have other ids for the same models:

    [providers.volcengine]
    adapter = "ark"
    api_key = { env = "VOLC_ARK_API_KEY" }

    [providers.volcengine.settings]
    region = "cn"                               # "intl", BytePlus, is the default

A base_url of the config ends before /api/v3, unlike that of the vendor's SDKs.

Pages: https://docs.byteplus.com/en/docs/ModelArk/1520757 (create) and /1521309 (retrieve); the same
numbers below https://www.volcengine.com/docs/82379. Limits and prices are in offers.toml.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from attrs import evolve, field, frozen, validators

from anyvideo.plugin import (
    Flow,
    Image,
    Inline,
    JobError,
    Offer,
    Plan,
    Report,
    Request,
    Response,
    Status,
    Task,
    load_offers,
    segment,
)
from anyvideo_plugins.ark.answers import read_cancelled, read_created, read_location, read_task

Region = Literal["intl", "cn"]
_HOSTS: Mapping[Region, str] = {
    "intl": "https://ark.ap-southeast.bytepluses.com",
    "cn": "https://ark.cn-beijing.volces.com",
}
_FILES = ("offers.toml", "offers_1.toml")
_TASKS = "/api/v3/contents/generations/tasks"
# The ids in China: https://www.volcengine.com/docs/82379/1330310. What is not here is not offered there.
_CHINA_PAGE = "https://www.volcengine.com/docs/82379/1330310"
_CHINA: Mapping[str, str] = {
    "seedance-2.5": "doubao-seedance-2-5-260628",
    "seedance-2.0": "doubao-seedance-2-0-260128",
    "seedance-2.0-fast": "doubao-seedance-2-0-fast-260128",
    "seedance-2.0-mini": "doubao-seedance-2-0-mini-260615",
    "seedance-1-5-pro": "doubao-seedance-1-5-pro-251215",
    "seedance-1-0-pro": "doubao-seedance-1-0-pro-250528",
    "seedance-1-0-pro-fast": "doubao-seedance-1-0-pro-fast-251015",
}


@frozen
class ArkSettings:
    """The region that the provider's key belongs to.

    Attributes:
        region: "intl" for BytePlus ModelArk, "cn" for Volcengine Ark.

    Raises:
        ValueError: there is no such region.
    """

    region: Region = field(default="intl", validator=validators.in_(tuple(_HOSTS)))


@frozen
class Ark:
    """The adapter `ark` in one region."""

    name: str = "ark"
    key_env: str = "ARK_API_KEY"
    settings: ArkSettings = field(factory=ArkSettings)

    Settings = ArkSettings

    @property
    def base_url(self) -> str:
        """The host of the region; the paths begin with /api/v3."""
        return _HOSTS[self.settings.region]

    def configure(self, settings: ArkSettings) -> Ark:
        """Return the adapter for the region of one provider of the config."""
        return evolve(self, settings=settings)

    def offers(self) -> Sequence[Offer]:
        """Return the models of the region, under the ids that they have there."""
        offers = [
            offer
            for file in _FILES
            for offer in load_offers("anyvideo_plugins.ark", self.name, file)
        ]
        if self.settings.region == "intl":
            return offers
        return tuple(_move_to_china(offer) for offer in offers if offer.model in _CHINA)

    def submit(self, plan: Plan) -> Flow[Report]:
        """Create the task; the answer holds its id and nothing else."""
        response = yield encode(plan)
        return read_created(response)

    def status(self, task: Task) -> Flow[Report]:
        """Ask for the state of a task; a succeeded one carries its URL."""
        response = yield _ask(task)
        return read_task(response, task)

    def locate(self, task: Task) -> Flow[Request]:
        """Find the file at the task's own URL, or at the one that the vendor names when asked.

        Raises:
            ExpiredError: the link has lapsed, or the vendor has forgotten the task, after 7 days.
            DownloadError: the task has no file, or not yet.
        """
        if task.video_url:
            return Request("GET", task.video_url, expects="video")
        response = yield _ask(task)
        return read_location(response, task)

    def cancel(self, task: Task) -> Flow[Report]:
        """Cancel a task that is still queued; a running one cannot be stopped, and is billed.

        The state is asked for first, because DELETE deletes the record of a task that has ended,
        and its video with it.
        """
        response = yield _ask(task)
        report = read_task(response, task)
        if report.status != Status.QUEUED:
            return report
        response = yield Request("DELETE", f"{_TASKS}/{segment(task.id)}")
        told = read_cancelled(response, task)
        return (yield from self.status(task)) if told is None else told

    def webhook(self, delivery: Response, secret: str, now: float) -> Flow[object]:
        """Read the id in a report, which is the task itself; Ark signs none.

        https://docs.byteplus.com/en/docs/ModelArk/1520757 (`callback_url`)
        """
        del secret, now
        yield from ()
        return delivery.find("id")


def _move_to_china(offer: Offer) -> Offer:
    """Return an offer under its id in China; the prices of offers.toml are BytePlus's own."""
    tiers = tuple(evolve(tier, price=None) for tier in offer.tiers)
    return evolve(offer, wire_model=_CHINA[offer.model], tiers=tiers, source=_CHINA_PAGE)


def encode(plan: Plan) -> Request:
    """Return the paid request for a plan: the prompt and the images are items of `content`.

    An option of the caller is sent as it is; null removes a parameter.

    Raises:
        JobError: the option `content` replaces the job's own images.
    """
    images = plan.images("first_frame", "last_frame", "reference")
    if images and "content" in plan.options:
        message = "options.ark.content contradicts the job's images; give only one of them"
        raise JobError(message)
    text = {"type": "text", "text": plan.job.prompt}
    content = [text, *(_place(plan, image) for image in images)]
    named = {name: value for name, value in plan.parameters().items() if name != "prompt"}
    told = {"callback_url": plan.callback} if plan.callback else {}
    body = {"model": plan.wire_model, "content": content, **told, **named, **plan.options}
    known = {name: value for name, value in body.items() if value is not None}
    return Request("POST", _TASKS, json=known, paid=True)


def _place(plan: Plan, image: Image) -> dict[str, Any]:
    """Return an image as an item of `content`: a URL, or a local one as a data: URL."""
    url = image.source if image.is_url else Inline(plan.uploads[image])
    role = "reference_image" if image.role == "reference" else image.role
    return {"type": "image_url", "image_url": {"url": url}, "role": role}


def _ask(task: Task) -> Request:
    return Request("GET", f"{_TASKS}/{segment(task.id)}")

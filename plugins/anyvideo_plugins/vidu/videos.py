"""The adapter `vidu`, for Vidu's own API: https://platform.vidu.com/docs.

    POST /ent/v2/text2video             from a prompt
    POST /ent/v2/img2video              from a first frame
    POST /ent/v2/start-end2video        from a first frame and a last one
    POST /ent/v2/reference2video        from reference images, or from subjects in the options
    GET  /ent/v2/tasks/{id}/creations   how a task stands
    POST /ent/v2/tasks/{id}/cancel      cancels an off-peak task that waits

`payload` is echoed and nothing searches for it: the list of tasks has no filter for it, so a lost
job cannot be found. The signature of a callback covers the URL that was called.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal

from attrs import evolve, field, frozen, validators

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
    Status,
    Task,
    load_offers,
    segment,
)
from anyvideo_plugins.vidu.answers import read_cancelled, read_created, read_task

Region = Literal["intl", "cn"]
_HOSTS: Mapping[Region, str] = {"intl": "https://api.vidu.com", "cn": "https://api.vidu.cn"}
_FILES = ("offers.toml", "offers_2.toml")
# What a credit costs at platform.vidu.com: https://platform.vidu.com/docs/pricing.
_CREDIT = Decimal("0.005")
_PATH = "/ent/v2"
# The path by the number of frames.
_MODES = ("text2video", "img2video", "start-end2video")
# Parameters that only reference2video has.
_REFERENCES = frozenset({"subjects", "videos"})


@frozen
class ViduSettings:
    """Where the account is: "intl" for platform.vidu.com, "cn" for platform.vidu.cn.

    Raises:
        ValueError: there is no such region.
    """

    region: Region = field(default="intl", validator=validators.in_(tuple(_HOSTS)))


@frozen
class Vidu:
    """The adapter `vidu` in one region."""

    name: str = "vidu"
    key_env: str = "VIDU_API_KEY"
    settings: ViduSettings = field(factory=ViduSettings)

    Settings = ViduSettings

    @property
    def base_url(self) -> str:
        """The host of the region."""
        return _HOSTS[self.settings.region]

    def configure(self, settings: ViduSettings) -> Vidu:
        """Return the adapter for the region of an account."""
        return evolve(self, settings=settings)

    def offers(self) -> Sequence[Offer]:
        """Return the offers; those of "cn" have no prices, because only the list in USD is known."""
        package = "anyvideo_plugins.vidu"
        offers = [offer for file in _FILES for offer in load_offers(package, self.name, file)]
        return offers if self._credit else [*map(_leave_price_open, offers)]

    def authorize(self, request: Request, key: str, body: bytes, now: float) -> Mapping[str, str]:  # noqa: ARG002 (none is signed)
        """Return the header with the key, which follows the word Token and not Bearer."""
        return {"authorization": f"Token {key}"}

    def submit(self, plan: Plan) -> Flow[Report]:
        """Create the task."""
        response = yield encode(plan)
        return read_created(response, marked=plan.parameters().get("watermark") is True)

    def status(self, task: Task) -> Flow[Report]:
        """Ask how a task stands."""
        response = yield Request("GET", f"{_find_task(task)}/creations")
        return read_task(response, task, credit=self._credit)

    def locate(self, task: Task) -> Flow[Request | Report]:
        """Find the file at the task's own URL, or at the fresh one that Vidu names when asked.

        Raises:
            ExpiredError: Vidu no longer knows the task.
            DownloadError: the task is not finished.
        """
        if task.video_url:
            return Request("GET", task.video_url, expects="video")
        try:
            report = yield from self.status(task)
        except ProviderError as error:
            if error.kind != "not_found":
                raise
            message = f"{task.provider} no longer knows the task {task.id}: {error.message}"
            raise ExpiredError(message, task=task) from error
        if report.video_url:
            return Request("GET", report.video_url, expects="video")
        if report.status is Status.FAILED:
            return report
        message = f"{task.provider} names no video for {task.id}, which is {report.status}"
        raise DownloadError(message, task=task)

    def cancel(self, task: Task) -> Flow[Report]:
        """Cancel an off-peak task that still waits; where Vidu cannot, say how the task stands.

        https://platform.vidu.com/docs/cancel-generation
        """
        response = yield Request("POST", f"{_find_task(task)}/cancel", json={"id": task.id})
        report = read_cancelled(response, task)
        return (yield from self.status(task)) if report is None else report

    @property
    def _credit(self) -> Decimal | None:
        return _CREDIT if self.settings.region == "intl" else None


def encode(plan: Plan) -> Request:
    """Return the paid request for a plan; its images choose the path.

    An option of the caller is sent as it is; null removes a parameter.
    """
    references = plan.images("reference")
    frames = plan.images("first_frame", "last_frame")
    sent = [_send(plan, image) for image in references or frames]
    body: dict[str, Any] = {**({"images": sent} if sent else {}), **plan.parameters()}
    known = {name: value for name, value in body.items() if value is not None}
    referring = references or known.keys() & _REFERENCES
    mode = "reference2video" if referring else _MODES[len(frames)]
    return Request("POST", f"{_PATH}/{mode}", json=known, paid=True)


def _send(plan: Plan, image: Image) -> Any:  # noqa: ANN401 (a URL, or an image inside JSON)
    """Return the URL of an image; a local one is sent as a data: URL."""
    return image.source if image.is_url else Inline(plan.uploads[image])


def _find_task(task: Task) -> str:
    return f"{_PATH}/tasks/{segment(task.id)}"


def _leave_price_open(offer: Offer) -> Offer:
    return evolve(offer, tiers=tuple(evolve(tier, price=None) for tier in offer.tiers))

"""The adapter `kling`, for Kling's own API: https://kling.ai/document-api.

    POST /v1/videos/text2video          from a prompt
    POST /v1/videos/image2video         from a first frame, or a first and a last one
    POST /v1/videos/multi-image2video   from reference images
    POST /v1/videos/omni-video          the omni models, from any of these
    GET  {the same path}/{id}           a task, also by the caller's `external_task_id`

    POST /text-to-video/{model}         kling-3.0-turbo, which the paths above do not have
    POST /image-to-video/{model}
    GET  /tasks?task_ids={id}

A task is known at its own path only, so the path is kept with it. Kling cannot cancel a task.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Literal

from attrs import evolve, frozen

from anyvideo.plugin import (
    DownloadError,
    ExpiredError,
    Flow,
    Offer,
    Plan,
    ProviderError,
    Report,
    Request,
    Response,
    Status,
    Task,
    load_offers,
)
from anyvideo_plugins.kling.answers import read_submitted, read_task
from anyvideo_plugins.kling.requests import (
    FIRST_EDITION,
    PATHS,
    SECOND_EDITION,
    encode,
    encode_poll,
    find_home,
)
from anyvideo_plugins.kling.tokens import sign_token

_HOSTS = {
    "intl": "https://api-singapore.klingai.com",
    "cn": "https://api-beijing.klingai.com",
}
_FILES = ("offers.toml", "offers_omni.toml", "offers_2.toml", "offers_old.toml")
# What a unit costs at api-singapore: https://kling.ai/document-api/pricing/base/video.
_UNIT = Decimal("0.14")


@frozen
class KlingSettings:
    """Where the account is: "intl" at api-singapore.klingai.com, "cn" at api-beijing.klingai.com."""

    region: Literal["intl", "cn"] = "intl"


@frozen
class Kling:
    """The adapter `kling`.

    The key is an API key, or an access key and its secret as "ACCESS:SECRET".
    """

    name: str = "kling"
    base_url: str = _HOSTS["intl"]
    key_env: str = "KLINGAI_API_KEY"
    settings: KlingSettings = KlingSettings()

    Settings = KlingSettings

    def configure(self, settings: KlingSettings) -> Kling:
        """Return the adapter for the region of an account."""
        return evolve(self, settings=settings, base_url=_HOSTS[settings.region])

    def offers(self) -> Sequence[Offer]:
        """Return the offers; those of "cn" have no prices, because only the list in USD is known."""
        offers = [
            offer
            for file in _FILES
            for offer in load_offers("anyvideo_plugins.kling", self.name, file)
        ]
        return [_drop_prices(offer) for offer in offers] if self._unit is None else offers

    def authorize(self, request: Request, key: str, body: bytes, now: float) -> Mapping[str, str]:  # noqa: ARG002 (neither is signed)
        """Return the header with the API key, or with a fresh token for an access key and secret."""
        access, colon, secret = key.partition(":")
        token = sign_token(access, secret, now) if colon else key
        return {"authorization": f"Bearer {token}"}

    def submit(self, plan: Plan) -> Flow[Report]:
        """Create the job."""
        request = encode(plan)
        response = yield request
        report = read_submitted(response, find_home(request))
        marked = {"marked": True} if plan.job.watermark else {}
        return evolve(report, extra={**report.extra, **marked})

    def status(self, task: Task) -> Flow[Report]:
        """Ask for the state of a task: at its path, or at each in turn where that is not known."""
        path = task.extra.get("path")
        return self._look(task, task.id, [path] if path in PATHS else PATHS)

    def locate(self, task: Task) -> Flow[Request | Report]:
        """Find the file at the task's own URL, or at the one that Kling names when asked.

        Raises:
            ExpiredError: Kling no longer knows the task.
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

    def find(self, task: Task) -> Flow[Report | None]:
        """Look for a job whose submit was never answered, by the `external_task_id` that it carried.

        The first edition takes it in place of its own id, and it is unique in an account:
        https://kling.ai/document-api/apiReference/model/textToVideo. A job of the second carries none.
        """
        if not task.ref or task.model in self._models_without_reference:
            return None
        try:
            report = yield from self._look(task, task.reference, FIRST_EDITION)
        except ProviderError as error:
            if error.kind != "not_found":
                raise
            return None
        # Another job may have this text as the id that Kling gave it.
        return None if report.id == task.reference else report

    def webhook(self, delivery: Response, secret: str, now: float) -> Flow[object]:
        """Read the id in a report; Kling signs none, and a job of its second edition asks for none.

        https://kling.ai/document-api/apiReference/callbackProtocol
        """
        del secret, now
        yield from ()
        return delivery.find("task_id")

    def _look(self, task: Task, name: str, paths: Iterable[str]) -> Flow[Report]:
        """Ask for a task by one of its ids at each path in turn, until one knows it.

        Raises:
            ProviderError: no path knows it, or a path answers with another error.
        """
        unknown = ProviderError("not_found", "knows no such task")
        for path in paths:
            response = yield encode_poll(path, name)
            try:
                return read_task(response, path, task, unit=self._unit)
            except ProviderError as error:
                if error.kind != "not_found":
                    raise
                unknown = error
        raise unknown

    @property
    def _models_without_reference(self) -> set[str]:
        offers = (offer for offer in self.offers() if offer.names.get("api") == SECOND_EDITION)
        return {offer.model for offer in offers}

    @property
    def _unit(self) -> Decimal | None:
        return _UNIT if self.settings.region == "intl" else None


def _drop_prices(offer: Offer) -> Offer:
    return evolve(offer, tiers=tuple(evolve(tier, price=None) for tier in offer.tiers))

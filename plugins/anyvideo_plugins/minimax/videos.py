"""The adapter `minimax`: the offer decides which of the two wires a job takes.

A key belongs to one region:

    [providers.minimax-cn]
    adapter = "minimax"
    api_key = { env = "MINIMAX_CN_API_KEY" }

    [providers.minimax-cn.settings]
    region = "cn"                               # "intl" is the default

The Chinese pages of 2026-10 name https://api.minimax.cn as well, which a base_url of the config may be.

Limits and prices are in offers.toml, for H3, and offers_hailuo.toml.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from attrs import evolve, field, frozen, validators

from anyvideo.plugin import (
    DownloadError,
    ExpiredError,
    Flow,
    Offer,
    Plan,
    ProviderError,
    Report,
    Request,
    Status,
    Task,
    load_offers,
)
from anyvideo_plugins.minimax import h3, hailuo

Region = Literal["intl", "cn"]
_HOSTS: Mapping[Region, str] = {
    "intl": "https://api.minimax.io",
    "cn": "https://api.minimaxi.com",
}
_PACKAGE = "anyvideo_plugins.minimax"


@frozen
class MiniMaxSettings:
    """The region that the provider's key belongs to.

    Attributes:
        region: "intl" for platform.minimax.io, "cn" for platform.minimaxi.com.

    Raises:
        ValueError: there is no such region.
    """

    region: Region = field(default="intl", validator=validators.in_(tuple(_HOSTS)))


@frozen
class MiniMax:
    """The adapter `minimax` in one region."""

    name: str = "minimax"
    key_env: str = "MINIMAX_API_KEY"
    settings: MiniMaxSettings = field(factory=MiniMaxSettings)

    Settings = MiniMaxSettings

    @property
    def base_url(self) -> str:
        """The host of the region; the paths begin with /v1 or /v2."""
        return _HOSTS[self.settings.region]

    def configure(self, settings: MiniMaxSettings) -> MiniMax:
        """Return the adapter for the region of one provider of the config."""
        return evolve(self, settings=settings)

    def offers(self) -> Sequence[Offer]:
        """Return the models; the prices are those of the international platform."""
        offers = (*load_offers(_PACKAGE, self.name), *_list_hailuo())
        if self.settings.region == "intl":
            return offers
        return tuple(map(_leave_price_open, offers))

    def submit(self, plan: Plan) -> Flow[Report]:
        """Create the task; the answer holds its id and nothing else."""
        if _is_hailuo(plan.offer.model):
            response = yield hailuo.encode(plan)
            return hailuo.read_created(response)
        response = yield h3.encode(plan)
        return h3.read_created(response)

    def status(self, task: Task) -> Flow[Report]:
        """Ask for the state of a task."""
        if _is_hailuo(task.model):
            response = yield hailuo.ask(task)
            return hailuo.read_task(response, task)
        response = yield h3.ask(task)
        return h3.read_task(response, task)

    def locate(self, task: Task) -> Flow[Request]:
        """Find the file: of Hailuo by the id of the file, of H3 at the URL of the task.

        Where the task carries neither, its state is asked for first, which names a fresh one.

        Raises:
            ExpiredError: the vendor has forgotten the task, after seven days, or its file.
            DownloadError: the task has no file, or not yet.
        """
        try:
            if _is_hailuo(task.model):
                return (yield from _locate_file(task))
            return (yield from _locate_video(task))
        except ProviderError as error:
            if error.kind != "not_found":
                raise
            message = f"{task.provider} no longer knows the task {task.id}: {error.message}"
            raise ExpiredError(message, task=task) from error

    def cancel(self, task: Task) -> Flow[Report]:
        """Cancel a task of H3 that is still queued, which costs nothing.

        A running one cannot be stopped, and Hailuo has no such call: then the report says how the
        task stands. The state is asked for first, because DELETE deletes the record of a task that
        has ended, and its video with it.
        """
        report = yield from self.status(task)
        if report.status != Status.QUEUED or _is_hailuo(task.model):
            return report
        response = yield h3.delete(task)
        try:
            ended = h3.read_deleted(response, task)
        except ProviderError as error:
            if error.kind != "invalid_request":
                raise
            ended = None
        # It may have begun in between: the refusal does not say so, but its state does.
        return (yield from self.status(task)) if ended is None else ended


def _list_hailuo() -> Sequence[Offer]:
    """Return the offers whose jobs take the first wire."""
    return load_offers(_PACKAGE, "minimax", "offers_hailuo.toml")


def _is_hailuo(model: str) -> bool:
    return any(offer.answers_to(model) for offer in _list_hailuo())


def _leave_price_open(offer: Offer) -> Offer:
    """Return an offer for China, where the price list is another, in yuan."""
    tiers = tuple(evolve(tier, price=None) for tier in offer.tiers)
    source = offer.source.replace("platform.minimax.io", "platform.minimaxi.com")
    return evolve(offer, tiers=tiers, source=source)


def _locate_file(task: Task) -> Flow[Request]:
    """Find the file of a task of Hailuo, by the id that its last state named."""
    known = Report(id=task.id, extra=task.extra)
    if "file_id" not in known.extra:
        response = yield hailuo.ask(task)
        known = hailuo.read_task(response, task)
    if "file_id" not in known.extra:
        raise _miss_video(task, known)
    response = yield hailuo.ask_file(known)
    return hailuo.read_file(response, task)


def _locate_video(task: Task) -> Flow[Request]:
    """Find the file of a task of H3, at its own URL or at a fresh one."""
    url = task.video_url
    if not url:
        response = yield h3.ask(task)
        report = h3.read_task(response, task)
        url = report.video_url
        if url is None:
            raise _miss_video(task, report)
    return Request("GET", url, expects="video")


def _miss_video(task: Task, report: Report) -> DownloadError:
    """Return the error for a task without a video."""
    if report.status == Status.EXPIRED:
        message = f"{task.provider} no longer has the video of {task.id}"
        return ExpiredError(message, task=task)
    message = f"{task.provider} names no video for {task.id}, which is {report.status}"
    return DownloadError(message, task=task)

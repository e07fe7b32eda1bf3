"""DashScope's wire for every video model: asynchronous tasks.

    POST /api/v1/services/aigc/video-generation/video-synthesis   creates a task
    GET  /api/v1/tasks/{id}                                       shows it, for 24 hours
    POST /api/v1/tasks/{id}/cancel                                cancels it while it is PENDING

A key belongs to one region, and the newer hosts to one workspace:

    [providers.dashscope.settings]
    region = "cn"                               # "intl", Singapore, is the default
    workspace = "ws-..."

A base_url of the config ends before /api/v1, unlike that of the vendor's SDKs.

Pages: https://www.alibabacloud.com/help/en/model-studio/wan3-video-generation-api-reference and
/manage-asynchronous-tasks. Limits and Singapore's prices are in offers.toml.
"""

from __future__ import annotations

from collections.abc import Sequence

from attrs import evolve, field, frozen

from anyvideo.plugin import Flow, Offer, Plan, Report, Request, Task, load_offers
from anyvideo_plugins.dashscope.answers import (
    read_cancelled,
    read_created,
    read_location,
    read_task,
)
from anyvideo_plugins.dashscope.regions import DashScopeSettings, is_sold, move
from anyvideo_plugins.dashscope.requests import ask, ask_to_cancel, encode

_FILES = ("offers.toml", "offers_2.toml", "offers_happyhorse.toml", "offers_legacy.toml")


@frozen
class DashScope:
    """The adapter `dashscope` in one region."""

    name: str = "dashscope"
    key_env: str = "DASHSCOPE_API_KEY"
    settings: DashScopeSettings = field(factory=DashScopeSettings)

    Settings = DashScopeSettings

    @property
    def base_url(self) -> str:
        """The host of the region, or of the workspace in it; the paths begin with /api/v1."""
        return self.settings.host

    def configure(self, settings: DashScopeSettings) -> DashScope:
        """Return the adapter for the region and the workspace of one provider of the config."""
        return evolve(self, settings=settings)

    def offers(self) -> Sequence[Offer]:
        """Return the models of the region, at its prices."""
        region = self.settings.region
        return tuple(
            move(offer, region)
            for file in _FILES
            for offer in load_offers("anyvideo_plugins.dashscope", self.name, file)
            if is_sold(offer, region)
        )

    def submit(self, plan: Plan) -> Flow[Report]:
        """Create the task; it waits as PENDING while the account has too many others."""
        response = yield encode(plan)
        return read_created(response)

    def status(self, task: Task) -> Flow[Report]:
        """Ask for the state of a task; a succeeded one carries its URL."""
        response = yield ask(task)
        return read_task(response, task)

    def locate(self, task: Task) -> Flow[Request]:
        """Find the file at the task's own URL, or at the one that the vendor names when asked.

        Raises:
            ExpiredError: the vendor has forgotten the task, after 24 hours.
            DownloadError: the task has no file, or not yet.
        """
        if task.video_url:
            return Request("GET", task.video_url, expects="video")
        response = yield ask(task)
        return read_location(response, task)

    def cancel(self, task: Task) -> Flow[Report]:
        """Cancel a task that is still PENDING; any other goes on, and how it stands is asked for.

        Only a video that was made is billed.
        """
        response = yield ask_to_cancel(task)
        report = read_cancelled(response, task)
        if report is not None:
            return report
        response = yield ask(task)
        return read_task(response, task)

'''Everything that an author of a plugin needs, and nothing else.

A plugin is a module that an entry point of the group `anyvideo` names. It offers adapters, one for
each wire format of a vendor. This is the whole of one:

    from anyvideo.plugin import (
        Flow, Offer, Plan, Report, Request, Task, hookimpl, locate_url, read_offers, read_report,
        segment,
    )

    OFFERS = """
    [[offers]]
    model = "acme-1"
    source = "https://acme.example/docs"
    seconds = [5, 10]
    aspect_ratios = ["16:9", "9:16"]
    accepts = ["seed"]
    price = { amount = "0.10", per = "second" }
    """


    class Acme:
        name = "acme"
        base_url = "https://api.acme.example"
        key_env = "ACME_API_KEY"

        def offers(self) -> tuple[Offer, ...]:
            return read_offers(OFFERS, self.name)

        def submit(self, plan: Plan) -> Flow[Report]:
            response = yield Request("POST", "/v1/clips", json=plan.parameters(), paid=True)
            return read_report(response, paid=True)

        def status(self, task: Task) -> Flow[Report]:
            response = yield Request("GET", f"/v1/clips/{segment(task.id)}")
            return read_report(response, id=task.id)

        def locate(self, task: Task) -> Flow[Request]:
            return locate_url(task)


    anyvideo_api = 1


    @hookimpl
    def anyvideo_adapters() -> list[Acme]:
        return [Acme()]

An adapter does no I/O, reads no clock, no environment and no key: an operation is a generator that
yields requests and is handed responses. The core sends them with the caller's key to the provider's
own origin, and to no other.

`anyvideo new-adapter NAME` writes a distribution of this kind, and `anyvideo.testing.Conformance`
says whether it is right.
'''

from __future__ import annotations

from anyvideo.adapters.events import Event
from anyvideo.adapters.hooks import (
    API,
    anyvideo_adapters,
    anyvideo_before_submit,
    anyvideo_event,
    anyvideo_sandbox,
    hookimpl,
)
from anyvideo.adapters.protocol import Adapter, CharacterRef, Stream
from anyvideo.catalog.read import load_offers, read_offers
from anyvideo.dialects.diagnosis import diagnose, diagnose_failure
from anyvideo.dialects.reports import find_url, read_report
from anyvideo.dialects.urls import locate_url, segment
from anyvideo.dialects.webhooks import check_age, verify_ed25519, verify_hmac
from anyvideo.errors import (
    AnyVideoError,
    BudgetError,
    ConfigError,
    DownloadError,
    ErrorKind,
    ExpiredError,
    JobError,
    PluginError,
    ProviderError,
    WebhookError,
)
from anyvideo.model.job import VideoJob
from anyvideo.model.media import Character, Image
from anyvideo.model.offer import Images, Offer, Retirement, Shape, Tier
from anyvideo.model.plan import Plan
from anyvideo.model.quote import Price, Quote
from anyvideo.model.wire import JSON, Flow, Inline, Request, Response, Upload
from anyvideo.tasks.report import Output, Report, TaskError, read_progress
from anyvideo.tasks.status import Status, read_status
from anyvideo.tasks.task import Task
from anyvideo.validation import is_list, is_object

__all__ = [
    "API",
    "JSON",
    "Adapter",
    "AnyVideoError",
    "BudgetError",
    "Character",
    "CharacterRef",
    "ConfigError",
    "DownloadError",
    "ErrorKind",
    "Event",
    "ExpiredError",
    "Flow",
    "Image",
    "Images",
    "Inline",
    "JobError",
    "Offer",
    "Output",
    "Plan",
    "PluginError",
    "Price",
    "ProviderError",
    "Quote",
    "Report",
    "Request",
    "Response",
    "Retirement",
    "Shape",
    "Status",
    "Stream",
    "Task",
    "TaskError",
    "Tier",
    "Upload",
    "VideoJob",
    "WebhookError",
    "anyvideo_adapters",
    "anyvideo_before_submit",
    "anyvideo_event",
    "anyvideo_sandbox",
    "check_age",
    "diagnose",
    "diagnose_failure",
    "find_url",
    "hookimpl",
    "is_list",
    "is_object",
    "load_offers",
    "locate_url",
    "read_offers",
    "read_progress",
    "read_report",
    "read_status",
    "segment",
    "verify_ed25519",
    "verify_hmac",
]

"""One video job, any vendor: negotiated before it is paid, submitted at most once, downloaded.

    import anyvideo

    client = anyvideo.Client(sandbox=True)
    job = anyvideo.VideoJob("a red fox in fresh snow", seconds=4, size="1280x720")
    video = client.generate(job, to="fox.mp4", model="apiyi/grok-imagine-video-1.5")

Names are loaded when they are first used, so that importing the package costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from anyvideo.adapters.protocol import CharacterRef
    from anyvideo.batch.lines import JobFile, JobLine, read_job_file
    from anyvideo.batch.result import JobResult
    from anyvideo.client import AsyncClient, Client
    from anyvideo.errors import (
        AmbiguousPluginError,
        AmbiguousSubmitError,
        AnyVideoError,
        BudgetError,
        ConfigError,
        DownloadError,
        DriftError,
        ExpiredError,
        InFlightError,
        JobError,
        JournalError,
        NegotiationError,
        PluginError,
        ProviderError,
        TaskFailedError,
        UnsupportedError,
        WaitTimeoutError,
        WebhookError,
    )
    from anyvideo.journal.database import Journal
    from anyvideo.journal.record import JobRecord
    from anyvideo.model.comparison import Comparison
    from anyvideo.model.job import VideoJob
    from anyvideo.model.media import Character, Image
    from anyvideo.model.offer import Offer, Tier
    from anyvideo.model.plan import Plan, Refusal
    from anyvideo.model.quote import Price, Quote
    from anyvideo.model.reasons import Adjustment, Reason
    from anyvideo.negotiation.policy import Policy
    from anyvideo.planning.price_list import PriceList
    from anyvideo.session.waiting import Retry
    from anyvideo.tasks.report import Report, TaskError
    from anyvideo.tasks.status import Status
    from anyvideo.tasks.task import Difference, Facts, Task, Video

_HOMES = {
    "adapters.protocol": "CharacterRef",
    "batch.lines": "JobFile JobLine read_job_file",
    "batch.result": "JobResult",
    "client": "AsyncClient Client",
    "errors": "AmbiguousPluginError AmbiguousSubmitError AnyVideoError BudgetError ConfigError DownloadError DriftError"
    " ExpiredError InFlightError JobError JournalError NegotiationError PluginError ProviderError"
    " TaskFailedError UnsupportedError WaitTimeoutError WebhookError",
    "journal.database": "Journal",
    "journal.record": "JobRecord",
    "model.job": "VideoJob",
    "model.media": "Character Image",
    "model.offer": "Offer Tier",
    "model.comparison": "Comparison",
    "model.plan": "Plan Refusal",
    "model.quote": "Price Quote",
    "model.reasons": "Adjustment Reason",
    "negotiation.policy": "Policy",
    "planning.price_list": "PriceList",
    "session.waiting": "Retry",
    "tasks.report": "Report TaskError",
    "tasks.status": "Status",
    "tasks.task": "Difference Facts Task Video",
}
_MODULES = {name: module for module, names in _HOMES.items() for name in names.split()}

__all__ = [
    "Adjustment",
    "AmbiguousPluginError",
    "AmbiguousSubmitError",
    "AnyVideoError",
    "AsyncClient",
    "BudgetError",
    "Character",
    "CharacterRef",
    "Client",
    "Comparison",
    "ConfigError",
    "Difference",
    "DownloadError",
    "DriftError",
    "ExpiredError",
    "Facts",
    "Image",
    "InFlightError",
    "JobError",
    "JobFile",
    "JobLine",
    "JobRecord",
    "JobResult",
    "Journal",
    "JournalError",
    "NegotiationError",
    "Offer",
    "Plan",
    "PluginError",
    "Policy",
    "Price",
    "PriceList",
    "ProviderError",
    "Quote",
    "Reason",
    "Refusal",
    "Report",
    "Retry",
    "Status",
    "Task",
    "TaskError",
    "TaskFailedError",
    "Tier",
    "UnsupportedError",
    "Video",
    "VideoJob",
    "WaitTimeoutError",
    "WebhookError",
    "read_job_file",
]


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)


def __dir__() -> list[str]:
    return __all__

"""One video job, any vendor: negotiated before it is paid, submitted at most once, brought home.

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
        JobError,
        JournalError,
        NegotiationError,
        PluginError,
        ProviderError,
        TaskFailedError,
        WaitTimeoutError,
    )
    from anyvideo.job import Character, Image, VideoJob
    from anyvideo.journal import Journal
    from anyvideo.mp4 import Facts
    from anyvideo.negotiate import Policy
    from anyvideo.offer import Offer, Tier
    from anyvideo.plan import Adjustment, Comparison, Plan, Reason, Refusal
    from anyvideo.plugin import CharacterRef
    from anyvideo.pricing import PriceList
    from anyvideo.quote import Price, Quote
    from anyvideo.status import Status
    from anyvideo.task import Difference, Report, Task, TaskError, Video

_HOMES = {
    "client": "AsyncClient Client",
    "errors": "AmbiguousPluginError AmbiguousSubmitError AnyVideoError BudgetError ConfigError DownloadError DriftError"
    " ExpiredError JobError JournalError NegotiationError PluginError ProviderError"
    " TaskFailedError WaitTimeoutError",
    "job": "Character Image VideoJob",
    "journal": "Journal",
    "mp4": "Facts",
    "negotiate": "Policy",
    "offer": "Offer Tier",
    "plan": "Adjustment Comparison Plan Reason Refusal",
    "plugin": "CharacterRef",
    "pricing": "PriceList",
    "quote": "Price Quote",
    "status": "Status",
    "task": "Difference Report Task TaskError Video",
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
    "JobError",
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
    "Status",
    "Task",
    "TaskError",
    "TaskFailedError",
    "Tier",
    "Video",
    "VideoJob",
    "WaitTimeoutError",
]


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)


def __dir__() -> list[str]:
    return __all__

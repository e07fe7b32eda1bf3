"""Everything that can go wrong, as one tree.

    AnyVideoError
    ├── ConfigError           a setting is wrong or missing; lists every problem at once
    ├── JobError              the job contradicts itself, or a local file cannot be used
    ├── NegotiationError      no offer accepts the job; carries the refusals
    │   └── DriftError        a plan is out of date
    ├── UnsupportedError      no selected provider has this operation, such as a remix
    ├── PluginError           a plugin broke its contract; names it and the repair
    ├── BudgetError           sending this would pass a limit that the caller set
    │   └── CrowdedError      as many jobs are under way as may be; try again later
    ├── JournalError          the journal cannot be used; nothing was sent
    ├── InFlightError         another process is sending the job; try again in `.seconds`
    ├── AmbiguousSubmitError  the paid request went out and its outcome is unknown
    │   └── AmbiguousPluginError  because the adapter broke over the answer; also a PluginError
    ├── WaitTimeoutError      the deadline passed; the job runs on and can be resumed
    ├── TaskFailedError       the vendor says that the job ended without a video
    ├── DownloadError         the video exists, fetching it failed; fetch it again
    │   └── ExpiredError      the vendor no longer has the file
    └── ProviderError         the vendor answered with an error, or was not reached

An error that concerns a job carries it as `.task`, so that no except clause can lose one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Literal, get_args

from anyvideo.printable import make_line

if TYPE_CHECKING:
    from anyvideo.model.plan import Refusal
    from anyvideo.tasks.task import Task

ErrorKind = Literal[
    "invalid_request",
    "auth",
    "permission",
    "insufficient_funds",
    "not_found",
    "model_unavailable",
    "rate_limited",
    "server",
    "content_policy",
    "malformed",
    "timeout",
]
"""What an error of a vendor is, in the same word for every vendor."""
ERROR_KINDS: frozenset[ErrorKind] = frozenset(get_args(ErrorKind))

# What the caller can do next. A user interface adds the command or the button that does it.
Advice = Literal[
    "resume", "resolve", "list_jobs", "list_models", "name_model", "set_key", "overwrite"
]

_REMEDIES: dict[ErrorKind, str] = {
    "invalid_request": "change the job",
    "auth": "check the key",
    "permission": "check what this key, group or address may use",
    "insufficient_funds": "top up the account",
    "not_found": "check the id; vendors forget tasks after some days",
    "model_unavailable": "choose another model, or ask the vendor to enable this one for the key",
    "rate_limited": "wait and try again",
    "server": "try again later",
    "content_policy": "change the prompt or the images",
    "malformed": "the answer could not be read; check base_url",
    "timeout": "check the network, or raise the provider's timeout",
}


class AnyVideoError(Exception):
    """The root of every error that anyvideo raises.

    Attributes:
        message: What went wrong, in words on one line, each character of which can be seen.
        task: The job that the error concerns.
        advice: What the caller can do next.
        earlier: The errors that ended the earlier attempts of a route, oldest first.
    """

    def __init__(
        self, message: str, *, task: Task | None = None, advice: Advice | None = None
    ) -> None:
        self.message = make_line(message)
        super().__init__(self.message)
        self.task = task
        self.advice: Advice | None = advice
        self.earlier: tuple[AnyVideoError, ...] = ()

    def mask(self, mask: Callable[[str], str]) -> None:
        """Mask the key in what the error says; `mask` returns a text without it."""
        self.message = mask(self.message)
        self.args = (self.message,)


def attach_task(error: BaseException, task: Task) -> None:
    """Give an error the handle of the job that it interrupts, whatever kind of error it is."""
    if getattr(error, "task", None) is None:
        with suppress(AttributeError):
            error.task = task  # type: ignore[attr-defined]  # errors of ours have it, others get it


class ConfigError(AnyVideoError):
    """A setting is wrong or missing.

    Attributes:
        problems: What is wrong, one line for each setting.
    """

    def __init__(self, problems: str | Sequence[str], *, advice: Advice | None = None) -> None:
        listed = [problems] if isinstance(problems, str) else problems
        self.problems = tuple(map(make_line, listed))
        super().__init__("; ".join(self.problems), advice=advice)


class JobError(AnyVideoError):
    """The job contradicts itself, or a local file it names cannot be used."""


class NegotiationError(AnyVideoError):
    """No offer accepts the job.

    Attributes:
        refusals: Why, offer by offer.
    """

    def __init__(
        self, message: str, refusals: Sequence[Refusal] = (), *, advice: Advice | None = None
    ) -> None:
        self.refusals = tuple(refusals)
        super().__init__(message, advice=advice)


class DriftError(NegotiationError):
    """A plan is out of date: something else would be sent now."""


class UnsupportedError(AnyVideoError):
    """No selected provider has this operation; choose one that documents it."""


class WebhookError(AnyVideoError):
    """What came in is no genuine report about a known job; answer it with 400, and do nothing else."""


class PluginError(AnyVideoError):
    """A plugin broke its contract; the message names the plugin, the operation and the repair."""


class BudgetError(AnyVideoError):
    """Sending this job would pass a limit that the caller set; nothing was sent."""


class CrowdedError(BudgetError):
    """As many jobs are under way as the caller allowed; nothing was sent. One may be sent later."""


class JournalError(AnyVideoError):
    """The journal cannot be read or written; nothing was sent."""


class InFlightError(AnyVideoError):
    """Another process is sending the job; nothing was sent by this one.

    Attributes:
        seconds: When to try again, in seconds from now: by then the job was sent, or is free.
    """

    def __init__(self, message: str, seconds: float, *, task: Task | None = None) -> None:
        super().__init__(message, task=task)
        self.seconds = seconds


class AmbiguousSubmitError(AnyVideoError):
    """The paid request went out and it is unknown whether a job was created.

    It is never sent again. `.task` is the handle of the job to resolve.
    """


class AmbiguousPluginError(AmbiguousSubmitError, PluginError):
    """The paid request went out, and the adapter broke over the answer: both errors in one."""


class WaitTimeoutError(AnyVideoError):
    """The deadline passed while the job still runs; resume `.task` later."""


class TaskFailedError(AnyVideoError):
    """The vendor says that the job ended without a video; `.task.error` says why."""


class DownloadError(AnyVideoError):
    """The video exists but could not be fetched; download `.task` again."""


class ExpiredError(DownloadError):
    """The vendor no longer has the file.

    Attributes:
        kind: The kind that a ProviderError for the same answer has.
        retryable: Always False: downloading again cannot help.
    """

    kind: ErrorKind = "not_found"
    retryable = False


class ProviderError(AnyVideoError):
    """The vendor answered with an error, or was not reached.

    Attributes:
        kind: What went wrong, in the same words for every vendor.
        status: The HTTP status, None without an answer.
        code: The vendor's own code.
        provider: The alias of the account.
        request_id: The vendor's id of the request.
        retry_after: How long to wait before the next call, in seconds, if the vendor says it.
        retryable: Whether the same call may be made again without risking a second job.
    """

    def __init__(  # noqa: PLR0913 (the facts of an answer, each by its name)
        self,
        kind: ErrorKind,
        message: str,
        *,
        status: int | None = None,
        code: str | None = None,
        provider: str = "",
        request_id: str | None = None,
        retry_after: float | None = None,
        retryable: bool = False,
    ) -> None:
        super().__init__(message)
        self.kind: ErrorKind = kind
        self.status = status
        self.code = code
        self.provider = provider
        self.request_id = request_id
        self.retry_after = retry_after
        self.retryable = retryable

    def mask(self, mask: Callable[[str], str]) -> None:
        """Mask the key in what the error says; `mask` returns a text without it."""
        super().mask(mask)
        self.code, self.request_id = (
            known and mask(known) for known in (self.code, self.request_id)
        )

    def __str__(self) -> str:
        """Return one line: who, what, how the vendor called it, and what to do."""
        known = [self.kind, f"HTTP {self.status}" if self.status else "", self.code or ""]
        who = f"{self.provider}: " if self.provider else ""
        facts = ", ".join(filter(None, known))
        return make_line(f"{who}{self.message} ({facts}); {_REMEDIES[self.kind]}")

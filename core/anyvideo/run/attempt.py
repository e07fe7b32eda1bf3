"""What is known while an operation runs: how far it got, and whether it may run again."""

from __future__ import annotations

from collections.abc import Callable

from attrs import define, evolve

from anyvideo.config.provider import Provider
from anyvideo.dialects.diagnosis import diagnose
from anyvideo.errors import PluginError, ProviderError
from anyvideo.model.wire import Request, Response
from anyvideo.tasks.report import Report
from anyvideo.tasks.task import Task

# No operation of a vendor takes more requests than this; a flow that asks for more never ends.
_MOST_REQUESTS = 100
_HARMLESS = frozenset({"GET", "HEAD"})
_UNCLEAR = frozenset({"server", "malformed", "timeout"})


@define
class Trace:
    """What is known while one operation runs: how far it got, for errors and the journal.

    `pays` marks an operation that may create a job; `on_leave` and `on_rest` write to the journal
    when its request leaves, and when that provably did nothing. `paid_out` says that the paid
    request may have left, `passed` that it was answered and understood; `report` names the job.
    """

    operation: str
    task: Task | None = None
    pays: bool = False
    on_leave: Callable[[], object] | None = None
    on_rest: Callable[[float], object] | None = None
    request: Request | None = None
    response: Response | None = None
    paid_out: bool = False
    passed: bool = False
    report: Report | None = None
    count: int = 0

    @property
    def raw(self) -> str | None:
        """The last body."""
        return self.response.text if self.response else None

    def restart(self) -> None:
        """Forget the last attempt."""
        self.request = self.response = self.report = None
        self.paid_out, self.passed, self.count = False, False, 0

    def leave(self) -> None:
        """Note that the paid request leaves now; if that cannot be noted, it stays."""
        if self.on_leave is not None:
            self.on_leave()
        self.paid_out = True

    def rest(self, seconds: float) -> None:
        """Note that the paid request provably did nothing, and that all rests for some seconds."""
        self.paid_out = False
        if self.on_rest is not None:
            self.on_rest(seconds)

    def may_repeat(self, error: ProviderError) -> bool:
        """Say whether the operation may run again: never when it may have created a job."""
        if not self.paid_out or not error.retryable:
            return error.retryable
        if self.passed or self.report is not None:
            return False
        # The word of an adapter that took the answer for that to a harmless request is not enough.
        return self.response is None or diagnose(self.response, paid=True).retryable

    def proves_nothing_exists(self, error: BaseException) -> bool:
        """Say whether an operation that ended in an error has certainly created no job."""
        if not self.paid_out:
            return True
        if not isinstance(error, ProviderError) or self.passed or self.report is not None:
            return False
        return error.kind not in _UNCLEAR or self.may_repeat(error)

    def check(self, provider: Provider, request: object) -> Request:
        """Return what an adapter yielded, marked as paid wherever it may create a job.

        Raises:
            PluginError: it is no request, a second paid one, or one too many.

        """
        name = f"adapter {provider.adapter.name}: {self.operation}"
        if not isinstance(request, Request):
            kind = type(request).__name__
            message = f"{name} yielded {kind}; yield anyvideo.plugin.Request values only"
            raise PluginError(message)
        self.count += 1
        if self.count > _MOST_REQUESTS:
            message = f"{name} asks without end; return once it is done"
            raise PluginError(message)
        # An author who forgot the mark must not cost the user a second job.
        if self.pays and request.method.upper() not in _HARMLESS and request.rehearsal is None:
            request = request if request.paid else evolve(request, paid=True)
        if request.paid and self.paid_out:
            message = f"{name} asks for a second paid request; one operation has one"
            raise PluginError(message)
        return request

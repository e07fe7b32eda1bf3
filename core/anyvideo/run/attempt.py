"""One try of one operation: how far it got, and what that proves about a paid request."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any, ParamSpec, TypeVar

from attrs import define

from anyvideo.adapters.calls import call_adapter, check_request, check_result, start_flow
from anyvideo.config.provider import Provider
from anyvideo.dialects.diagnosis import diagnose
from anyvideo.errors import AnyVideoError, ProviderError
from anyvideo.model.wire import Request, Response, name_job
from anyvideo.outcomes import UNCLEAR, UNPROCESSED, Outcome, judge, may_repeat
from anyvideo.session.session import Session
from anyvideo.tasks.report import Report
from anyvideo.tasks.task import Task
from anyvideo.transport.steps import Steps

P = ParamSpec("P")
T = TypeVar("T")


@define
class Attempt:
    """What is known while one operation runs.

    Attributes:
        session: What the client's operations share.
        provider: The account that the operation runs at.
        operation: The name of the operation.
        task: The task that it concerns.
        pays: Whether it may create a job.
        waits: Whether it pauses and runs again where no job was created; else the caller does so.
        on_sent: Writes to the journal that the paid request leaves now.
        on_unsent: Writes that it created no job, and that so many seconds pass before the next.
        response: The last answer, or its head.
        paid_sent: Whether the paid request may have left.
        keyed: Whether the vendor makes one job of all requests with its idempotency key.
        understood: Whether the paid request was answered and the adapter went on from there.
        report: What names the job, once that is known.
        count: How many requests the adapter asked for.
    """

    session: Session
    provider: Provider
    operation: str
    task: Task | None = None
    pays: bool = False
    waits: bool = True
    on_sent: Callable[[], Steps[None]] | None = None
    on_unsent: Callable[[float], Steps[None]] | None = None
    response: Response | None = None
    paid_sent: bool = False
    keyed: bool = False
    understood: bool = False
    report: Report | None = None
    count: int = 0

    @property
    def raw(self) -> str | None:
        """The last body."""
        return self.response.text if self.response else None

    def restart(self) -> None:
        """Forget the last try."""
        self.response = self.report = None
        self.paid_sent, self.understood, self.count = False, False, 0

    def start(self, operation: Callable[..., object], *args: object) -> Generator[Any, Any, Any]:
        """Return the generator that an operation of the adapter is."""
        return start_flow(self.provider.adapter, self.operation, operation, *args)

    def call(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a piece of the adapter's code; its errors name the adapter and the operation."""
        try:
            return call_adapter(self.provider.adapter, self.operation, work, *args, **kwargs)
        except AnyVideoError as error:
            error.mask(self._mask)
            raise

    def take(self, request: object) -> Request:
        """Return the next request of the adapter, marked as paid where it may create a job."""
        self.count += 1
        checked = check_request(
            self.provider.adapter,
            self.operation,
            request,
            number=self.count,
            pays=self.pays,
            paid_sent=self.paid_sent,
        )
        if checked.paid:
            self.keyed = bool(checked.idempotency)
        named = name_job(checked, self.task.reference) if self.task else checked
        return self.provider.complete(named)

    def check(self, result: object, kind: type[T]) -> T:
        """Return what the operation returned, if it is of the right type, without the key.

        The answers were masked; an adapter may have joined pieces of them, or decoded them.
        """
        checked = check_result(self.provider.adapter, self.operation, result, kind)
        key = self.provider.find_key()
        return checked if key is None else key.mask_fields(checked)

    def _mask(self, text: str) -> str:
        key = self.provider.find_key()
        return text if key is None else key.mask(text)

    def emit_retry(self, error: ProviderError, seconds: float) -> None:
        """Tell the listeners that the operation runs again after so many seconds."""
        alias = self.provider.alias
        self.session.emit("retry", self.task, alias, reason=str(error), seconds=seconds)

    def mark_sent(self) -> Steps[None]:
        """Note that the paid request leaves now; if that cannot be noted, it does not leave."""
        if self.on_sent is not None:
            yield from self.on_sent()
        self.paid_sent = True

    def mark_unsent(self, seconds: float) -> Steps[None]:
        """Note that the paid request created no job, and that so many seconds pass now."""
        self.paid_sent = False
        if self.on_unsent is not None:
            yield from self.on_unsent(seconds)

    def judge(self, error: BaseException) -> Outcome:
        """Return the outcome of a paying operation that ended in an error."""
        answer: Outcome | None = None
        if self.response is not None:
            answer = UNPROCESSED if diagnose(self.response, paid=True).retryable else UNCLEAR
        return judge(
            error,
            sent=self.paid_sent,
            answer=answer,
            understood=self.understood,
            named=self.report is not None,
            keyed=self.keyed,
        )

    def may_retry(self, error: ProviderError) -> bool:
        """Say whether the operation may run again."""
        if not self.pays:
            return error.retryable
        outcome = self.judge(error)
        return may_repeat(outcome, paid=True) and (self.waits or outcome.proves != "no job")

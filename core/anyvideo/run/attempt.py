"""One try of one operation: how far it got, and what that proves about a paid request."""

from __future__ import annotations

from collections.abc import Callable

from attrs import define

from anyvideo.adapters.calls import check_request
from anyvideo.adapters.protocol import Adapter
from anyvideo.dialects.diagnosis import diagnose
from anyvideo.errors import ProviderError
from anyvideo.model.wire import Request, Response
from anyvideo.outcomes import UNCLEAR, UNPROCESSED, Outcome, judge
from anyvideo.tasks.report import Report
from anyvideo.tasks.task import Task


@define
class Attempt:
    """What is known while one operation runs.

    Attributes:
        operation: The name of the operation.
        task: The task that it concerns.
        pays: Whether it may create a job.
        on_sent: Writes to the journal that the paid request leaves now.
        on_unsent: Writes that it provably did nothing, and rests for so many seconds.
        request: The last request.
        response: Its answer, or its head.
        paid_sent: Whether the paid request may have left.
        understood: Whether the paid request was answered and the adapter went on from there.
        report: What names the job, as soon as something does.
        count: How many requests the adapter asked for.
    """

    operation: str
    task: Task | None = None
    pays: bool = False
    on_sent: Callable[[], object] | None = None
    on_unsent: Callable[[float], object] | None = None
    request: Request | None = None
    response: Response | None = None
    paid_sent: bool = False
    understood: bool = False
    report: Report | None = None
    count: int = 0

    @property
    def raw(self) -> str | None:
        """The last body."""
        return self.response.text if self.response else None

    def restart(self) -> None:
        """Forget the last try."""
        self.request = self.response = self.report = None
        self.paid_sent, self.understood, self.count = False, False, 0

    def take(self, adapter: Adapter, request: object) -> Request:
        """Return the next request of the adapter, marked as paid where it may create a job.

        Raises:
            PluginError: the adapter broke its contract; see `check_request`.
        """
        self.count += 1
        return check_request(
            adapter,
            self.operation,
            request,
            number=self.count,
            pays=self.pays,
            paid_sent=self.paid_sent,
        )

    def mark_sent(self) -> None:
        """Note that the paid request leaves now; if that cannot be noted, it does not leave."""
        if self.on_sent is not None:
            self.on_sent()
        self.paid_sent = True

    def mark_unsent(self, seconds: float) -> None:
        """Note that the paid request provably did nothing, and that all rests for some seconds."""
        self.paid_sent = False
        if self.on_unsent is not None:
            self.on_unsent(seconds)

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
        )

    def may_retry(self, error: ProviderError) -> bool:
        """Say whether the operation may run again."""
        return self.judge(error).then == "send again" if self.pays else error.retryable

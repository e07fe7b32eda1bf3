"""What stands between a plan and its payment: the limit of --max-cost, the plan shown, a question."""

from __future__ import annotations

import sys

import click
from attrs import define, field

from anyvideo.cli.context import CliContext
from anyvideo.cli.cost_limit import CostLimit
from anyvideo.cli.destination import Destination
from anyvideo.cli.views.plan import format_plan, print_plan
from anyvideo.cli.views.progress import ProgressReporter
from anyvideo.cli.views.table import echo
from anyvideo.errors import AnyVideoError, BudgetError, NegotiationError, ProviderError
from anyvideo.model.plan import Plan
from anyvideo.printable import make_printable


@define
class PlanGate:
    """An `on_plan` callback that lets a plan pass, or raises.

    Attributes:
        context: The run.
        reporter: The progress, which stops while a question waits.
        destination: Where the video goes.
        limit: What one job may cost.
        note: What was chosen without an option.
        asks: Whether each plan that can cost something is confirmed.

    """

    context: CliContext
    reporter: ProgressReporter
    destination: Destination
    limit: CostLimit | None = None
    note: str = ""
    asks: bool = False
    _shown: bool = field(default=False, init=False)

    def __call__(self, plan: Plan, previous: AnyVideoError | None) -> None:
        """Hold a plan to the limit, show it, and ask.

        Raises:
            NegotiationError: the plan can cost more than the limit.
            BudgetError: the user does not confirm it.

        """
        objection = self.limit.find_objection(plan.quote) if self.limit else ""
        if objection:
            message = f"{plan.offer.name}: {objection}"
            raise NegotiationError(message)
        self.reporter.display.stop()
        self._show(plan, previous)
        if self.asks and not is_free(plan):
            _confirm(plan)
        self.context.attempts += 1
        self.reporter.display.start()

    def _show(self, plan: Plan, previous: AnyVideoError | None) -> None:
        if previous is not None:
            text = f"{_explain_end(previous)}; trying {format_plan(plan)}"
            self.reporter.display.write(text)
        elif not (self.context.json or self.context.quiet):
            if self.note:
                echo(self.note)
            today = self.reporter.session.today
            sandbox = self.context.sandbox
            print_plan(plan, today, file=self.destination.chosen, sandbox=sandbox)


def asks_first(context: CliContext, *, yes: bool) -> bool:
    """Say whether plans are confirmed: on a terminal, for jobs that a vendor can bill."""
    if yes or context.json or context.quiet or context.sandbox:
        return False
    return sys.stdin.isatty() and sys.stdout.isatty()


def is_free(plan: Plan) -> bool:
    """Say whether a plan is sure to cost nothing."""
    return plan.quote.amount == 0 and plan.quote.confidence in {"exact", "ceiling"}


def _confirm(plan: Plan) -> None:
    quote = plan.quote
    question = f"Send this job for {quote}?"
    if quote.amount is None:
        question = "Send this job? Its cost is unknown."
    confirm(question, f"{plan.offer.name}: not confirmed; the job was not sent")


def confirm(question: str, refusal: str) -> None:
    """Ask the user, or raise a BudgetError with the refusal."""
    try:
        confirmed = click.confirm(make_printable(question))
    except click.Abort:
        raise KeyboardInterrupt from None
    if not confirmed:
        raise BudgetError(refusal)


def _explain_end(error: AnyVideoError) -> str:
    """Return in a few words why an attempt ended that cost nothing."""
    if isinstance(error, ProviderError):
        return f"{error.provider} refused ({error.message})"
    return str(error)

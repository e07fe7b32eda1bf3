"""The quotes that a server has given: each is good for one job, for a while, in this process."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, datetime

from attrs import define, field, frozen

from anyvideo.agents.refusals import ToolRefusedError
from anyvideo.model.plan import Plan

# How long a quote can be used, in seconds.
LASTS = 900.0
# The most quotes that are open at the same time; the oldest ones give way.
MOST_OPEN = 1000


@frozen
class OpenQuote:
    """A plan that may be sent once.

    Attributes:
        id: Its random name, under which the job is kept too.
        plan: What will be sent.
        expires: Until when, as Unix time.
    """

    id: str
    plan: Plan
    expires: float

    @property
    def expires_at(self) -> datetime:
        """Until when, as a moment in UTC."""
        return datetime.fromtimestamp(self.expires, UTC)


@define
class QuoteBook:
    """The open quotes of this process.

    Attributes:
        now: Returns the Unix time.
    """

    now: Callable[[], float]
    _open: dict[str, OpenQuote] = field(factory=dict[str, OpenQuote], init=False)

    def add(self, plan: Plan) -> OpenQuote:
        """Return a new quote for a plan."""
        # A letter first, so that no client takes it for a number.
        quote = OpenQuote(f"q-{secrets.token_urlsafe(12)}", plan, self.now() + LASTS)
        self._open[quote.id] = quote
        while len(self._open) > MOST_OPEN:
            del self._open[next(iter(self._open))]
        return quote

    def find(self, quote_id: str) -> OpenQuote | None:
        """Return an open quote; None if there is none of this name.

        Raises:
            ToolRefusedError: it has expired.
        """
        quote = self._open.get(quote_id)
        if quote is not None and quote.expires <= self.now():
            self.close(quote_id)
            message = f"the quote {quote_id} has expired; nothing was sent; call quote again"
            raise ToolRefusedError(message, kind="unknown_quote")
        return quote

    def close(self, quote_id: str) -> None:
        """Make a quote unusable."""
        self._open.pop(quote_id, None)

"""Refuses every job that costs more than $BUDGET_VETO_MOST, or whose price nobody knows.

pip install ./examples/budget_veto
export BUDGET_VETO_MOST="1.50"
"""

import os
from decimal import Decimal

from anyvideo.plugin import BudgetError, Plan, hookimpl

anyvideo_api = 1
VARIABLE = "BUDGET_VETO_MOST"


@hookimpl
def anyvideo_before_submit(plan: Plan) -> None:
    """Raise unless the plan's price is known and within the limit."""
    if VARIABLE not in os.environ:
        return
    most, quote = Decimal(os.environ[VARIABLE]), plan.quote
    if quote.amount is None:
        message = f"{plan.offer.name} has no known price, and {VARIABLE} is set; nothing was sent"
        raise BudgetError(message)
    if quote.amount > most:
        message = f"{plan.offer.name} would cost {quote}, more than {most}; nothing was sent"
        raise BudgetError(message)

"""One job put to many offers."""

from __future__ import annotations

from attrs import frozen

from anyvideo.model.html import render_table
from anyvideo.model.plan import Plan, Refusal


@frozen
class Comparison:
    """One job put to many offers.

    Attributes:
        plans: The plans by cost, unknown cost last.
        refusals: The offers that refuse the job, with their reasons.
    """

    plans: tuple[Plan, ...]
    refusals: tuple[Refusal, ...]

    @property
    def families(self) -> dict[str, tuple[Plan, ...]]:
        """The plans by the family of their model, such as "kling-v3"; the cheapest family first."""
        found: dict[str, list[Plan]] = {}
        for plan in self.plans:
            found.setdefault(plan.offer.family, []).append(plan)
        return {family: tuple(plans) for family, plans in found.items()}

    def __repr__(self) -> str:
        return f"<Comparison plans={len(self.plans)} refusals={len(self.refusals)}>"

    def __str__(self) -> str:
        """Return a line for each plan, by cost, and how many offers refuse the job."""
        asked = len(self.plans) + len(self.refusals)
        lines = [*map(str, self.plans), f"refused by {len(self.refusals)} of {asked} offers"]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        plans = [
            (
                plan.offer.name,
                plan.clip,
                "; ".join([*map(str, plan.adjustments), *plan.assumptions]),
                str(plan.quote),
                plan.offer.note,
            )
            for plan in self.plans
        ]
        refused = [
            (refusal.offer.name, "; ".join(map(str, refusal.reasons))) for refusal in self.refusals
        ]
        headings = ("offer", "what you get", "changed or assumed", "cost", "note")
        return render_table(headings, plans) + (
            render_table(("refused by", "why"), refused) if refused else ""
        )

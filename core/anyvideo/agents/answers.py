"""What the tools return: each as data for a program, and as a short text for a model."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from attrs import frozen

from anyvideo.agents.arguments import State
from anyvideo.agents.schema import describe
from anyvideo.model.comparison import Comparison
from anyvideo.model.offer import Offer
from anyvideo.model.plan import Plan, Refusal
from anyvideo.model.quote import Confidence

# More lengths than these are shown by their ends.
_MOST_LENGTHS = 5


@frozen
class PlanAnswer:
    """What one offer would make of the job."""

    offer: str = describe("The offer, to be named as model.")
    clip: str = describe("What is granted, in words.")
    cost: str = describe("What it costs, in words; 'unknown' is not free.")
    amount: Decimal | None = describe("The cost as a number, where it is known.", default=None)
    currency: str = describe("The currency of the amount.", default="USD")
    confidence: Confidence = describe("How sure the amount is.", default="unknown")
    changed: tuple[str, ...] = describe("Fields that the settings allowed to change.", default=())
    assumed: tuple[str, ...] = describe("What must hold, and cannot be checked here.", default=())
    usual_seconds: float | None = describe("How long such a job takes, in seconds.", default=None)
    note: str = describe("What else the vendor says of the offer.", default="")

    @classmethod
    def of(cls, plan: Plan) -> PlanAnswer:
        """Return a plan in words."""
        quote = plan.quote
        return cls(
            offer=plan.offer.name,
            clip=plan.clip,
            cost=str(quote),
            amount=quote.amount,
            currency=quote.currency,
            confidence=quote.confidence,
            changed=tuple(map(str, plan.adjustments)),
            assumed=plan.assumptions,
            usual_seconds=plan.offer.finishes_in,
            note=plan.offer.note,
        )

    def __str__(self) -> str:
        """Return "apiyi/sora-2: 8 s, 1280x720 for 0.80 USD"."""
        extra = "".join(f"; {item}" for item in (*self.changed, *self.assumed))
        return f"{self.offer}: {self.clip} for {self.cost}{extra}"


@frozen
class RefusalAnswer:
    """Why one offer cannot take the job."""

    offer: str = describe("The offer.")
    reasons: tuple[str, ...] = describe("Why, with the values that it accepts.")
    would_accept: tuple[str, ...] = describe("The nearest jobs that it would take.", default=())

    @classmethod
    def of(cls, refusal: Refusal) -> RefusalAnswer:
        """Return a refusal in words."""
        nearest = tuple(f"{plan.clip} for {plan.quote}" for plan in refusal.nearest[:2])
        return cls(
            offer=refusal.offer.name,
            reasons=tuple(map(str, refusal.reasons)),
            would_accept=nearest,
        )

    def __str__(self) -> str:
        """Return "apiyi/sora-2: seconds 7: accepted 4, 8"."""
        return f"{self.offer}: {'; '.join(self.reasons)}"


@frozen
class ComparisonAnswer:
    """Who can make the clip, and for how much."""

    plans: tuple[PlanAnswer, ...] = describe("The offers that can, the cheapest first.")
    more: int = describe("How many more can, beyond the limit.")
    refused: int = describe("How many offers cannot.")
    refusals: tuple[RefusalAnswer, ...] = describe("Some of those, and why.")

    @classmethod
    def of(cls, comparison: Comparison, limit: int) -> ComparisonAnswer:
        """Return the first plans of a comparison; refusals in detail only where few plans are left."""
        plans, refusals = comparison.plans, comparison.refusals
        live = [refusal for refusal in refusals if refusal.offer.retired is None]
        shown = 1 if plans else 5
        return cls(
            plans=tuple(map(PlanAnswer.of, plans[:limit])),
            more=max(0, len(plans) - limit),
            refused=len(refusals),
            refusals=tuple(map(RefusalAnswer.of, live[:shown])),
        )

    def __str__(self) -> str:
        """Return a line for each offer."""
        more = f"{self.more} more can; a higher limit shows them." if self.more else ""
        verb = "refuses:" if self.refused == 1 else "refuse, such as"
        refused = f"{self.refused} {verb} {self.refusals[0]}" if self.refusals else ""
        lines = filter(None, (*map(str, self.plans), more, refused))
        return "\n".join(lines) or "No offer is selected; models lists all."


@frozen
class SpendAnswer:
    """What this server may still spend without a question."""

    spent: str = describe("What was committed or billed so far.")
    allowed: str = describe("What the person who started the server allows.")
    jobs: int = describe("How many jobs that is.")


@frozen
class QuoteAnswer:
    """One job at one price, for a while."""

    quote_id: str = describe("What `generate` takes. It is good for one job.")
    expires_at: datetime = describe("Until when it can be used.")
    plan: PlanAnswer = describe("What will be made, and what it costs.")
    spending: SpendAnswer = describe("How much is used of what may be spent.")
    consent: str = describe(
        "Why `generate` asks the person first; empty if it does not.", default=""
    )

    def __str__(self) -> str:
        """Return what it costs, and what comes next."""
        asks = f" generate asks the person first: {self.consent}." if self.consent else ""
        return f"{self.plan}. Pass quote_id {self.quote_id} to generate.{asks}"


@frozen
class JobAnswer:
    """How a job stands."""

    job_id: str = describe("Its name for `status` and `download`.")
    state: State = describe("Where it stands; 'ambiguous' must never be repeated.")
    offer: str = describe("Who makes it.")
    created_at: datetime = describe("When it was sent.")
    next: str = describe("What to do next.")
    prompt: str | None = describe("What the video shows.", default=None)
    progress: float | None = describe("How far it is, in percent.", default=None)
    cost: str = describe("What it costs: the bill, or the quote until it is billed.", default="")
    file: str | None = describe("Where the file is, once it is here.", default=None)
    uri: str | None = describe("The resource of the file.", default=None)
    bytes: int | None = describe("Its size.", default=None)
    error: str | None = describe("Why there is no video, or no file yet.", default=None)

    def __str__(self) -> str:
        """Return "Job q-1 is running, 40 %. Ask again with status."."""
        done = "" if self.progress is None or self.file else f", {self.progress:g} %"
        error = f": {self.error}" if self.error else ""
        return f"Job {self.job_id} at {self.offer} is {self.state}{done}{error}. {self.next}"


@frozen
class JobsAnswer:
    """A page of jobs, the newest first."""

    jobs: tuple[JobAnswer, ...] = describe("The jobs.")
    more: bool = describe("Whether older ones follow; pass the last job_id as before.")
    spending: SpendAnswer = describe("How much is used of what may be spent.")

    def __str__(self) -> str:
        """Return a line for each job."""
        lines = [f"{job.job_id}: {job.state}, {job.offer}, {job.cost}" for job in self.jobs]
        more = ["Older ones follow; pass the last job_id as before."] if self.more else []
        return "\n".join([*lines, *more]) or "No such jobs."


@frozen
class ModelAnswer:
    """One offer."""

    offer: str = describe("Its name.")
    seconds: tuple[float, ...] = describe("The lengths that can be chosen.", default=())
    sizes: tuple[str, ...] = describe("The pixels that can be chosen.", default=())
    aspect_ratios: tuple[str, ...] = describe("The shapes that can be chosen.", default=())
    resolutions: tuple[str, ...] = describe("The resolutions that can be chosen.", default=())
    images: int = describe("The most images of a job.", default=0)
    prices: tuple[str, ...] = describe("Its prices; empty where they are unknown.", default=())
    usual_seconds: float | None = describe("How long such a job takes, in seconds.", default=None)
    note: str = describe("What else the vendor says.", default="")

    @classmethod
    def of(cls, offer: Offer) -> ModelAnswer:
        """Return what an offer takes over all its tiers."""
        shapes = [shape for tier in offer.tiers for shape in tier.shapes]
        prices = [tier.price for tier in offer.tiers if tier.price is not None]
        return cls(
            offer=offer.name,
            seconds=tuple(sorted({value for tier in offer.tiers for value in tier.seconds})),
            sizes=_unique(shape.size for shape in shapes),
            aspect_ratios=_unique(shape.aspect_ratio for shape in shapes),
            resolutions=_unique(shape.resolution for shape in shapes),
            images=max(tier.images.most for tier in offer.tiers),
            prices=_unique(f"{item.amount} {item.currency} per {item.per}" for item in prices),
            usual_seconds=offer.finishes_in,
            note=offer.note,
        )

    def __str__(self) -> str:
        """Return "apiyi/sora-2: 4, 8, 12 s, 0.10 USD per second"."""
        lengths = [f"{value:g}" for value in self.seconds]
        if len(lengths) > _MOST_LENGTHS:
            lengths = [f"{lengths[0]} to {lengths[-1]}"]
        words = (f"{', '.join(lengths)} s" if lengths else "", ", ".join(self.prices))
        return f"{self.offer}: {', '.join(filter(None, words)) or 'price unknown'}"


@frozen
class ModelsAnswer:
    """Which offers there are."""

    models: tuple[ModelAnswer, ...] = describe("The offers that are on sale.")
    more: int = describe("How many more there are, beyond the limit.")

    def __str__(self) -> str:
        """Return a line for each offer."""
        more = [f"{self.more} more; name a model or raise limit."] if self.more else []
        return "\n".join([*map(str, self.models), *more]) or "No offer is on sale."


def _unique(values: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))

"""What negotiation answers: a plan, or a refusal with every reason; and many of both, compared."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

import attrs
from attrs import evolve, field, frozen

from anyvideo.job import Character, Image, Role, VideoJob
from anyvideo.offer import Offer, Shape, Tier
from anyvideo.quote import Quote
from anyvideo.wire import JSON, Request, Upload, list_files

# The fields that parameters() passes on as they are, in the order of the vendors' pages.
_SCALARS = (
    "audio",
    "negative_prompt",
    "seed",
    "enhance_prompt",
    "upscale",
    "watermark",
    "private",
    "style",
)


@frozen
class Adjustment:
    """One field that the policy allowed to change. `change` grows with the difference."""

    field: str
    asked: object
    granted: object
    reason: str
    change: float = attrs.field(default=1.0, repr=False)

    def __str__(self) -> str:
        """Return "seconds 7 -> 8 (accepted: 4, 8, 12)"."""
        granted = "left out" if self.granted is None else self.granted
        return f"{self.field} {say(self.asked)} -> {say(granted)} ({self.reason})"


@frozen
class Reason:
    """One reason why an offer cannot take a job, and what it would take instead."""

    field: str
    asked: object
    accepted: tuple[str, ...]
    text: str

    @classmethod
    def about(cls, name: str, asked: object, accepted: tuple[str, ...]) -> Reason:
        """Return the reason that a field's value is not among the accepted ones."""
        if not accepted:
            return cls(name, asked, (), f"{name} cannot be chosen here; leave it out")
        text = f"{name} {say(asked)} is not sold; accepted: {join_values(accepted)}"
        return cls(name, asked, accepted, text)

    def widen(self, others: Sequence[Reason], sold: Sequence[str]) -> Reason:
        """Return the reason for several tiers: each of `others` is theirs, `sold` what all sell."""
        accepted = tuple(dict.fromkeys(value for other in others for value in other.accepted))
        if not sold:
            return self
        if say(self.asked) not in sold:
            return self.about(self.field, self.asked, tuple(sold))
        text = f"{self.field} {say(self.asked)} is not sold together with the rest of this job"
        text += f"; accepted with it: {join_values(accepted) or 'none'}"
        return Reason(self.field, self.asked, accepted, text)

    def __str__(self) -> str:
        """Return the reason in words."""
        return self.text


def say(value: object) -> str:
    """Return a value in words: "on", "8", "720p"."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, Character):
        return value.url or f"from task {value.from_task}"
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def join_values(values: Sequence[str]) -> str:
    """Return values in words: "4, 8, 12", and "1 to 15" for whole numbers without a gap."""
    if len(values) > 3 and all(value.isdecimal() for value in values):
        numbers = [int(value) for value in values]
        if numbers == list(range(numbers[0], numbers[-1] + 1)):
            return f"{numbers[0]} to {numbers[-1]}"
    return ", ".join(values)


@frozen
class Plan:
    """What would be sent for a job to one offer, and what that would cost.

    `asked` is the caller's job and `job` the granted one; they differ by the `adjustments`, and by
    what the vendor demands where the job has no preference. `requests` and `fingerprint` are worked
    out when first asked for, because comparing a thousand offers needs neither. `number` is the
    tier's place in the offer, `release` the distribution that the adapter is from, `origin` where
    the provider lies, and `retired` whether the policy allowed offers that were switched off.
    """

    asked: VideoJob
    offer: Offer
    tier: Tier
    quote: Quote
    adjustments: tuple[Adjustment, ...] = ()
    shape: Shape | None = None
    granted: Mapping[str, Any] = field(factory=dict[str, Any], repr=False)
    uploads: Mapping[Image, Upload] = field(factory=dict[Image, Upload], repr=False)
    provider: str = ""
    origin: str = ""
    release: str = ""
    number: int = 0
    retired: bool = False
    compose: Callable[[Plan], tuple[Request, ...]] = field(
        default=lambda _: (), repr=False, eq=False
    )

    @cached_property
    def job(self) -> VideoJob:
        """The granted job: exactly what will be asked of the vendor."""
        return evolve(self.asked, **self.granted) if self.granted else self.asked

    @property
    def seconds(self) -> float | None:
        """The length of the clip, as far as it is known before it is made."""
        return self.job.seconds or self.tier.usual_seconds

    @cached_property
    def requests(self) -> tuple[Request, ...]:
        """The exact requests, in order; the last is the paid one."""
        return self.compose(self)

    @cached_property
    def fingerprint(self) -> str:
        """A digest of everything that a later submit must find unchanged."""
        return digest(self.parts)

    @cached_property
    def parts(self) -> dict[str, Any]:
        """What the fingerprint covers, as plain JSON values, so that drift can be named."""
        offer, quote = self.offer, self.quote
        return {
            "offer": offer.name,
            "model": offer.wire_model,
            "tier": {"number": self.number, "name": self.tier.name},
            "adapter": {"name": offer.adapter, "release": self.release, "base_url": self.origin},
            "price": {
                "amount": None if quote.amount is None else str(quote.amount),
                "currency": quote.currency,
                "confidence": quote.confidence,
                "basis": quote.basis,
            },
            "requests": [describe_request(request) for request in self.requests],
        }

    def to_json(self) -> str:
        """Return the plan as JSON text, to be reviewed, kept and submitted later."""
        from anyvideo.planfile import write_plan  # noqa: PLC0415 (it knows plans already)

        return write_plan(self)

    @classmethod
    def from_json(cls, text: str | bytes | Mapping[str, Any]) -> Plan:
        """Read a plan that `to_json` wrote; it can be submitted if nothing has drifted.

        Raises:
            ConfigError: that is no plan, or it was changed after it was made.

        """
        from anyvideo.planfile import read_plan  # noqa: PLC0415 (it knows plans already)

        return read_plan(text)

    @property
    def options(self) -> Mapping[str, JSON]:
        """The caller's vendor options for this adapter, to be merged into the body as they are."""
        return self.job.options.get(self.offer.adapter, {})

    def images(self, *roles: Role) -> list[Image]:
        """Return the job's images of these roles in the order first, last, references."""
        return [image for role in roles for image in self.job.images if image.role == role]

    def parameters(self) -> dict[str, JSON]:
        """Return the request parameters that need no code, under the vendor's own names.

        These are model, prompt, seconds, the words of shape, tier and offer, the fields that pass
        as they are, and the caller's options. Images, characters and metadata are left to the adapter.
        """
        named: dict[str, JSON] = {"model": self.offer.wire_model, "prompt": self.job.prompt}
        named["seconds"] = self.job.seconds
        shape = dict(self.shape.wire) if self.shape else {}
        scalars = {name: getattr(self.job, name) for name in _SCALARS}
        words = {**named, **self.tier.wire, **shape, **self.offer.wire, **scalars}
        renamed = {self.offer.parameter(name): value for name, value in words.items()}
        known = {name: value for name, value in renamed.items() if name and value is not None}
        return {**known, **self.options}


@frozen
class Refusal:
    """Why one offer cannot take the job, and the nearest jobs that it would take."""

    job: VideoJob
    offer: Offer
    explain: Callable[[], tuple[Reason, ...]] = field(repr=False, eq=False)
    bend: Callable[[], tuple[Plan, ...]] = field(repr=False, eq=False)

    @cached_property
    def reasons(self) -> tuple[Reason, ...]:
        """Every reason, in words, with the accepted values."""
        return self.explain()

    @cached_property
    def nearest(self) -> tuple[Plan, ...]:
        """Plans for the jobs nearest to this one that the offer would take, nearest first."""
        return self.bend()

    def __str__(self) -> str:
        """Return one line: the offer and every reason."""
        return f"{self.offer.name}: {'; '.join(map(str, self.reasons))}"


@frozen
class Comparison:
    """One job put to many offers: the plans by cost, unknown cost last, then the refusals."""

    plans: tuple[Plan, ...]
    refusals: tuple[Refusal, ...]


def digest(value: object) -> str:
    """Return the SHA-256 of a value's canonical JSON, in hexadecimal."""
    text = json.dumps(value, sort_keys=True, default=str, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def describe_request(request: Request) -> dict[str, Any]:
    """Return a request as plain JSON values: files by name, size and hash, and never a key."""
    described: dict[str, Any] = {"method": request.method, "url": request.url}
    if request.paid:
        described["paid"] = True
    for name in ("query", "json", "form", "headers"):
        if (value := getattr(request, name)) or (name == "json" and value is not None):
            described[name] = value
    files = [{"field": name, **_describe_upload(item)} for name, item in list_files(request)]
    return {**described, "files": files} if files else described


def _describe_upload(upload: Upload) -> dict[str, Any]:
    return {
        "name": upload.name,
        "type": upload.content_type,
        "bytes": upload.size,
        "sha256": upload.sha256,
    }

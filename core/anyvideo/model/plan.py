"""The results of negotiation: plans, and refusals with every reason."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from attrs import asdict, evolve, field, frozen

from anyvideo.errors import ConfigError, JobError
from anyvideo.model.html import render_pairs
from anyvideo.model.job import VideoJob, dump_json
from anyvideo.model.media import Character, Image, Role
from anyvideo.model.offer import SCALARS, Offer, Shape, Tier
from anyvideo.model.quote import Quote
from anyvideo.model.reasons import Adjustment, Reason, say
from anyvideo.model.wire import JSON, Request, Upload, describe_request, digest
from anyvideo.structuring import restore

_VERSION = 1
_NOT_A_PLAN = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError)


def _name_offer(offer: Offer) -> str:
    return repr(offer.name)


def _name_tier(tier: Tier) -> str:
    return repr(tier.name)


@frozen
class Plan:
    """What would be sent for a job to one offer, and what that would cost.

    `job` and the cached properties are computed on first use: a comparison needs few of them.

    Attributes:
        asked: The caller's job. The granted `job` differs from it by the adjustments, and by what
            the vendor requires where the job has no preference.
        offer: The offer.
        tier: The tier of the offer.
        quote: What the job costs.
        adjustments: The fields that the policy allowed to change.
        assumptions: What must hold for the job to be granted, and cannot be checked here.
        shape: The picture format, None for the vendor's own choice.
        granted: The fields of the job that the plan sets.
        uploads: The local images as read from disk.
        provider: The alias of the provider.
        origin: The base URL of the provider.
        adapter_version: The distribution and version of the adapter.
        callback: The URL at which the vendor may report the end of the job, if the provider has one.
        tier_index: The position of the tier in the offer.
        retired: Whether the policy allows offers that were switched off.
        build_requests: What makes the requests.
    """

    asked: VideoJob
    offer: Offer = field(repr=_name_offer)
    tier: Tier = field(repr=_name_tier)
    quote: Quote
    adjustments: tuple[Adjustment, ...] = ()
    assumptions: tuple[str, ...] = ()
    shape: Shape | None = None
    granted: Mapping[str, Any] = field(factory=dict[str, Any], repr=False)
    uploads: Mapping[Image, Upload] = field(factory=dict[Image, Upload], repr=False)
    provider: str = ""
    origin: str = ""
    adapter_version: str = ""
    callback: str | None = None
    tier_index: int = 0
    retired: bool = False
    build_requests: Callable[[Plan], tuple[Request, ...]] = field(
        default=lambda _: (), repr=False, eq=False
    )

    @cached_property
    def job(self) -> VideoJob:
        """The granted job: exactly what will be asked of the vendor."""
        return evolve(self.asked, **self.granted) if self.granted else self.asked

    @property
    def seconds(self) -> float | None:
        """The length of the clip in seconds, if it is known in advance."""
        return self.job.seconds or self.tier.usual_seconds

    @cached_property
    def requests(self) -> tuple[Request, ...]:
        """The exact requests, in order; the last is the paid one."""
        return self.build_requests(self)

    @cached_property
    def fingerprint(self) -> str:
        """A digest of everything that a later submit must find unchanged."""
        return digest(self.fingerprinted)

    @cached_property
    def fingerprinted(self) -> dict[str, Any]:
        """What the fingerprint covers, as plain JSON values, so that changes can be named."""
        offer, quote = self.offer, self.quote
        return {
            "offer": offer.name,
            "model": self.wire_model,
            "tier": {"number": self.tier_index, "name": self.tier.name},
            "adapter": {
                "name": offer.adapter,
                "release": self.adapter_version,
                "base_url": self.origin,
            },
            "price": {
                "amount": None if quote.amount is None else str(quote.amount),
                "currency": quote.currency,
                "confidence": quote.confidence,
                "basis": quote.basis,
            },
            "requests": [describe_request(request) for request in self.requests],
        }

    def to_json(self) -> str:
        """Return the plan as JSON text, to be reviewed, kept and submitted later.

        Requests are as they are shown, with files by name, size and hash.
        """
        parts = {name: value for name, value in self.fingerprinted.items() if name != "price"}
        data = {
            "anyvideo_plan": _VERSION,
            "fingerprint": self.fingerprint,
            "provider": self.provider,
            "job": self.job.to_mapping(),
            "asked": self.asked.to_mapping(),
            "seconds": self.seconds,
            "adjustments": [_write_adjustment(item) for item in self.adjustments],
            "assumptions": list(self.assumptions),
            "quote": self.quote.to_mapping(),
            "retired": self.retired,
            **parts,
        }
        return dump_json(data, indent=2)

    @classmethod
    def from_json(cls, text: str | bytes | Mapping[str, Any]) -> Plan:
        """Read a plan that `to_json` wrote; it can be submitted while it is up to date.

        Its offer holds only what the file says.

        Raises:
            ConfigError: the text is not a plan, or it was changed after it was made.
        """
        try:
            data = text if isinstance(text, Mapping) else json.loads(text)
            plan = _read(data)
            genuine = plan.fingerprint == data["fingerprint"]
        except (JobError, *_NOT_A_PLAN) as error:
            found = f"{type(error).__name__}: {error}"
            message = f"that is no plan ({found}); save what plan.to_json() returns"
            raise ConfigError(message) from error
        if not genuine:
            message = "the plan was changed after it was made; change the job, and plan again"
            raise ConfigError(message)
        return plan

    def __str__(self) -> str:
        """Return one line: the offer, the length, what changes or is assumed, and the cost."""
        length = "" if self.seconds is None else f"{self.seconds:g} s, "
        changes = "".join(f"{item}, " for item in (*self.adjustments, *self.assumptions))
        return f"{self.offer.name}: {length}{changes}{self.quote}"

    @property
    def clip(self) -> str:
        """What is granted, in words: "4 s, 1280x720, sound on, 1 image"."""
        job, count = self.job, len(self.job.images)
        words = [
            "" if self.seconds is None else f"{self.seconds:g} s",
            job.size or " ".join(filter(None, (job.resolution, job.aspect_ratio))),
            "" if job.audio is None else f"sound {say(job.audio)}",
            f"{count} image{'s' if count > 1 else ''}" if count else "",
        ]
        return ", ".join(filter(None, words)) or "as the vendor chooses"

    def _repr_html_(self) -> str:
        return render_pairs(
            [
                ("offer", self.offer.name),
                ("prompt", self.job.prompt),
                ("clip", self.clip),
                ("changed", "; ".join(map(str, self.adjustments))),
                ("assumed", "; ".join(self.assumptions)),
                ("cost", f"{self.quote}: {self.quote.basis}"),
                ("note", self.offer.note),
            ]
        )

    @property
    def options(self) -> Mapping[str, JSON]:
        """The caller's vendor options for this adapter, to be merged into the body as they are."""
        return self.job.options.get(self.offer.adapter, {})

    @property
    def wire_model(self) -> str:
        """The vendor's id of the model, at the plan's tier."""
        return self.tier.wire_model or self.offer.wire_model

    def _write_seconds(self) -> JSON:
        seconds, word = self.job.seconds, self.tier.seconds_as
        return seconds if seconds is None or not word else word.replace("{}", f"{seconds:g}")

    def images(self, *roles: Role) -> list[Image]:
        """Return the job's images of these roles in the order first, last, references."""
        return [image for role in roles for image in self.job.images if image.role == role]

    def parameters(self) -> dict[str, JSON]:
        """Return the request parameters that need no code, under the vendor's own names.

        These are model, prompt, seconds, the words of shape, tier and offer, the fields that pass
        as they are, and the caller's options. Images, characters and metadata are left to the adapter.
        """
        named: dict[str, JSON] = {"model": self.wire_model, "prompt": self.job.prompt}
        named["seconds"] = self._write_seconds()
        shape = dict(self.shape.wire) if self.shape else {}
        scalars = {name: getattr(self.job, name) for name in ("audio", *SCALARS)}
        words = {**named, **self.tier.wire, **shape, **self.offer.wire, **scalars}
        renamed = {self.offer.parameter(name): value for name, value in words.items()}
        known = {name: value for name, value in renamed.items() if name and value is not None}
        return {**known, **self.options}


@frozen
class Refusal:
    """Why one offer cannot take the job, and the nearest jobs that it would take.

    Attributes:
        job: The caller's job.
        offer: The offer.
        explain: What finds the reasons.
        find_nearest: What finds the nearest jobs.
    """

    job: VideoJob
    offer: Offer = field(repr=_name_offer)
    explain: Callable[[], tuple[Reason, ...]] = field(repr=False, eq=False)
    find_nearest: Callable[[], tuple[Plan, ...]] = field(repr=False, eq=False)

    @cached_property
    def reasons(self) -> tuple[Reason, ...]:
        """Every reason, in words, with the accepted values."""
        return self.explain()

    @cached_property
    def nearest(self) -> tuple[Plan, ...]:
        """Plans for the jobs nearest to this one that the offer would take, nearest first."""
        return self.find_nearest()

    def __str__(self) -> str:
        """Return one line: the offer and every reason."""
        return f"{self.offer.name}: {'; '.join(map(str, self.reasons))}"


def _write_adjustment(item: Adjustment) -> dict[str, Any]:
    asked = asdict(item.asked) if isinstance(item.asked, Character) else item.asked
    return {"field": item.field, "asked": asked, "granted": item.granted, "reason": item.reason}


def _read(data: Mapping[str, Any]) -> Plan:
    if data["anyvideo_plan"] != _VERSION:
        message = f"it has the version {data['anyvideo_plan']}, and this release reads {_VERSION}"
        raise ValueError(message)
    asked, job = VideoJob.from_json(data["asked"]), VideoJob.from_json(data["job"])
    requests = tuple(map(_read_request, data["requests"]))
    alias, _, model = data["offer"].partition("/")
    return Plan(
        asked=asked,
        offer=Offer(data["adapter"]["name"], model, data["model"], provider=alias),
        tier=Tier(name=data["tier"]["name"], default_seconds=data["seconds"]),
        quote=restore(data["quote"], Quote),
        adjustments=tuple(Adjustment(**item) for item in data["adjustments"]),
        assumptions=tuple(map(str, data.get("assumptions", ()))),
        granted=_find_granted(asked, job),
        provider=data["provider"],
        origin=data["adapter"]["base_url"],
        adapter_version=data["adapter"]["release"],
        tier_index=data["tier"]["number"],
        retired=data["retired"],
        build_requests=lambda _: requests,
    )


def _find_granted(asked: VideoJob, job: VideoJob) -> dict[str, Any]:
    known = asdict(job, recurse=False)
    return {name: value for name, value in known.items() if value != getattr(asked, name)}


def _read_request(data: Mapping[str, Any]) -> Request:
    known = {name: value for name, value in data.items() if name != "files"}
    files: dict[str, list[Upload]] = {}
    for item in data.get("files", ()):
        upload = Upload(item["name"], item["type"], "", item["bytes"], item["sha256"], 0, 0)
        files.setdefault(item["field"], []).append(upload)
    return Request(**known, files=files)

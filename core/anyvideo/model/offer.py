"""What a provider offers: models, their tiers, and the limits and price of each tier.

An offer is one model as one adapter sells it. A tier is a set of limits that hold together, with
their price: "1080p only at 8 s" is a tier of its own, not a rule. A job fits an offer if it fits
one of its tiers in every field.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal, get_args

from attrs import field, frozen, validators

from anyvideo.model import sizes
from anyvideo.model.families import find_family
from anyvideo.model.media import Role
from anyvideo.model.quote import Price
from anyvideo.validation import is_huge, is_list, is_object

Via = Literal["url", "file", "data", "form", "upload"]
# UTF-16 counts as JavaScript does: a character beyond the first 65,536 is two units.
PromptUnit = Literal["characters", "bytes", "utf16"]


def _to_plain(value: Any) -> Any:  # noqa: ANN401 (whatever TOML holds)
    """Return a value as JSON can hold it: TOML's exact decimals become plain numbers."""
    if isinstance(value, str | int | float | None):
        return value
    if is_object(value):
        return {key: _to_plain(item) for key, item in value.items()}
    if is_list(value):
        return [_to_plain(item) for item in value]
    if isinstance(value, Decimal) and not is_huge(value):
        return int(value) if value == value.to_integral_value() else float(value)
    message = f"a request cannot hold {value!r}; write it as text"
    raise ValueError(message)


# The fields with a value of their own that an offer either accepts as they are or refuses.
SCALARS = ("negative_prompt", "seed", "enhance_prompt", "upscale", "watermark", "private", "style")
ACCEPTABLE = (*SCALARS, "character", "metadata")
# What `accepts` may hold: those, and characters that come from a video's URL alone.
ACCEPTS = (*ACCEPTABLE, "character_url")
# The choices that an offer may say are always sent.
REQUIRABLE = ("seconds", "shape", "audio")


def _to_names(value: Iterable[str]) -> frozenset[str]:
    return frozenset(value)


@frozen
class Shape:
    """One picture format of a tier, and the vendor's words that ask for it.

    A field that is None cannot be chosen or is not documented; a size sets the other two. `wire`
    holds the request parameters.

    Raises:
        ValueError: a text is no size, ratio or resolution, or they contradict each other.
    """

    aspect_ratio: str | None = None
    resolution: str | None = None
    size: str | None = None
    wire: Mapping[str, Any] = field(factory=dict[str, Any], converter=_to_plain)

    def __attrs_post_init__(self) -> None:
        ratio, resolution = sizes.reconcile(self.size, self.aspect_ratio, self.resolution)
        object.__setattr__(self, "aspect_ratio", ratio)  # the attrs way to derive a frozen value
        object.__setattr__(self, "resolution", resolution)


@frozen
class Images:
    """How many images of each role a tier takes, how they travel, and what they must be.

    Attributes:
        first_frame: The most images with this role; so for the next two.
        last_frame: 0 or 1.
        reference: The most reference images.
        min: The fewest images in all.
        max: The most images in all, None for the sum of the roles.
        counts: The only totals that are accepted, if there are any.
        via: Whether the vendor fetches images by URL or takes them as files; "data" (inside JSON),
            "form" and "upload" (beforehand) say how it takes a file.
        formats: The accepted formats, all if empty.
        max_bytes: The largest file, in bytes.
        match_size: Whether an image must have the size of the video.
        mix: Whether frames and references go together.
        last_alone: Whether a last frame needs no first frame.
        sets_ratio: Whether the video has the aspect ratio of its first frame, or of its only image.
    """

    first_frame: int = 0
    last_frame: int = 0
    reference: int = 0
    min: int = 0
    max: int | None = None
    counts: tuple[int, ...] = ()
    via: tuple[Via, ...] = ("url",)
    formats: tuple[str, ...] = ("png", "jpeg", "webp")
    max_bytes: int | None = None
    match_size: bool = False
    mix: bool = False
    last_alone: bool = False
    sets_ratio: bool = False

    @property
    def takes_files(self) -> bool:
        """Whether a local file can be sent, in whatever way."""
        return any(way != "url" for way in self.via)

    @property
    def most(self) -> int:
        """How many images are taken in all."""
        total = self.first_frame + self.last_frame + self.reference
        return total if self.max is None else min(self.max, total)

    @property
    def optional(self) -> bool:
        """Whether a job without an image is taken."""
        return self.min == 0 and (not self.counts or 0 in self.counts)

    def limit(self, role: Role) -> int:
        """Return how many images of a role are taken."""
        limit: int = getattr(self, role)
        return limit


@frozen
class Tier:
    """Limits that hold together, with their price.

    Attributes:
        name: The vendor's name of the tier, if it has one.
        seconds: The lengths that can be chosen, in seconds; empty if the vendor chooses.
        default_seconds: The length without a preference, in seconds.
        shapes: The picture formats that can be chosen.
        audio: The values of `audio` that can be chosen.
        images: The limits for images.
        accepts: The other fields that are passed on as they are.
        wire: The request parameters that ask for this tier.
        price: The price, None if it is unknown.
        wire_model: The vendor's id of the model at this tier; by default that of the offer.
        seconds_as: The vendor's word for a length, such as "{}s"; by default a number is sent.
    """

    name: str = ""
    seconds: tuple[float, ...] = ()
    default_seconds: float | None = None
    shapes: tuple[Shape, ...] = ()
    audio: tuple[bool, ...] = ()
    images: Images = field(factory=Images)
    accepts: frozenset[str] = field(factory=frozenset[str], converter=_to_names)
    wire: Mapping[str, Any] = field(factory=dict[str, Any], converter=_to_plain)
    price: Price | None = None
    wire_model: str = ""
    seconds_as: str = ""

    @property
    def usual_seconds(self) -> float | None:
        """The length of a clip for which none was asked, where it is known."""
        return self.seconds[0] if len(self.seconds) == 1 else self.default_seconds


@frozen
class Retirement:
    """When an offer was switched off, what to use instead, and what the source says of it."""

    on: date
    use: tuple[str, ...] = ()
    note: str = ""

    def __str__(self) -> str:
        """Return "retired on 2026-09-24; use apiyi/grok-imagine-video-1.5 instead"."""
        instead = f"; use {' or '.join(self.use)} instead" if self.use else "; no replacement"
        return f"retired on {self.on}{instead}"


@frozen
class Offer:
    """One model as one adapter sells it.

    Attributes:
        adapter: The name of the adapter.
        model: The canonical id, the same at every vendor.
        family: The family and version that it belongs to, such as "kling-v3"; by default its
            canonical id up to the version.
        wire_model: The vendor's own id.
        aliases: Other names of the model.
        tiers: The limits that hold together, the vendor's default first.
        required: The choices that are always sent, with the tier's default if there is no preference.
        names: The vendor's parameter for a canonical field; an empty one is not sent.
        wire: The request parameters that every job carries.
        prompt_max: The longest prompt.
        prompt_unit: In what its length is counted.
        finishes_in: The usual time to finish, in seconds.
        keeps_for: How long the vendor keeps the file, in seconds.
        remix_price: What a remix of a video of this model costs, None if it is unknown.
        failures_billed: Whether a failed job is billed, None if it is not documented.
        retired: When and why the offer was switched off, None while it is available.
        source: The page that documents the offer.
        checked: The day on which that page was read.
        note: Anything else that the page says.
        provider: The alias of the provider, once it is known.
    """

    adapter: str
    model: str
    wire_model: str = ""
    aliases: tuple[str, ...] = ()
    tiers: tuple[Tier, ...] = field(factory=lambda: (Tier(),), validator=validators.min_len(1))
    required: tuple[str, ...] = ()
    names: Mapping[str, str] = field(factory=dict[str, str])
    wire: Mapping[str, Any] = field(factory=dict[str, Any], converter=_to_plain)
    prompt_max: int | None = None
    prompt_unit: PromptUnit = field(
        default="characters", validator=validators.in_(get_args(PromptUnit))
    )
    finishes_in: float | None = None
    keeps_for: float | None = None
    remix_price: Price | None = None
    failures_billed: bool | None = None
    retired: Retirement | None = None
    source: str = ""
    checked: date | None = None
    note: str = ""
    provider: str = ""
    family: str = ""

    def __attrs_post_init__(self) -> None:
        if not self.wire_model:
            object.__setattr__(self, "wire_model", self.model)  # the attrs way to derive a default
        if not self.family:
            object.__setattr__(self, "family", find_family(self.model))  # the same

    @property
    def name(self) -> str:
        """The selector that means this offer alone, such as "apiyi/sora-2"."""
        return f"{self.provider or self.adapter}/{self.model}"

    def answers_to(self, model: str) -> bool:
        """Say whether a model's name, canonical or the vendor's own, means this offer."""
        return model == "*" or model in self.names_of_model

    @cached_property
    def names_of_model(self) -> tuple[str, ...]:
        """Every name of the model: canonical, the vendor's own, and others."""
        tiers = filter(None, (tier.wire_model for tier in self.tiers))
        return tuple(dict.fromkeys((self.model, self.wire_model, *tiers, *self.aliases)))

    def measure_prompt(self, prompt: str) -> int:
        """Return the length of a prompt as the vendor counts it."""
        if self.prompt_unit == "characters":
            return len(prompt)
        encoding, size = ("utf-8", 1) if self.prompt_unit == "bytes" else ("utf-16-le", 2)
        return len(prompt.encode(encoding, "replace")) // size

    @cached_property
    def price_parameters(self) -> frozenset[str]:
        """The request parameters that the price depends on, under the vendor's names."""
        words = {self.parameter("seconds"), self.parameter("audio")}
        for tier in self.tiers:
            words.update(tier.wire, *(item.wire for item in tier.shapes))
        prices = {tier.price for tier in self.tiers}
        flat = len(prices) == 1 and all(price and price.per != "second" for price in prices)
        return frozenset({"model"} if flat else {"model", *words} - {""})

    def parameter(self, name: str) -> str:
        """Return the vendor's name for a canonical field, empty where nothing is sent."""
        return self.names.get(name, name)

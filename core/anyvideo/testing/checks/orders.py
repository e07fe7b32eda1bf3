"""Checks that every value in an adapter's offers reaches the vendor.

Two jobs that differ in a field of an offer must not result in the same requests.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path

from attrs import evolve, frozen

from anyvideo.model.job import VideoJob
from anyvideo.model.media import ROLES, Image, Role
from anyvideo.model.offer import Offer, Tier
from anyvideo.model.plan import Plan
from anyvideo.model.wire import Request, list_uploads
from anyvideo.testing.checks import jobs
from anyvideo.testing.checks.case import Case, describe, plan_for
from anyvideo.testing.checks.mutations import walk

_NAMED = re.compile(r'"name": "[^"]*", ')
_HINT = "send plan.parameters(), or give the field its parameter in the offer's `names`"


@frozen
class TierCase:
    """One tier of one offer at the adapter under test, and what can be ordered there."""

    case: Case
    offer: Offer
    tier: Tier

    def make(self, **fields: object) -> VideoJob:
        """Return the simplest job for the tier with these fields."""
        return jobs.make_job(self.tier, **fields)

    def sends(self, name: str) -> bool:
        """Say whether the vendor has a parameter for a field: some values are merely implied."""
        return bool(self.offer.parameter(name))

    def order(self, job: VideoJob) -> list[Request] | str:
        """Return the requests for a job, or in words why it cannot be ordered."""
        plan = plan_for(self.offer, self.tier, job)
        if not isinstance(plan, Plan):
            return "; ".join(map(str, plan.reasons))
        try:
            return self.case.encode(plan)
        except Exception as error:  # noqa: BLE001 (every error is shown to the author)
            return f"submit raises {type(error).__name__}: {error}"

    def compare(self, variants: Iterable[tuple[str, VideoJob]]) -> Iterator[str]:
        """Yield the jobs that cannot be ordered, and the pairs that result in the same requests."""
        sent: dict[str, object] = {}
        for shown, job in variants:
            requests = self.order(job)
            if isinstance(requests, str):
                yield f"{shown} is offered, but cannot be ordered: {requests}"
            else:
                sent[shown] = describe(requests)
        for one, other in combinations(sent, 2):
            if sent[one] == sent[other]:
                yield f"{one} and {other} result in the same request; {_HINT}"


Check = Callable[[TierCase], Iterator[str]]


def _ask_everywhere(case: Case, checks: Sequence[Check]) -> Iterator[str]:
    for offer in case.offers:
        for number, tier in enumerate(offer.tiers):
            where = f" (tier {tier.name or number})" if len(offer.tiers) > 1 else ""
            for check in checks:
                for problem in check(TierCase(case, offer, tier)):
                    yield f"{offer.name}{where}: {problem}"


def check_values(case: Case) -> Iterator[str]:
    """Yield the values that an offer sells and that never reach the vendor."""
    checks = (_check_choices, _check_preferences, _check_character, _check_images, _check_prompt)
    yield from _ask_everywhere(case, checks)


def check_falsy(case: Case) -> Iterator[str]:
    """Yield the offers at which seed=0 or watermark=False is read as no preference."""
    yield from _ask_everywhere(case, (_check_falsy,))


def check_options(case: Case) -> Iterator[str]:
    """Yield the offers at which the caller's own options for this vendor are lost."""
    yield from _ask_everywhere(case, (_check_options,))


def _check_choices(case: TierCase) -> Iterator[str]:
    """Try lengths, shapes and sound: what is chosen from a list."""
    tier = case.tier
    if len(tier.seconds) > 1:
        lengths = sorted({tier.seconds[0], *tier.seconds[1:-1:4], tier.seconds[-1]})
        yield from case.compare(
            (f"seconds={value:g}", case.make(seconds=value)) for value in lengths
        )
    if len(tier.audio) > 1:
        yield from case.compare((f"audio={value}", case.make(audio=value)) for value in tier.audio)
    shapes = [
        {
            name: value
            for name in ("aspect_ratio", "resolution", "size")
            if (value := getattr(shape, name)) is not None
        }
        for shape in tier.shapes
    ]
    yield from case.compare((" ".join(given.values()), case.make(**given)) for given in shapes)


def _check_preferences(case: TierCase) -> Iterator[str]:
    yield from _check_values(case, jobs.SAMPLES)


def _check_falsy(case: TierCase) -> Iterator[str]:
    yield from _check_values(case, jobs.FALSY)


def _check_values(case: TierCase, values: Mapping[str, Iterable[object]]) -> Iterator[str]:
    for name in sorted(case.tier.accepts & set(values)):
        if case.sends(name):
            given = [(f"{name}={value!r}", case.make(**{name: value})) for value in values[name]]
            yield from case.compare([(f"no {name}", case.make()), *given])


def _check_character(case: TierCase) -> Iterator[str]:
    """Try characters from a video and from a task; a vendor may accept one of the two only."""
    if case.tier.accepts & {"character", "character_url"}:
        given = [(f"character={item!r}", case.make(character=item)) for item in jobs.CHARACTERS]
        taken = [pair for pair in given if not isinstance(case.order(pair[1]), str)]
        if not taken:
            yield "character is offered, but none can be ordered; send it, or take it out"
        yield from case.compare([("no character", case.make()), *taken])


def _check_images(case: TierCase) -> Iterator[str]:
    for role in ROLES:
        refusals: list[str] = []
        for images in jobs.list_image_sets(case.tier, role):
            requests = case.order(case.make(images=images))
            if isinstance(requests, str):
                refusals.append(requests)
                continue
            if lost := sum(not _holds(requests, image) for image in images):
                yield (
                    f"of {len(images)} images as {role}, {lost} are in no request; "
                    "see plan.images() and plan.uploads"
                )
            yield from _check_order(case, images)
        if refusals and len(refusals) == len(list(jobs.list_image_sets(case.tier, role))):
            yield f"images as {role} are offered, but cannot be ordered: {refusals[0]}"


def _holds(requests: Sequence[Request], image: Image) -> bool:
    if image.is_url:
        return image.source in _list_texts(requests)
    return any(image.source == item.source for sent in requests for item in list_uploads(sent))


def _check_order(case: TierCase, images: tuple[Image, ...]) -> Iterator[str]:
    """Check that the first frame and the last frame are not confused."""
    roles: list[Role] = [image.role for image in images]
    if roles == ["first_frame", "last_frame"]:
        swapped = [
            evolve(image, role=role) for image, role in zip(images, roles[::-1], strict=True)
        ]
        pair = [("first and last frame", images), ("the same two, swapped", tuple(swapped))]
        yield from case.compare((shown, case.make(images=given)) for shown, given in pair)


def _check_prompt(case: TierCase) -> Iterator[str]:
    requests = case.order(case.make())
    if isinstance(requests, str):
        yield f"its simplest job cannot be ordered: {requests}"
    elif not any(jobs.PROMPT in text for text in _list_texts(requests[-1:])):
        yield "the prompt does not arrive as it is; send plan.job.prompt unchanged"


def _check_options(case: TierCase) -> Iterator[str]:
    given = {case.case.name: {"anyvideo_kit": "kept as it is"}}
    requests = case.order(case.make(options=given))
    if isinstance(requests, list) and "kept as it is" not in _list_texts(requests[-1:]):
        yield f'options={{"{case.case.name}": ...}} do not arrive; send plan.parameters() or plan.options'


def _list_texts(requests: Sequence[Request]) -> list[str]:
    """Return every text inside some requests."""
    return [value for _, value in walk(describe(requests)) if isinstance(value, str)]


def check_paths(case: Case) -> Iterator[str]:
    """Yield the offers whose requests differ between a local image as a path and as bytes."""
    with tempfile.TemporaryDirectory() as folder:
        for plan in case.plans():
            named = [_write(image, Path(folder), n) for n, image in enumerate(plan.job.images)]
            if not plan.uploads:
                continue
            other = plan_for(plan.offer, plan.tier, evolve(plan.asked, images=tuple(named)))
            same = isinstance(other, Plan) and (
                _forget_names(case.encode(plan)) == _forget_names(case.encode(other))
            )
            if not same:
                yield (
                    f"{plan.offer.name}: a path makes other requests than bytes; look plan.uploads "
                    "up for both, and never open a file"
                )


def _write(image: Image, folder: Path, number: int) -> Image:
    if not isinstance(image.source, bytes):
        return image
    path = folder / f"{number}.png"
    path.write_bytes(image.source)
    return evolve(image, source=str(path))


def _forget_names(requests: Sequence[Request]) -> str:
    """Return requests as text, without the names of files."""
    return _NAMED.sub("", json.dumps(describe(requests), sort_keys=True))

"""The laws that hold for every job, every offer and every policy."""

from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from anyvideo.model.job import VideoJob
from anyvideo.model.media import ROLES
from anyvideo.model.offer import ACCEPTABLE, ACCEPTS, Images, Offer, Shape, Tier
from anyvideo.model.plan import Plan, Refusal
from anyvideo.model.sizes import formats_of
from anyvideo.negotiation.negotiate import compare, negotiate
from anyvideo.negotiation.policy import EXACT, Policy
from tests.strategies import TODAY, jobs, offers, policies, sizes_sold, tiers, uploads_of

laws = settings(max_examples=100, deadline=None)


def ask(job: VideoJob, offer: Offer, policy: Policy = EXACT) -> Plan | Refusal:
    return negotiate(job, offer, policy, uploads=uploads_of(job), today=TODAY)


@laws
@given(jobs, offers, policies)
def test_every_job_ends_in_a_plan_or_in_a_refusal_with_reasons(job, offer, policy):
    answer = ask(job, offer, policy)
    if isinstance(answer, Plan):
        assert answer.job.prompt == job.prompt
        assert answer.job.options == job.options
        assert (answer.quote.amount is None) == (answer.quote.confidence == "unknown")
    else:
        assert answer.reasons
        assert all(reason.text and reason.field for reason in answer.reasons)
        assert str(answer).startswith("acme/model: ")


@laws
@given(jobs, offers, policies)
def test_the_granted_job_satisfies_its_tier(job, offer, policy):
    answer = ask(job, offer, policy)
    if isinstance(answer, Plan):
        assert answer.tier is offer.tiers[answer.tier_index]
        assert list(find_breaches(answer.job, answer.tier, offer)) == []


@laws
@given(jobs, offers)
def test_under_exact_nothing_is_adjusted(job, offer):
    answer = ask(job, offer)
    if isinstance(answer, Plan):
        assert answer.adjustments == ()
        assert all(getattr(job, name) in (None, value) for name, value in answer.granted.items())


@laws
@given(jobs, offers, policies)
def test_every_change_of_a_wish_is_listed(job, offer, policy):
    answer = ask(job, offer, policy)
    if isinstance(answer, Plan):
        changed = {
            name
            for name in VideoJob.__annotations__
            if getattr(job, name) not in (None, (), {}, getattr(answer.job, name))
        }
        if job.size:
            changed = {
                "size" if name in {"aspect_ratio", "resolution"} else name for name in changed
            }
        assert changed <= {item.field for item in answer.adjustments}
        for item in answer.adjustments:
            assert item.granted != item.asked
            assert getattr(policy, item.field) != "exact"
            assert str(item)


@laws
@given(jobs, offers, policies)
def test_negotiating_a_granted_job_again_adjusts_nothing(job, offer, policy):
    answer = ask(job, offer, policy)
    if isinstance(answer, Plan):
        again = ask(answer.job, offer, policy)
        assert isinstance(again, Plan)
        assert again.adjustments == ()


@laws
@given(jobs, offers, policies)
def test_a_granted_job_comes_to_the_same_at_its_own_tier(job, offer, policy):
    answer = ask(job, offer, policy)
    if isinstance(answer, Plan):
        alone = evolve(offer, tiers=(answer.tier,))
        again = ask(answer.job, alone, Policy(retired=policy.retired))
        assert isinstance(again, Plan)
        assert (again.job, again.shape, again.quote) == (answer.job, answer.shape, answer.quote)


@laws
@given(jobs, offers, policies, st.data())
def test_a_richer_offer_refuses_nothing_that_the_poorer_one_took(job, offer, policy, data):
    if isinstance(ask(job, offer, policy), Plan):
        richer = data.draw(enrich(offer))
        assert isinstance(ask(job, richer, policy), Plan)


@laws
@given(jobs, offers, policies, st.data())
def test_order_never_matters(job, offer, policy, data):
    shuffled = evolve(
        offer,
        tiers=tuple(shuffle(data, tier) for tier in data.draw(st.permutations(offer.tiers))),
        required=data.draw(st.permutations(offer.required)),
    )
    images = data.draw(st.permutations(job.images))
    fields = {name: getattr(job, name) for name in VideoJob.__annotations__} | {"images": images}
    same = VideoJob(**dict(data.draw(st.permutations(list(fields.items())))))
    assert type(ask(same, shuffled, policy)) is type(ask(job, offer, policy))


@laws
@given(jobs, offers, policies)
def test_what_is_nearest_is_taken_and_ranked_by_how_much_it_changes(job, offer, policy):
    answer = ask(job, offer, policy)
    if isinstance(answer, Refusal):
        changes = [sum(1 + item.change for item in plan.adjustments) for plan in answer.nearest]
        assert changes == sorted(changes)
        assert all(changes)
        for plan in answer.nearest:
            taken = ask(plan.job, offer, Policy(retired=policy.retired))
            assert isinstance(taken, Plan)
            assert taken.adjustments == ()


@laws
@given(jobs, st.lists(offers, max_size=5), policies)
def test_a_comparison_holds_every_offer_once_unknown_costs_last(job, sold, policy):
    found = compare(job, sold, policy, uploads=uploads_of(job), today=TODAY)
    assert len(found.plans) + len(found.refusals) == len(sold)
    known = [plan.quote.amount is not None for plan in found.plans]
    assert known == sorted(known, reverse=True)
    for currency in ("USD", "EUR"):
        amounts = [
            p.quote.amount
            for p in found.plans
            if p.quote.currency == currency and p.quote.amount is not None
        ]
        assert amounts == sorted(amounts)


def find_breaches(job: VideoJob, tier: Tier, offer: Offer):
    """Yield in what a job breaks a tier's limits; written apart from the code under test."""
    asked = {
        "seconds": job.seconds,
        "audio": job.audio,
        "shape": job.aspect_ratio or job.resolution,
    }
    sold = {"seconds": tier.seconds, "audio": tier.audio, "shape": tier.shapes}
    yield from (name for name in ("seconds", "audio") if asked[name] not in (None, *sold[name]))
    yield from (
        name
        for name in ACCEPTABLE
        if getattr(job, name) not in (None, {}) and not is_accepted(job, name, tier)
    )
    if is_framed(job, tier):
        yield from find_breaches_of_shape(job, tier)
    elif asked["shape"] and not any(is_sold(job, item) for item in tier.shapes):
        yield "shape"
    yield from (name for name in offer.required if sold[name] and asked[name] is None)
    yield from find_breaches_of_images(job, tier.images)


def is_framed(job: VideoJob, tier: Tier) -> bool:
    """Whether the shape of the video is that of one of the job's images."""
    first = [image for image in job.images if image.role == "first_frame"]
    return tier.images.sets_ratio and len(first or job.images) == 1


def find_breaches_of_shape(job: VideoJob, tier: Tier):
    first = [image for image in job.images if image.role == "first_frame"]
    file = uploads_of(job).get((first or job.images)[0])
    if job.resolution and job.resolution not in {item.resolution for item in tier.shapes}:
        yield "resolution"
    if (
        job.aspect_ratio
        and file
        and job.aspect_ratio != formats_of(f"{file.width}x{file.height}")[0]
    ):
        yield "ratio of the image"


def find_breaches_of_images(job: VideoJob, limits: Images):
    count, roles = len(job.images), [image.role for image in job.images]
    files = uploads_of(job).values()
    kinds = {file.content_type.removeprefix("image/") for file in files}
    ways = {"url" if image.is_url else "file" for image in job.images}
    breaches = {
        "minimum": count < limits.min,
        "maximum": limits.max is not None and count > limits.max,
        "counts": limits.counts and count not in limits.counts,
        "roles": any(roles.count(role) > getattr(limits, role) for role in ROLES),
        "mix": "reference" in roles and set(roles) != {"reference"} and not limits.mix,
        "last": "last_frame" in roles and "first_frame" not in roles and not limits.last_alone,
        "format": limits.formats and not kinds <= set(limits.formats),
        "bytes": any(file.size > (limits.max_bytes or file.size) for file in files),
        "way": not ways <= set(limits.via),
        "pixels": limits.match_size and any(job.size != f"{f.width}x{f.height}" for f in files),
    }
    yield from (name for name, broken in breaches.items() if broken)


def is_accepted(job: VideoJob, name: str, tier: Tier) -> bool:
    by_url = name == "character" and job.character is not None and job.character.url is not None
    return name in tier.accepts or (by_url and "character_url" in tier.accepts)


def is_sold(job: VideoJob, item: Shape) -> bool:
    if item.size and job.size:
        return item.size == job.size
    return job.aspect_ratio in (None, item.aspect_ratio) and job.resolution in (
        None,
        item.resolution,
    )


def shuffle(data, tier: Tier) -> Tier:
    return evolve(
        tier,
        seconds=data.draw(st.permutations(tier.seconds)),
        shapes=data.draw(st.permutations(tier.shapes)),
        audio=data.draw(st.permutations(tier.audio)),
    )


@st.composite
def enrich(draw, offer: Offer) -> Offer:
    """An offer with one thing more: a value, a limit that is wider, a tier."""
    number = draw(st.integers(0, len(offer.tiers) - 1))
    tier, limits = offer.tiers[number], offer.tiers[number].images
    place = draw(st.integers(0, 4))
    more = draw(
        st.sampled_from(
            [
                evolve(
                    tier, seconds=insert(tier.seconds, place, draw(st.sampled_from((1, 7, 60))))
                ),
                evolve(tier, audio=insert(tier.audio, place, draw(st.booleans()))),
                evolve(tier, accepts=tier.accepts | {draw(st.sampled_from(ACCEPTS))}),
                evolve(tier, shapes=insert(tier.shapes, place, draw(new_shapes(tier)))),
                evolve(tier, images=evolve(limits, **draw(wider(limits)))),
            ]
        )
    )
    tiers_ = [more if index == number else item for index, item in enumerate(offer.tiers)]
    if draw(st.booleans()):
        tiers_.insert(draw(st.integers(0, len(tiers_))), draw(tiers()))
    longest = None if offer.prompt_max is None else offer.prompt_max + 5
    return evolve(offer, tiers=tuple(tiers_), prompt_max=longest)


def insert(values, place, value):
    return (*values[:place], value, *values[place:])


def new_shapes(tier: Tier):
    """A tier that is sold by size, or by lines, gets one more; another would be another kind."""
    if tier.images.sets_ratio:
        return st.just(Shape(resolution="720p"))
    return (
        sizes_sold
        if tier.images.match_size
        else st.sampled_from([Shape("16:9", "720p"), Shape("4:3"), Shape(size="1280x720")])
    )


def wider(limits: Images):
    return st.sampled_from(
        [
            {"first_frame": 1},
            {"last_frame": 1},
            {"reference": limits.reference + 1},
            {"min": 0},
            {"max": None},
            {"counts": ()},
            {"via": ("file", "url")},
            {"formats": ()},
            {"max_bytes": None},
            {"mix": True},
            {"last_alone": True},
        ]
    )

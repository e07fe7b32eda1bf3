"""Jobs, offers, images and policies of every kind, for the laws of negotiation."""

from datetime import date
from decimal import Decimal

from attrs import evolve
from hypothesis import strategies as st

from anyvideo.model.job import VideoJob
from anyvideo.model.media import Character, Image
from anyvideo.model.offer import ACCEPTS, REQUIRABLE, Images, Offer, Retirement, Shape, Tier
from anyvideo.model.quote import Price
from anyvideo.model.wire import Upload
from anyvideo.negotiation.policy import POLICY_FIELDS, Policy

# Few values, so that what a job asks for and what an offer sells meet often enough.
LENGTHS = (4, 5, 6, 6.5, 8, 10, 12)
RATIOS = ("16:9", "9:16", "1:1", "21:9")
LINES = ("480p", "720p", "1080p")
SIZES = ("1280x720", "720x1280", "1920x1080", "1366x768", "1792x1024", "1286x720")
SOURCES = ("https://x.example/a.png", "https://x.example/b.png", "a.png", "b.webp", "c.gif")
TODAY = date(2026, 11, 20)


def upload(source: str) -> Upload:
    """A local image whose facts follow from its name alone, so that jobs and uploads agree."""
    kind = source.rpartition(".")[2]
    width, height = {"a": (1280, 720), "b": (1920, 1080), "c": (640, 640)}[source[0]]
    return Upload(source, f"image/{kind}", source, width * 3, "0" * 64, width, height)


def uploads_of(job: VideoJob) -> dict[Image, Upload]:
    """The uploads of a generated job."""
    return {image: upload(str(image.source)) for image in job.images if not image.is_url}


def _pictures(role: str, most: int):
    return st.lists(st.builds(Image, st.sampled_from(SOURCES), st.just(role)), max_size=most)


images = st.tuples(
    _pictures("first_frame", 1), _pictures("last_frame", 1), _pictures("reference", 3)
).flatmap(lambda parts: st.permutations([image for part in parts for image in part]))

shapes_asked: st.SearchStrategy[dict[str, str]] = st.one_of(
    st.just({}),
    st.fixed_dictionaries(
        {}, optional={"aspect_ratio": st.sampled_from(RATIOS), "resolution": st.sampled_from(LINES)}
    ),
    st.fixed_dictionaries({"size": st.sampled_from(SIZES)}),
)
WISHES = {
    "seconds": st.sampled_from(LENGTHS) | st.floats(0.1, 60),
    "audio": st.booleans(),
    "negative_prompt": st.sampled_from(["", "blur"]),
    "seed": st.sampled_from([0, 7]),
    "enhance_prompt": st.booleans(),
    "upscale": st.booleans(),
    "watermark": st.booleans(),
    "private": st.booleans(),
    "style": st.just("noir"),
    "character": st.sampled_from(
        [Character(url="https://x.example/c.mp4"), Character(from_task="t")]
    ),
    "metadata": st.sampled_from([{}, {"a": "b"}]),
    "options": st.sampled_from([{}, {"acme": {"mode": "pro", "n": None}}]),
    "images": images,
}
# A job with a wish for everything is refused everywhere, which shows little.
others = st.lists(st.sampled_from([*WISHES]), max_size=3, unique=True).flatmap(
    lambda names: st.fixed_dictionaries({name: WISHES[name] for name in names})
)
jobs = st.builds(
    lambda prompt, shape, other: VideoJob(prompt, **shape, **other),
    st.sampled_from(["a fox", "a" * 30, "雪の中の狐 🦊"]),
    shapes_asked,
    others,
)

sizes_sold = st.builds(lambda size: Shape(size=size, wire={"size": size}), st.sampled_from(SIZES))
words_sold = st.builds(
    lambda ratio, lines: Shape(ratio, lines, wire={"ratio": ratio, "lines": lines}),
    st.none() | st.sampled_from(RATIOS),
    st.none() | st.sampled_from(LINES),
).filter(lambda shape: shape.aspect_ratio or shape.resolution)
lines_sold = st.builds(
    lambda lines: Shape(None, lines, wire={"lines": lines}), st.sampled_from(LINES)
)
prices = st.none() | st.builds(
    Price,
    st.decimals("0", "9", places=2),
    per=st.sampled_from(["second", "video", "request"]),
    minimum=st.none() | st.just(Decimal(2)),
    confidence=st.sampled_from(["exact", "ceiling", "estimate"]),
    currency=st.sampled_from(["USD", "EUR"]),
)
limits = st.builds(
    Images,
    first_frame=st.sampled_from([1, 1, 0]),
    last_frame=st.sampled_from([1, 0]),
    reference=st.sampled_from([3, 1, 0]),
    min=st.sampled_from([0, 0, 0, 1]),
    max=st.sampled_from([None, None, 1, 2]),
    counts=st.sampled_from([(), (), (0, 1), (1, 2)]),
    via=st.sampled_from([("url", "file"), ("file",), ("url",)]),
    formats=st.sampled_from([(), ("png", "webp"), ("png",)]),
    max_bytes=st.sampled_from([None, None, 5000]),
    mix=st.booleans(),
    last_alone=st.booleans(),
)


@st.composite
def tiers(draw) -> Tier:
    """A tier that sells by size, by words, or from frames by lines alone."""
    by_size, framed = draw(st.booleans()), draw(st.sampled_from([False, False, True]))
    sold = lines_sold if framed else sizes_sold if by_size else words_sold
    shapes = draw(st.lists(sold, max_size=4))
    by_size = by_size and not framed
    matching = by_size and len(shapes) > 0 and draw(st.booleans())
    seconds = draw(st.lists(st.sampled_from(LENGTHS), max_size=4, unique=True))
    return Tier(
        seconds=seconds,
        default_seconds=draw(st.none() | st.sampled_from(seconds)) if seconds else None,
        shapes=shapes,
        audio=draw(st.lists(st.booleans(), max_size=2, unique=True)),
        images=evolve(draw(limits), match_size=matching, sets_ratio=framed),
        accepts=draw(st.just(ACCEPTS) | st.frozensets(st.sampled_from(ACCEPTS))),
        price=draw(prices),
    )


offers = st.builds(
    Offer,
    st.just("acme"),
    st.just("model"),
    tiers=st.lists(tiers(), min_size=1, max_size=3),
    required=st.lists(st.sampled_from(REQUIRABLE), unique=True),
    prompt_max=st.sampled_from([None, None, 10, 100]),
    retired=st.sampled_from(
        [None, None, None, Retirement(date(2026, 1, 1)), Retirement(date(2027, 1, 1))]
    ),
    failures_billed=st.none() | st.booleans(),
)
_rules = st.sampled_from(["exact", "nearest", "up", "down", "drop"])
policies = st.builds(
    lambda rules, retired: Policy(**rules, retired=retired),
    st.one_of(
        _rules.map(lambda rule: dict.fromkeys(POLICY_FIELDS[:-1], rule)),
        st.fixed_dictionaries({}, optional=dict.fromkeys(POLICY_FIELDS[:-1], _rules)),
    ),
    st.sampled_from(["refuse", "allow"]),
)

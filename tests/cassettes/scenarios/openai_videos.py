"""What the adapter without code sends and reads: OpenAI's own wire, and where a gateway differs."""

from decimal import Decimal
from pathlib import Path

from anyvideo import Image, Status, Task, TaskFailedError, VideoJob
from tests.cassettes.scenario import Raises, Scenario, are_new, submit_all

PAGE = "OpenAI's Videos API as documented until 2026-09"
GATEWAY = "made up: a gateway with its own words and places"
PHOTO = Path(__file__).parents[2] / "images/plain-1280x720.png"
HOST = "https://gateway.example"
ID = "video_68d7512d07848190b3e45da0ecbebcde004da08e1e0678d5"
ROW = {
    "provider": "gateway",
    "model": "sora-2",
    "source": "https://gateway.example/docs",
    "required": ["seconds"],
    "seconds": [4, 8, 12],
    "sizes": ["1280x720", "720x1280"],
    "accepts": ["seed", "watermark", "metadata"],
    "images": {"first_frame": 1, "reference": 3, "via": ["url", "file"], "mix": True},
    "price": {"amount": "0.10", "per": "second"},
}
NAMED = {"seconds": "duration", "first_frame": "image", "reference": "images[]"}


def configure(names=None, **settings):
    provider = {"adapter": "openai-videos", "base_url": HOST, "settings": settings}
    return {"providers": {"gateway": provider}, "offers": [{**ROW, "names": names or {}}]}


OTHER = configure(
    words={"排队中": "queued", "生成中": "running", "已完成": "succeeded", "已失败": "failed"},
    fields={
        "id": "data.0.task",
        "status": "data.0.state",
        "progress": "data.0.percent",
        "enhanced_prompt": "data.0.rewritten",
        "error": "data.0.why",
        "video_url": "data.0.film.at",
        "expires_at": "data.0.film.until",
        "cost": "usage.cost",
    },
)
WHY = {"task.error.message": "the upstream is full"}
JOB = VideoJob("A calico cat playing a piano on stage", seconds=8, size="1280x720")
REFERENCES = [Image(f"https://example.com/{number}.png", "reference") for number in (1, 2)]
DONE = Task("gateway", "openai-videos", HOST, ID, "sora-2", Status.SUCCEEDED)
PLAIN = [
    ("sora-2", VideoJob("p", seed=0, watermark=False, metadata={"order": "é"})),
    ("sora-2", VideoJob("p", images=[Image("https://example.com/first.png")])),
    ("sora-2", VideoJob("日出", seconds=12, images=[Image(PHOTO)], seed=7, metadata={"a": "1"})),
    ("sora-2", VideoJob("p", options={"openai-videos": {"seconds": 4.5, "quality": "high"}})),
]
PLACED = [
    ("sora-2", VideoJob("p", images=[*REFERENCES, Image("https://example.com/first.png")])),
    ("sora-2", VideoJob("p", images=[REFERENCES[0], Image(PHOTO), Image(PHOTO, "reference")])),
]


def generate(client, folder):
    return client.generate(JOB, folder / "video.mp4", "gateway/sora-2")


def is_home(video):
    assert video.path.read_bytes()[4:8] == b"ftyp"
    assert (video.task.id, video.task.status) == (ID, Status.SUCCEEDED)


def is_billed(video):
    assert video.path.read_bytes()[4:8] == b"ftyp"
    task = video.task
    assert (task.id, task.progress, task.cost) == ("17", 100, Decimal("0.8"))
    assert (task.enhanced_prompt, task.video_url) == ("A calico cat", "https://example.com/17")
    assert task.expires_at.timestamp() == 1759027960


def is_remix(task):
    assert (task.id, task.status) == ("video_remix", Status.QUEUED)


SCENARIOS = [
    Scenario("openai-videos", "done", generate, is_home, PAGE, configure()),
    Scenario("openai-videos", "own-words", generate, is_billed, GATEWAY, OTHER),
    Scenario(
        "openai-videos", "own-words-failed", generate, Raises(TaskFailedError, WHY), GATEWAY, OTHER
    ),
    Scenario("openai-videos", "bodies", submit_all("gateway", PLAIN), are_new, PAGE, configure()),
    Scenario(
        "openai-videos",
        "bodies-named",
        submit_all("gateway", PLACED),
        are_new,
        GATEWAY,
        configure(NAMED, seconds="number"),
    ),
    Scenario(
        "openai-videos",
        "bodies-renamed",
        submit_all("gateway", PLACED),
        are_new,
        GATEWAY,
        configure(NAMED),
    ),
    Scenario(
        "openai-videos",
        "remix",
        lambda client, _: client.remix(DONE, "Extend the scene", "1280x720"),
        is_remix,
        PAGE,
        configure(),
    ),
]

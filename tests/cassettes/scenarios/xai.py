"""What happens at xAI: the answers of its pages, and those that its clients recorded or test with."""

from decimal import Decimal
from pathlib import Path

from anyvideo import (
    AmbiguousSubmitError,
    DownloadError,
    ExpiredError,
    Image,
    ProviderError,
    Status,
    Task,
    TaskFailedError,
    VideoJob,
)
from anyvideo.testing import adapter
from tests.cassettes.scenario import Raises, Scenario, are_new, submit_all, use_wrong_key
from tests.cassettes.scenarios.tiers import FIRST, LAST, REFERENCES, list_jobs

GUIDE = "docs.x.ai, model-capabilities/video/generation"
REST = "docs.x.ai, rest-api-reference/inference/videos"
CLIENTS = "tests of other projects' clients"
RECORDED = "error bodies that other projects recorded"
HOST = "https://api.x.ai"
ID = "d97415a1-5796-b7ec-379f-4e6819e08fdf"
URL = "https://vidgen.x.ai/xai-vidgen-bucket/xai-video-old.mp4"
BASE, FULL, LITE = "grok-imagine-video", "grok-imagine-video-1.5", "grok-imagine-video-1.5-lite"
PHOTO = Path(__file__).parents[2] / "images/plain-1280x720.png"
JOB = VideoJob(
    "A glowing crystal-powered rocket launching from Mars",
    seconds=10,
    aspect_ratio="16:9",
    resolution="720p",
)
CHEAP = VideoJob("A red fox runs through fresh snow", seconds=1, resolution="480p", audio=False)
TASK = Task("xai", "xai", HOST, ID, FULL, Status.RUNNING)
OLD = Task("xai", "xai", HOST, ID, BASE, Status.SUCCEEDED, video_url=URL)
LOST = Task("xai", "xai", HOST, ID, BASE, Status.SUCCEEDED)


def generate(client, folder):
    return client.generate(JOB, folder / "video.mp4", f"xai/{FULL}")


def generate_cheap(client, folder):
    return client.generate(CHEAP, folder / "video.mp4", f"xai/{LITE}")


def submit(client, _):
    return client.submit(JOB, f"xai/{FULL}")


def submit_photos(client, _):
    """A local image in every place, and beside an address."""
    first, last = Image(PHOTO), Image(PHOTO, "last_frame")
    jobs = [
        (LITE, VideoJob("p", seconds=1, images=[first])),
        (FULL, VideoJob("p", seconds=1, images=[last, FIRST])),
        (BASE, VideoJob("p", seconds=1, images=[REFERENCES[0], Image(PHOTO, "reference")])),
    ]
    return submit_all("xai", jobs)(client, _)


def edit(client, _):
    return client.remix(OLD, "Give the woman a silver necklace")


def ask(client, _):
    return client.status(TASK)


def download(task):
    return lambda client, folder: client.download(task, folder / "video.mp4")


def is_home(cost):
    def check(video):
        assert video.path.read_bytes()[4:8] == b"ftyp"
        assert video.task.status == Status.SUCCEEDED
        assert video.task.cost == (None if cost is None else Decimal(cost))

    return check


def is_there(file):
    assert file.path.read_bytes()[4:8] == b"ftyp"


def is_queued(task):
    assert (task.id, task.status) == (ID, Status.QUEUED)


def waited(task):
    is_queued(task)
    assert task.updated_at.timestamp() - task.submitted_at.timestamp() >= 7


def runs(progress):
    def check(task):
        assert (task.status, task.progress) == (Status.RUNNING, progress)

    return check


def refused(kind, status, code, **more):
    return Raises(ProviderError, {"kind": kind, "status": status, "code": code, **more})


def failed(kind, code, cost=None):
    return Raises(
        TaskFailedError,
        {
            "task.status": Status.FAILED,
            "task.error.kind": kind,
            "task.error.code": code,
            "task.cost": None if cost is None else Decimal(cost),
        },
    )


def list_bodies():
    """One job for each word of each tier, and what options change."""
    jobs = [(offer.model, job) for offer in adapter("xai").offers() for job in list_jobs(offer)]
    options = {"user": "end-user-id", "reference_audios": [{"voice_id": "eve"}], "duration": None}
    return [
        *jobs,
        (FULL, VideoJob("日出", options={"xai": options})),
        (FULL, VideoJob("p", images=[LAST])),
        (BASE, VideoJob("p", seconds=4.0, images=REFERENCES[:2], aspect_ratio="5:2")),
    ]


SCENARIOS = [
    Scenario("xai", "bodies", submit_all("xai", list_bodies), are_new, f"{GUIDE}; {REST}"),
    Scenario("xai", "image", submit_photos, are_new, f"{GUIDE}; images as data: URLs"),
    Scenario("xai", "edit", edit, is_queued, REST),
    Scenario("xai", "done", generate, is_home("1.4"), f"{GUIDE}; {CLIENTS}: 202 without a body"),
    Scenario("xai", "done-cheap", generate_cheap, is_home(None), REST, live=True),
    Scenario("xai", "no-word", generate, is_home(None), f"{CLIENTS}: a video and no status"),
    Scenario("xai", "late-file", generate, is_home("1.4"), "made up: first done without its URL"),
    Scenario("xai", "running", ask, runs(18), CLIENTS),
    Scenario("xai", "failed", generate, failed("invalid_request", "invalid_argument"), GUIDE),
    Scenario(
        "xai",
        "failed-inside",
        generate,
        failed("server", "internal_error", "0.7"),
        f"{GUIDE}: internal_error; made up: its bill",
    ),
    Scenario("xai", "kept-back", generate, failed("content_policy", None, "1.4"), REST),
    Scenario(
        "xai",
        "moderated-later",
        generate,
        failed("content_policy", "imagine:content-moderated", "1.4"),
        RECORDED,
    ),
    Scenario(
        "xai",
        "lapsed",
        generate,
        Raises(TaskFailedError, {"task.status": Status.EXPIRED}),
        CLIENTS,
    ),
    Scenario(
        "xai", "moderated", submit, refused("content_policy", 403, "permission-denied"), RECORDED
    ),
    Scenario(
        "xai",
        "refused",
        submit,
        refused("invalid_request", 400, "invalid-argument", retryable=False),
        CLIENTS,
    ),
    Scenario(
        "xai",
        "unknown-model",
        submit,
        refused("model_unavailable", 404, "not-found", retryable=False),
        RECORDED,
    ),
    Scenario(
        "xai",
        "wrong-key",
        submit,
        refused("auth", 400, "Client specified an invalid argument", retryable=False),
        RECORDED,
        use_wrong_key("xai"),
        live=True,
    ),
    Scenario(
        "xai",
        "no-money",
        submit,
        refused("insufficient_funds", 403, "permission-denied", retryable=False),
        RECORDED,
    ),
    Scenario(
        "xai",
        "no-money-429",
        submit,
        refused("insufficient_funds", 429, "Some resource has been exhausted", retryable=False),
        RECORDED,
    ),
    Scenario("xai", "rate-limited", submit, is_queued, RECORDED),
    Scenario("xai", "rate-limited-retry-after", submit, waited, RECORDED),
    Scenario("xai", "malformed", submit, Raises(AmbiguousSubmitError), "a truncated answer"),
    Scenario("xai", "server-error", submit, Raises(AmbiguousSubmitError), CLIENTS),
    Scenario("xai", "forgotten", ask, refused("not_found", 404, "not-found"), CLIENTS),
    Scenario(
        "xai",
        "expired",
        download(OLD),
        Raises(ExpiredError),
        "403 of a storage host, then 404 for the job",
    ),
    Scenario(
        "xai",
        "expired-link",
        download(OLD),
        is_there,
        f"403 of a storage host, then {REST}",
    ),
    Scenario("xai", "not-yet", download(LOST), Raises(DownloadError), CLIENTS),
]

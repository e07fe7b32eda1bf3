"""What happens at APIMart: the page's own answers, recorded ones of others, and its error forms."""

from decimal import Decimal
from pathlib import Path

from anyvideo import (
    AmbiguousSubmitError,
    ExpiredError,
    Image,
    Policy,
    ProviderError,
    Status,
    Task,
    TaskFailedError,
    VideoJob,
)
from tests.cassettes.scenario import Raises, Scenario, use_wrong_key

PAGE = "docs.apimart.ai, videos/generations"
TASKS = "docs.apimart.ai, tasks/status"
UPLOADS = "docs.apimart.ai, uploads/images"
ERRORS = "docs.apimart.ai, error codes"
RECORDED = "a recording that another project published"
CLIENTS = "tests of other projects' clients"
RETIRED = Policy(retired="allow")
HOST = "https://api.apimart.ai"
PHOTO = Path(__file__).parents[2] / "images/plain-1280x720.png"
FORGOTTEN = "任务不存在或已过期"
FAILED = {"task.error.kind": "content_policy"}
ID = "task_01K8SGYNNNVBQTXNR4MM964S7K"
RECORDED_ID = "task_01KBS40K78KGHZ9SDBWQSGSXRK"
JOB = VideoJob(
    "A waterfall cascading down forming a rainbow",
    seconds=5,
    aspect_ratio="16:9",
    images=[Image("https://example.com/image.png")],
)
OLD = Task(
    "apimart",
    "apimart",
    HOST,
    ID,
    "sora-2",
    Status.SUCCEEDED,
    video_url="https://upload.apimart.ai/f/video/old.mp4",
)


def generate(client, folder):
    return client.generate(JOB, folder / "video.mp4", "apimart/sora-2", policy=RETIRED)


def generate_kling(client, folder):
    job = VideoJob("A red fox runs through fresh snow", seconds=3, resolution="720p", audio=False)
    return client.generate(job, folder / "video.mp4", "apimart/kling-v3")


def submit(client, _):
    return client.submit(JOB, "apimart/sora-2", policy=RETIRED)


def submit_photo(client, _):
    job = VideoJob("The rocket rises", seconds=5, aspect_ratio="16:9", images=[Image(PHOTO)])
    return client.submit(job, "apimart/sora-2", policy=RETIRED)


def is_home(video):
    assert video.path.read_bytes()[4:8] == b"ftyp"


def is_billed(video):
    is_home(video)
    assert video.task.cost == Decimal("0.15")
    assert video.task.expires_at.timestamp() == 1765087446
    assert video.task.created_at.timestamp() == 1765000891


def is_queued(task):
    assert (task.id, task.status) == (ID, Status.QUEUED)


def waited(task):
    is_queued(task)
    assert task.updated_at.timestamp() - task.submitted_at.timestamp() >= 7


def is_running(task):
    assert (task.status, task.progress) == (Status.RUNNING, 91)


def refused(kind, status, **more):
    return Raises(ProviderError, {"kind": kind, "status": status, **more})


SCENARIOS = [
    Scenario("apimart", "done", generate, is_home, f"{PAGE}; {RECORDED}"),
    Scenario("apimart", "billed", generate, is_billed, f"{PAGE}; {TASKS}: cost"),
    Scenario(
        "apimart",
        "running",
        lambda client, _: client.status(Task("apimart", "apimart", HOST, RECORDED_ID, "sora-2")),
        is_running,
        RECORDED,
    ),
    Scenario("apimart", "upload", submit_photo, is_queued, f"{UPLOADS}; {PAGE}"),
    Scenario("apimart", "upload-refused", submit_photo, refused("invalid_request", 413), UPLOADS),
    Scenario(
        "apimart", "refused", submit, refused("invalid_request", 500, retryable=False), ERRORS
    ),
    Scenario(
        "apimart",
        "wrong-key",
        submit,
        refused("auth", 401, retryable=False),
        RECORDED,
        use_wrong_key("apimart"),
        live=True,
    ),
    Scenario(
        "apimart", "no-money", submit, refused("insufficient_funds", 402, retryable=False), ERRORS
    ),
    Scenario("apimart", "no-money-in-200", submit, refused("insufficient_funds", 200), CLIENTS),
    Scenario("apimart", "rate-limited", submit, is_queued, ERRORS),
    Scenario("apimart", "rate-limited-retry-after", submit, waited, ERRORS),
    Scenario("apimart", "no-channel", submit, is_queued, RECORDED),
    Scenario("apimart", "failed", generate, Raises(TaskFailedError, FAILED), CLIENTS),
    Scenario(
        "apimart", "moderated", submit, refused("content_policy", 500, retryable=False), ERRORS
    ),
    Scenario(
        "apimart",
        "expired",
        lambda client, folder: client.download(OLD, folder / "video.mp4"),
        Raises(ExpiredError),
        "403 of a storage host, then the vendor's words for a task that it forgot",
    ),
    Scenario("apimart", "malformed", submit, Raises(AmbiguousSubmitError), "a truncated answer"),
    Scenario("apimart", "kling", generate_kling, is_home, f"{PAGE}; {TASKS}: cost", live=True),
    Scenario(
        "apimart",
        "no-file",
        lambda client, _: client.status(Task("apimart", "apimart", HOST, RECORDED_ID, "sora-2")),
        refused("malformed", 200),
        f"{RECORDED}, with the word of a finished task",
    ),
    Scenario(
        "apimart",
        "late-file",
        lambda client, folder: client.download(
            Task("apimart", "apimart", HOST, RECORDED_ID, "sora-2", Status.SUCCEEDED),
            folder / "video.mp4",
        ),
        is_home,
        RECORDED,
    ),
    Scenario(
        "apimart",
        "forgotten",
        lambda client, folder: client.download(
            Task("apimart", "apimart", HOST, ID, "sora-2", Status.SUCCEEDED), folder / "video.mp4"
        ),
        Raises(ExpiredError, {"message": f"apimart no longer knows the task {ID}: {FORGOTTEN}"}),
        ERRORS,
    ),
    Scenario(
        "apimart",
        "remix-size",
        lambda client, _: client.remix(
            Task("apimart", "apimart", HOST, "task_parent", "veo-3.1"),
            "The camera rises",
            "3840x2160",
        ),
        is_queued,
        "docs.apimart.ai, veo3 remix: no sample, answered like a submit",
    ),
    Scenario(
        "apimart",
        "remix-unknown-model",
        lambda client, _: client.remix(
            Task("apimart", "apimart", HOST, "task_parent", "veo-4"), "The camera rises", "1280x720"
        ),
        is_queued,
        "docs.apimart.ai, veo3 remix: no sample, answered like a submit",
    ),
    Scenario(
        "apimart",
        "remix",
        lambda client, _: client.remix(
            Task("apimart", "apimart", HOST, "task_parent", "veo-3.1-fast"), "The camera rises"
        ),
        is_queued,
        "docs.apimart.ai, veo3 remix: no sample, answered like a submit",
    ),
]

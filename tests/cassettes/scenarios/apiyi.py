"""What happens at APIYI: the page's own answers, and those that gateways of its kind give."""

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

PAGE = "docs.apiyi.com, sora-2 text-to-video"
FORM = "docs.apiyi.com, sora-2 image-to-video"
GROK = "docs.apiyi.com, grok-imagine-video/video-generation"
MANUAL = "docs.apiyi.com, error codes of the manual"
GATEWAY = "new-api, the gateway of which APIYI runs a relative"
RETIRED = Policy(retired="allow")
PHOTO = Path(__file__).parents[2] / "images/plain-1280x720.png"
JOB = VideoJob(
    "A golden retriever running on the beach at sunset, cinematic, golden hour, slow motion",
    seconds=8,
    size="1280x720",
)
TASK = Task("apiyi", "apiyi", "https://api.apiyi.com", "video_abc123def456", "sora-2")
DONE = Task(
    "apiyi", "apiyi", "https://api.apiyi.com", "video_abc123def456", "sora-2", Status.SUCCEEDED
)


def generate(client, folder):
    return client.generate(JOB, folder / "video.mp4", "apiyi/sora-2", policy=RETIRED)


def generate_grok(client, folder):
    job = VideoJob("A red fox runs through fresh snow", seconds=1, size="854x480")
    return client.generate(job, folder / "video.mp4", "apiyi/grok-imagine-video-1.5-lite")


def submit(client, _):
    return client.submit(JOB, "apiyi/sora-2", policy=RETIRED)


def submit_photo(client, _):
    job = VideoJob(JOB.prompt, seconds=8, size="1280x720", images=[Image(PHOTO)])
    return client.submit(job, "apiyi/sora-2", policy=RETIRED)


BLOCKED = {"task.error.kind": "content_policy", "task.error.code": "moderation_blocked"}


def is_home(video):
    assert video.path.read_bytes()[4:8] == b"ftyp"
    assert video.task.status == Status.SUCCEEDED


def is_queued(task):
    assert (task.id, task.status) == ("video_abc123def456", Status.QUEUED)


def waited_seven_seconds(task):
    is_queued(task)
    assert task.updated_at.timestamp() - task.submitted_at.timestamp() >= 7


def is_running(task):
    assert (task.status, task.progress) == (Status.RUNNING, 45)


SCENARIOS = [
    Scenario("apiyi", "done", generate, is_home, PAGE),
    Scenario("apiyi", "image", submit_photo, is_queued, FORM),
    Scenario(
        "apiyi",
        "image-refused",
        submit_photo,
        Raises(ProviderError, {"kind": "invalid_request", "status": 400, "retryable": False}),
        FORM,
    ),
    Scenario("apiyi", "running", lambda client, _: client.status(TASK), is_running, PAGE),
    Scenario(
        "apiyi",
        "refused",
        submit,
        Raises(ProviderError, {"kind": "model_unavailable", "status": 503, "retryable": False}),
        GATEWAY,
    ),
    Scenario(
        "apiyi",
        "wrong-key",
        submit,
        Raises(ProviderError, {"kind": "auth", "status": 401}),
        MANUAL,
        use_wrong_key("apiyi"),
        live=True,
    ),
    Scenario("apiyi", "grok", generate_grok, is_home, f"{GROK}; answers of {PAGE}", live=True),
    Scenario(
        "apiyi",
        "blocked-when-done",
        generate_grok,
        Raises(TaskFailedError, BLOCKED),
        f"{GROK}: the words, no sample",
    ),
    Scenario(
        "apiyi",
        "no-money",
        submit,
        Raises(ProviderError, {"kind": "insufficient_funds", "status": 429, "retryable": False}),
        MANUAL,
    ),
    Scenario("apiyi", "rate-limited", submit, is_queued, MANUAL),
    Scenario("apiyi", "rate-limited-retry-after", submit, waited_seven_seconds, MANUAL),
    Scenario(
        "apiyi", "failed", generate, Raises(TaskFailedError), f"{PAGE}: `error` may be absent"
    ),
    Scenario(
        "apiyi",
        "moderated",
        submit,
        Raises(ProviderError, {"kind": "content_policy", "code": "moderation_blocked"}),
        "help.apiyi.com",
    ),
    Scenario(
        "apiyi",
        "expired",
        lambda client, folder: client.download(DONE, folder / "video.mp4"),
        Raises(ExpiredError),
        f"{PAGE}: /content answers 404 after a day",
    ),
    Scenario(
        "apiyi",
        "content-not-ready",
        generate,
        is_home,
        "docs.apiyi.com, veo: 400 just after completion",
    ),
    Scenario(
        "apiyi",
        "content-json",
        generate,
        is_home,
        "docs.apiyi.com, veo/async-api: /content is JSON",
    ),
    Scenario("apiyi", "malformed", submit, Raises(AmbiguousSubmitError), GATEWAY),
    Scenario(
        "apiyi", "bad-gateway", submit, Raises(AmbiguousSubmitError), "an observed 502 of APIYI"
    ),
]

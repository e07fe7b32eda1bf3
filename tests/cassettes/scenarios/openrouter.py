"""What happens at OpenRouter: the answers of its pages, and those that other projects recorded."""

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
from tests.cassettes.scenario import Raises, Scenario, use_wrong_key
from tests.cassettes.scenarios import openrouter_bodies

GUIDE = "openrouter.ai/docs, guides/overview/multimodal/video-generation"
OPENAPI = "openrouter.ai/docs, openapi"
COOKBOOK = "openrouter.ai/docs, cookbook/video-generation/image-to-video"
ERRORS = "openrouter.ai/docs, errors-and-debugging"
RECORDED = "error bodies that a client's suite recorded on 2026-10-02"
LITE = "grok-imagine-video-1.5-lite"
VEO = "openrouter/veo-3.1-lite"
JOB = VideoJob(
    "A serene mountain landscape at sunset",
    seconds=8,
    resolution="720p",
    aspect_ratio="16:9",
    audio=True,
)
CHEAP = VideoJob("A red fox runs through fresh snow", seconds=1, resolution="480p")
FRAME = VideoJob(
    "The camera slowly pushes in",
    seconds=4,
    resolution="720p",
    aspect_ratio="16:9",
    audio=False,
    images=[Image("https://example.com/first-frame.png")],
)
PHOTO = Path(__file__).parents[2] / "images/plain-1280x720.png"


def task_of(status=Status.RUNNING, url=None):
    return Task(
        "openrouter",
        "openrouter",
        "https://openrouter.ai/api",
        "job-abc123",
        "veo-3.1-lite",
        status,
        video_url=url,
    )


def generate(client, folder):
    return client.generate(JOB, folder / "video.mp4", VEO)


def generate_cheap(client, folder):
    return client.generate(CHEAP, folder / "video.mp4", f"openrouter/{LITE}")


def generate_from_frame(client, folder):
    return client.generate(FRAME, folder / "video.mp4", VEO)


def submit(client, _):
    return client.submit(JOB, VEO)


def submit_photo(client, _):
    job = VideoJob("p", seconds=4, resolution="720p", audio=False, images=[Image(PHOTO)])
    return client.submit(job, VEO)


def ask(client, _):
    return client.status(task_of())


def download(status, url=None):
    return lambda client, folder: client.download(task_of(status, url), folder / "video.mp4")


def is_home(video):
    assert video.path.read_bytes()[4:8] == b"ftyp"
    assert video.task.status == Status.SUCCEEDED


def cost(amount):
    def check(video):
        is_home(video)
        assert video.task.cost == Decimal(amount)

    return check


def is_queued(task):
    assert (task.id, task.status) == ("job-abc123", Status.QUEUED)


def waited_seven_seconds(task):
    is_queued(task)
    assert task.updated_at.timestamp() - task.submitted_at.timestamp() >= 7


def stands(status):
    def check(task):
        assert (task.status, task.cost, task.video_url) == (status, None, None)

    return check


def ended(status, kind, message):
    def check(task):
        assert (task.status, task.error.kind, task.error.message) == (status, kind, message)

    return check


def refused(name, kind, origin, status=400, **config):
    expected = {"kind": kind, "status": status, "retryable": False}
    return Scenario("openrouter", name, submit, Raises(ProviderError, expected), origin, **config)


SCENARIOS = [
    *openrouter_bodies.SCENARIOS,
    Scenario("openrouter", "done", generate_cheap, cost("0.25"), GUIDE, live=True),
    Scenario("openrouter", "elsewhere", generate, cost("0.5"), f"{OPENAPI}: storage.example.com"),
    Scenario("openrouter", "image", generate_from_frame, cost("0.12"), f"{COOKBOOK}; the bill is one that a pipeline recorded on 2026-09-21"),
    Scenario("openrouter", "local-image", submit_photo, is_queued, OPENAPI),
    Scenario("openrouter", "no-url", generate, is_home, f"{COOKBOOK}: without unsigned_urls, /content?index=0"),
    Scenario("openrouter", "second-slot", download(Status.SUCCEEDED, "https://openrouter.ai/api/v1/videos/job-abc123/content?index=1"), is_home, "the suite of tinyinference: an empty slot before a full one"),
    Scenario("openrouter", "pending", ask, stands(Status.QUEUED), OPENAPI),
    Scenario("openrouter", "running", ask, stands(Status.RUNNING), GUIDE),
    Scenario("openrouter", "unknown-word", ask, stands(Status.RUNNING), "made up: a word that no page has"),
    Scenario("openrouter", "failed", generate, Raises(TaskFailedError, {"task.error.kind": "server", "task.error.message": "Frame interpolation requires both an input image and a last frame."}), "a failure that a pipeline recorded on 2026-09-21"),
    Scenario("openrouter", "moderated", generate, Raises(TaskFailedError, {"task.error.kind": "content_policy", "task.error.message": "Content policy violation"}), f"{GUIDE}: its webhook"),
    Scenario("openrouter", "blocked-upstream", ask, ended(Status.FAILED, "content_policy", "Input blocked: The prompt could not be processed"), "what Google says behind the gateway"),
    Scenario("openrouter", "failed-when-done", ask, ended(Status.FAILED, "server", "Provider returned error"), f"made up: completed with an error and no file, in the fields of {OPENAPI}"),
    Scenario("openrouter", "cancelled", ask, ended(Status.CANCELLED, "server", "Job was cancelled"), f"{GUIDE}: its webhook"),
    Scenario("openrouter", "timed-out", ask, ended(Status.EXPIRED, "timeout", "Job exceeded maximum time to live"), f"{GUIDE}: its webhook"),
    refused("refused", "invalid_request", "a refusal that omniapi-mcp recorded"),
    refused("refused-zod", "invalid_request", RECORDED),
    refused("unknown-model", "model_unavailable", RECORDED),
    refused("model-gone", "model_unavailable", f"{OPENAPI}: 404", 404),
    refused("guardrail", "permission", "a refusal that a project noted on 2026-09-04", 404),
    refused("flagged", "content_policy", f"{ERRORS}: moderation", 403),
    refused("policy-upstream", "content_policy", f"{ERRORS}: error_type"),
    refused("no-money", "insufficient_funds", f"{OPENAPI}: 402", 402),
    refused("key-limit", "insufficient_funds", "a refusal that several projects recorded", 403),
    refused("in-flight-budget", "rate_limited", f"{ERRORS}: limit_source", 402),
    refused("wrong-key", "auth", RECORDED, 401, config=use_wrong_key("openrouter"), live=True),
    Scenario("openrouter", "rate-limited", submit, is_queued, OPENAPI),
    Scenario("openrouter", "rate-limited-retry-after", submit, waited_seven_seconds, RECORDED),
    Scenario("openrouter", "malformed", submit, Raises(AmbiguousSubmitError), "made up: a page in place of an answer"),
    Scenario("openrouter", "bad-gateway", submit, Raises(AmbiguousSubmitError), f"{OPENAPI}: 502"),
    Scenario("openrouter", "forgotten", ask, Raises(ProviderError, {"kind": "not_found", "status": 404}), "an answer that omniapi-mcp recorded"),
    Scenario("openrouter", "expired", download(Status.SUCCEEDED), Raises(ExpiredError), f"{OPENAPI}: 404 of /content"),
    Scenario("openrouter", "content-key", download(Status.SUCCEEDED), Raises(DownloadError), f"{OPENAPI}: 401 of /content"),
    Scenario("openrouter", "content-bad-gateway", download(Status.SUCCEEDED), is_home, f"{OPENAPI}: 502 of /content"),
]  # fmt: skip

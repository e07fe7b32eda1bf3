"""What happens at Google's Gemini API: the guide's answers, and those that other projects saw."""

from pathlib import Path

from anyvideo import (
    AmbiguousSubmitError,
    ExpiredError,
    Image,
    ProviderError,
    Status,
    Task,
    TaskFailedError,
    VideoJob,
)
from anyvideo.plugin import JSON
from anyvideo.testing import adapter, draw_picture
from tests.cassettes.scenario import Raises, Scenario, submit_all, use_wrong_key
from tests.cassettes.scenarios.tiers import list_jobs

GUIDE = "ai.google.dev, gemini-api/docs/omni"
HELP = "ai.google.dev, gemini-api/docs/troubleshooting"
ISSUE = "TanStack/ai, issue 871, from the live API"
SUITE = "bike4mind, GeminiOmniVideoProvider.test.ts"
SEEN = "what clients of other projects quote"
HOST = "https://generativelanguage.googleapis.com"
FILE = f"{HOST}/v1beta/files/abc-123"
IMAGES = Path(__file__).parents[2] / "images"
PHOTO = IMAGES / "plain-1280x720.png"
MODEL = "gemini/gemini-omni-1.1-flash"
ID = "v1_ChdXS0l4YWZXTk9xbk0"
TASK = Task("gemini", "gemini", HOST, ID, "gemini-omni-1.1-flash")
DONE = Task(
    "gemini",
    "gemini",
    HOST,
    ID,
    "gemini-omni-1.1-flash",
    Status.SUCCEEDED,
    video_url=f"{FILE}:download?alt=media",
)
BARE = Task("gemini", "gemini", HOST, ID, "gemini-omni-1.1-flash", Status.SUCCEEDED)
JOB = VideoJob("A red fox runs through fresh snow", seconds=3, resolution="720p")
# All differ, so that their order shows.
FIRST, LAST = Image(PHOTO), Image(draw_picture(64, 36), "last_frame")
REFERENCE = Image(draw_picture(36, 64), "reference")
OPTIONS: dict[str, JSON] = {
    "duration": "4.5s",
    "store": None,
    "webhook_config": {"uris": ["https://a.b"], "user_metadata": {"job": "1"}},
}
# Each order of the guide, and each way in which images go together.
ORDERS = [
    ("gemini-omni-1.2-flash", VideoJob("p", seconds=15, aspect_ratio="9:16", images=[FIRST])),
    ("gemini-omni-1.2-flash", VideoJob("p", seconds=10, images=[LAST, FIRST])),
    ("gemini-omni-1.1-flash", VideoJob("p", images=[REFERENCE, REFERENCE])),
    ("gemini-omni-1.1-flash", VideoJob("p", images=[REFERENCE, FIRST])),
    ("gemini-omni-1.1-flash", VideoJob("p", images=[LAST, REFERENCE, FIRST])),
    ("gemini-omni-1.1-flash", VideoJob("<FIRST_FRAME> walks", images=[FIRST])),
    (
        "gemini-omni-1.1-flash",
        VideoJob("[# References <IMAGE_REF_0>@Image1] p", images=[REFERENCE]),
    ),
    ("gemini-omni-1.1-flash", VideoJob("p", seconds=5, options={"gemini": OPTIONS})),
    ("gemini-omni-1.1-flash", VideoJob("p", audio=True, size="3840x2160")),
]
LIVE = [offer for offer in adapter("gemini").offers() if offer.retired is None]


def list_bodies():
    return [(offer.model, job) for offer in LIVE for job in list_jobs(offer)]


def generate(client, folder):
    return client.generate(JOB, folder / "video.mp4", MODEL)


def submit(client, _):
    return client.submit(JOB, MODEL)


def download(task):
    return lambda client, folder: client.download(task, folder / "video.mp4")


def poll(client, _):
    return client.status(TASK)


def is_home(video):
    assert video.path.read_bytes()[4:8] == b"ftyp"
    assert video.task.status == Status.SUCCEEDED


def is_running(task):
    assert (task.id, task.status) == (ID, Status.RUNNING)


def is_running_since(task):
    is_running(task)
    assert task.created_at.isoformat() == "2026-11-20T10:00:00+00:00"


def are_running(tasks):
    assert {(task.id, task.status) for task in tasks} == {(ID, Status.RUNNING)}


def waited(task):
    is_running(task)
    assert task.updated_at.timestamp() - task.submitted_at.timestamp() >= 30


def is_cancelled(task):
    assert (task.id, task.status, task.cost) == (ID, Status.CANCELLED, None)


def refused(kind, status, **more):
    return Raises(ProviderError, {"kind": kind, "status": status, **more})


def ended(kind, code, message=None):
    known = {"task.error.kind": kind, "task.error.code": code}
    return Raises(
        TaskFailedError, known if message is None else {**known, "task.error.message": message}
    )


SCENARIOS = [
    Scenario(
        "gemini",
        "bodies",
        submit_all("gemini", list_bodies),
        are_running,
        f"{GUIDE}: one job for each tier; answered as in {ISSUE}",
    ),
    Scenario(
        "gemini",
        "image",
        submit_all("gemini", ORDERS),
        are_running,
        f"{GUIDE}: the roles of images; answered as in {ISSUE}",
    ),
    Scenario("gemini", "done", generate, is_home, f"{ISSUE}; {GUIDE}", live=True),
    Scenario("gemini", "running", poll, is_running_since, ISSUE),
    Scenario("gemini", "late-file", download(DONE), is_home, f"{GUIDE}: state of a file"),
    Scenario(
        "gemini", "named-file", download(BARE), is_home, f"{GUIDE}: files/ID in the shell sample"
    ),
    Scenario("gemini", "failed", generate, ended("server", "internal"), SUITE),
    Scenario(
        "gemini",
        "moderated",
        generate,
        ended("content_policy", None, "I can't make that video."),
        f"{SUITE}: complete, with a text alone",
    ),
    Scenario(
        "gemini",
        "region",
        generate,
        ended("content_policy", None),
        "google-gemini/gemini-skills, SKILL.md: complete, with no output tokens",
    ),
    Scenario(
        "gemini",
        "limited-after-accept",
        generate,
        ended("rate_limited", "too_many_requests"),
        f"{SEEN}: an order is taken, and its first poll says too_many_requests",
    ),
    Scenario(
        "gemini",
        "budget",
        generate,
        ended("insufficient_funds", "budget_exceeded"),
        "googleapis/python-genai: the word, no sample",
    ),
    Scenario(
        "gemini",
        "incomplete",
        generate,
        ended(None, "incomplete"),
        "googleapis/python-genai: the word, no sample",
    ),
    Scenario(
        "gemini",
        "file-failed",
        download(DONE),
        ended("server", "13"),
        f"{GUIDE}: state of a file; the error of aip.dev/193",
    ),
    Scenario("gemini", "nowhere", poll, refused("malformed", 200, retryable=True), SUITE),
    Scenario("gemini", "refused", submit, refused("invalid_request", 400, retryable=False), SUITE),
    Scenario(
        "gemini",
        "blocked",
        submit,
        refused("content_policy", 400, retryable=False, code="invalid_request"),
        SUITE,
    ),
    Scenario(
        "gemini",
        "wrong-key",
        submit,
        refused("auth", 400, retryable=False),
        HELP,
        use_wrong_key("gemini"),
        live=True,
    ),
    Scenario(
        "gemini", "two-keys", poll, refused("auth", 400, retryable=False), f"{SUITE}: seen live"
    ),
    Scenario("gemini", "no-money", submit, refused("insufficient_funds", 429), SEEN),
    Scenario("gemini", "rate-limited", submit, is_running, HELP),
    Scenario(
        "gemini", "rate-limited-retry-after", submit, waited, f"{SEEN}: RetryInfo of aip.dev/193"
    ),
    Scenario("gemini", "overloaded", submit, Raises(AmbiguousSubmitError), HELP),
    Scenario("gemini", "malformed", submit, Raises(AmbiguousSubmitError), "a truncated answer"),
    Scenario("gemini", "model-gone", submit, refused("model_unavailable", 404), SEEN),
    Scenario(
        "gemini", "expired", download(DONE), Raises(ExpiredError), f"{SEEN}: 403 of the Files API"
    ),
    Scenario("gemini", "forgotten", download(BARE), Raises(ExpiredError), SUITE),
    Scenario(
        "gemini",
        "inside",
        download(BARE),
        is_home,
        f"{GUIDE}: the clip inside the answer; made up: its bytes",
    ),
    Scenario(
        "gemini",
        "cancelled",
        lambda client, _: client.cancel(TASK),
        is_cancelled,
        "googleapis/js-genai, interactionsCancel: an Interaction",
    ),
    Scenario(
        "gemini",
        "cancelled-too-late",
        lambda client, _: client.cancel(TASK),
        refused("invalid_request", 400),
        SUITE,
    ),
]

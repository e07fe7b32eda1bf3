"""What happens at Luma: the answers of its pages, and what its clients were answered or test with."""

from pathlib import Path
from typing import Any

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
from anyvideo.testing import adapter
from tests.cassettes.scenario import Raises, Scenario, are_new, submit_all, use_wrong_key
from tests.cassettes.scenarios.tiers import FIRST, LAST, list_jobs

GUIDE = "docs.agents.lumalabs.ai, guides/videos/generation"
ERRORS = "docs.agents.lumalabs.ai, guides/error-handling"
TYPES = "github.com/lumalabs/luma-agents-python, generation_failure_code.py"
CLIENTS = "tests of other projects' clients"
HOST = "https://agents.lumalabs.ai"
ID = "d290f1ee-6c54-4b01-90e6-d701748f0851"
RAY, MODEL = "luma-ray-3.2", "luma/luma-ray-3.2"
RATIOS = ("9:16", "3:4", "1:1", "4:3", "16:9", "21:9")
PHOTO = Path(__file__).parents[2] / "images/plain-1280x720.png"
JOB = VideoJob(
    "A slow dolly shot through a misty greenhouse at sunrise",
    seconds=5,
    aspect_ratio="16:9",
    resolution="720p",
)
CHEAP = VideoJob("A red fox runs through fresh snow", resolution="360p")
TASK = Task("luma", "luma", HOST, ID, RAY, Status.RUNNING)
OLD = f"https://storage.example.com/generations/{ID}/output.mp4?X-Amz-Expires=3600&X-Amz-Date=old"
DONE = Task("luma", "luma", HOST, ID, RAY, Status.SUCCEEDED, video_url=OLD)


def generate(client, folder):
    return client.generate(JOB, folder / "video.mp4", MODEL)


def generate_cheap(client, folder):
    return client.generate(CHEAP, folder / "video.mp4", MODEL)


def submit(client, _):
    return client.submit(JOB, MODEL)


def ask(client, _):
    return client.status(TASK)


def download(client, folder):
    return client.download(DONE, folder / "video.mp4")


def list_bodies():
    """One job for each word of each tier and each ratio, and some that ask for less."""
    (offer,) = [offer for offer in adapter("luma").offers() if offer.model == RAY]
    ratios = [VideoJob("p", aspect_ratio=ratio) for ratio in RATIOS]
    jobs = [*list_jobs(offer), *ratios, VideoJob("日出"), VideoJob("p", seconds=10), CHEAP]
    return [(RAY, job) for job in jobs]


def submit_photos(client, _):
    """Local frames, and one beside an address."""
    end = Image(PHOTO, "last_frame")
    jobs = [VideoJob("p", images=[Image(PHOTO), LAST]), VideoJob("p", images=[end, FIRST])]
    return submit_all("luma", [(RAY, job) for job in jobs])(client, _)


def submit_options(client, _):
    """What only options say: at their place, merged into `video`, and removed."""
    given: list[dict[str, Any]] = [
        {"user_id": "opaque", "hdr": True, "exr_export": True, "resolution": "1080p"},
        {"video": {"loop": True, "duration": None}, "aspect_ratio": None},
        {"video": {"keyframes": [{"url": "https://example.com/1.png"}], "keyframe_indexes": [0]}},
        {"type": "video_edit", "source": {"generation_id": ID}, "video": {"edit": {}}},
        {"video": None},
    ]
    jobs = [VideoJob("p", aspect_ratio="1:1", options={"luma": options}) for options in given]
    return submit_all("luma", [(RAY, job) for job in jobs])(client, _)


def is_home(video):
    assert video.path.read_bytes()[4:8] == b"ftyp"
    assert video.task.status == Status.SUCCEEDED
    assert video.task.created_at.isoformat() == "2026-04-08T12:00:00+00:00"


def has_both(video):
    is_home(video)
    kinds = [(item.kind, item.url.partition("?")[0][-4:]) for item in video.task.outputs]
    assert kinds == [("exr", ".exr"), ("video", ".mp4")]


def is_there(file):
    assert file.path.read_bytes()[4:8] == b"ftyp"


def is_queued(task):
    assert (task.id, task.status) == (ID, Status.QUEUED)


def waited(task):
    is_queued(task)
    assert task.updated_at.timestamp() - task.submitted_at.timestamp() >= 60


def runs(task):
    assert (task.status, task.progress, task.error) == (Status.RUNNING, None, None)


def refused(kind, status, **more):
    return Raises(ProviderError, {"kind": kind, "status": status, **more})


def failed(kind, code, message):
    told = {"kind": kind, "code": code, "message": message}
    error = {f"task.error.{name}": value for name, value in told.items()}
    return Raises(TaskFailedError, {"task.status": Status.FAILED, **error})


def story(name, play, ends, origin, **more):
    return Scenario("luma", name, play, ends, origin, **more)


FLAGGED = "Generation output was flagged by our content moderation system."
SPENT = "Insufficient credits to complete this generation."
REFUSALS = {"retryable": False}
SCENARIOS = [
    story("bodies", submit_all("luma", list_bodies), are_new, f"{GUIDE}; one job for each tier"),
    story("image", submit_photos, are_new, f"{GUIDE}; images as base64"),
    story("options", submit_options, are_new, f"{GUIDE}; {ERRORS}"),
    story("done", generate, is_home, f"{GUIDE}; {ERRORS}"),
    story("done-cheap", generate_cheap, is_home, f"{GUIDE}; {ERRORS}", live=True),
    story("done-exr", generate, has_both, f"{GUIDE}; made up: what an EXR is called"),
    story("late-file", generate, is_home, "made up: first complete without its link"),
    story(
        "late-link", submit, runs, "made up: a submit that is complete at once, without its link"
    ),
    story("running", ask, runs, ERRORS),
    story("unknown-word", ask, runs, CLIENTS),
    story("failed", generate, failed("server", "generation_failed", "Generation failed"), ERRORS),
    story("moderated", generate, failed("content_policy", "content_moderated", FLAGGED), ERRORS),
    story("spent", generate, failed("insufficient_funds", "budget_exhausted", SPENT), ERRORS),
    story(
        "lost",
        generate,
        failed("server", "output_not_found", "Output artifacts not found"),
        ERRORS,
    ),
    story(
        "bad-image",
        generate,
        failed("invalid_request", "corrupt_input", ""),
        f"{TYPES}; no reason",
    ),
    story("too-much", generate, failed("rate_limited", "rate_limited", ""), f"{TYPES}; no reason"),
    story("no-output", generate, failed("server", None, "no reason given"), CLIENTS),
    story("refused", submit, refused("invalid_request", 400, **REFUSALS), ERRORS),
    story("refused-image", submit, refused("invalid_request", 422, **REFUSALS), ERRORS),
    story("unknown-model", submit, refused("model_unavailable", 400, **REFUSALS), ERRORS),
    story(
        "wrong-key",
        submit,
        refused("auth", 401, **REFUSALS),
        ERRORS,
        config=use_wrong_key("luma"),
        live=True,
    ),
    story("suspended", submit, refused("permission", 403, **REFUSALS), ERRORS),
    story("no-money", submit, refused("insufficient_funds", 402, **REFUSALS), ERRORS),
    story(
        "no-money-429",
        submit,
        refused("insufficient_funds", 429, code="RATE_LIMIT.BUDGET.EXCEEDED", **REFUSALS),
        f"{CLIENTS}: the body of a 402",
    ),
    story("rate-limited", submit, is_queued, f"{ERRORS}; made up: no Retry-After"),
    story("rate-limited-retry-after", submit, waited, ERRORS),
    story("overloaded", submit, Raises(AmbiguousSubmitError), ERRORS),
    story("malformed", submit, Raises(AmbiguousSubmitError), "a truncated answer"),
    story("forgotten", ask, refused("not_found", 404), ERRORS),
    story("fresh-link", download, is_there, f"403 of the storage host, then {ERRORS}"),
    story("expired", download, Raises(ExpiredError), f"403 of the storage host, then {ERRORS}"),
    story(
        "retired",
        lambda client, _: client.submit(
            VideoJob("p"), "luma/luma-ray-2", policy=Policy(retired="allow")
        ),
        refused("model_unavailable", 400),
        ERRORS,
    ),
]

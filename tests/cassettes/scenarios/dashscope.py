"""What happens at DashScope: answers of its pages, of logged calls, and of other projects' tests."""

from pathlib import Path
from typing import Any

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
from anyvideo.testing import adapter
from tests.cassettes.scenario import Raises, Scenario, are_new, submit_all, use_wrong_key
from tests.cassettes.scenarios.tiers import FIRST, REFERENCES, list_jobs

PAGES = "help.aliyun.com/en/model-studio, the pages of the models"
LOGGED = "what a gateway logged of Wan 3.0, 2026-08-27"
ERRORS = "help.aliyun.com/en/model-studio/error-code"
MANAGE = "help.aliyun.com/en/model-studio/manage-asynchronous-tasks"
LITELLM = "tests of LiteLLM, llms/dashscope/videos"
VERCEL = "tests of vercel/ai, packages/alibaba"
HOST = "https://dashscope-intl.aliyuncs.com"
ID = "fdd50dcc-7411-4a20-969c-f1e5f7d334c6"
URL = "https://dashscope-a717.oss-accelerate.aliyuncs.com/1d/old.mp4?Expires=1787904126&Signature=psCc"
PHOTO = Path(__file__).parents[2] / "images/plain-1280x720.png"
JOB = VideoJob(
    "A kitten runs in the moonlight", seconds=5, resolution="720p", aspect_ratio="16:9", audio=True
)
TASK = Task("dashscope", "dashscope", HOST, ID, "wan3.0")
OLD = Task("dashscope", "dashscope", HOST, ID, "wan3.0", Status.SUCCEEDED, video_url=URL)
CHINA = {
    "providers": {
        "bailian": {"adapter": "dashscope", "settings": {"region": "cn", "workspace": "ws-1"}}
    }
}
OPTIONS: list[tuple[str, dict[str, Any]]] = [
    ("wan3.0", {"duration": -1, "ratio": "adaptive", "seed": None, "resolution": None}),
    ("wan2.7", {"audio_url": "https://example.com/song.mp3", "prompt_extend": False}),
    ("wan2.7", {"model": "wan2.7-i2v", "media": [{"type": "first_clip", "url": "https://a.b/c"}]}),
    ("wan2.6", {"shot_type": "multi", "reference_video_urls": ["https://a.b/c"], "template": "x"}),
]


def generate(client, folder):
    return client.generate(JOB, folder / "video.mp4", "dashscope/wan3.0")


def generate_cheap(client, folder):
    job = VideoJob(JOB.prompt, seconds=2, resolution="480p")
    return client.generate(job, folder / "video.mp4", "dashscope/wan3.0")


def submit(client, _):
    return client.submit(JOB, "dashscope/wan3.0")


def submit_photos(client, _):
    """Local images in both protocols, and beside a URL."""
    jobs = [
        ("wan2.7", VideoJob("p", images=[Image(PHOTO), REFERENCES[0]])),
        ("wan2.7", VideoJob("p", images=[Image(PHOTO), Image(PHOTO, "last_frame")])),
        ("happyhorse-1.1", VideoJob("p", images=[REFERENCES[0], Image(PHOTO, "reference")])),
        ("wan2.6", VideoJob("p", images=[Image(PHOTO)])),
    ]
    return submit_all("dashscope", jobs)(client, _)


def cancel(client, _):
    return client.cancel(TASK)


def show(client, _):
    return client.status(TASK)


def download(client, folder):
    return client.download(OLD, folder / "video.mp4")


def list_bodies(*models):
    """One job for each word of each tier, and what options change."""
    offers = [offer for offer in adapter("dashscope").offers() if offer.model.startswith(models)]
    jobs = [(offer.model, job) for offer in offers for job in list_jobs(offer)]
    options = [
        (model, VideoJob("日出", seconds=5, seed=3, options={"dashscope": given}))
        for model, given in OPTIONS
        if model.startswith(models)
    ]
    frames = [(o.model, VideoJob("p", seconds=5.0, images=[FIRST])) for o in offers]
    several = [
        (offer.model, VideoJob("p", seconds=5.0, images=REFERENCES[:3]))
        for offer in offers
        if any((tier.images.reference or 0) >= 3 for tier in offer.tiers)
    ]
    return [*jobs, *options, *frames, *several]


def is_home(video):
    """The vendor's times are in UTC+8."""
    assert video.path.read_bytes()[4:8] == b"ftyp"
    task = video.task
    assert (task.status, task.cost) == (Status.SUCCEEDED, None)
    assert task.created_at.isoformat() == "2026-08-27T07:59:59.299000+00:00"
    assert task.expires_at.isoformat() == "2026-08-28T08:02:09.980000+00:00"


def is_rewritten(video):
    assert video.task.enhanced_prompt == "An enhanced prompt with more cinematic details"


def is_at_home(video):
    assert video.path.read_bytes()[4:8] == b"ftyp"


def is_queued(task):
    assert (task.id, task.status) == (ID, Status.QUEUED)


def waited(task):
    is_queued(task)
    assert task.updated_at.timestamp() - task.submitted_at.timestamp() >= 7


def is_cancelled(task):
    assert (task.status, task.cost) == (Status.CANCELLED, 0)


def is_running(task):
    assert (task.status, task.cost) == (Status.RUNNING, None)


def refused(kind, status, code, **more):
    return Raises(ProviderError, {"kind": kind, "status": status, "code": code, **more})


def failed(kind, code, status=Status.FAILED):
    expected = {"task.error.kind": kind, "task.error.code": code, "task.status": status}
    return Raises(TaskFailedError, expected)


BODIES = {
    "wan3": ("wan3",),
    "wan27": ("wan2.7",),
    "happyhorse": ("happyhorse",),
    "legacy": ("wan2.6", "wan2.5"),
}

SCENARIOS = [
    *(
        Scenario(
            "dashscope",
            f"bodies-{name}",
            submit_all("dashscope", list_bodies, *models),
            are_new,
            f"{PAGES}: a body for each tier",
        )
        for name, models in BODIES.items()
    ),
    Scenario("dashscope", "image", submit_photos, are_new, f"{PAGES}; images as data: URLs"),
    Scenario("dashscope", "done", generate, is_home, f"{PAGES}; {LOGGED}"),
    Scenario("dashscope", "done-cheap", generate_cheap, is_at_home, LITELLM, live=True),
    Scenario("dashscope", "rewritten", generate, is_rewritten, VERCEL),
    Scenario(
        "dashscope",
        "done-in-china",
        lambda client, folder: client.generate(JOB, folder / "video.mp4", "bailian/wan3.0-prime"),
        is_home,
        f"{PAGES}; {LOGGED}",
        CHINA,
    ),
    Scenario(
        "dashscope", "late-file", generate, is_home, f"{LOGGED}; made up: first without its URL"
    ),
    Scenario(
        "dashscope",
        "failed",
        generate,
        failed("server", "InternalError.Algo"),
        f"{PAGES}; the words of {ERRORS}",
    ),
    Scenario(
        "dashscope",
        "timed-out",
        generate,
        failed("timeout", "InternalError.Timeout"),
        f"{PAGES}; the words of {ERRORS}",
    ),
    Scenario(
        "dashscope",
        "refused-later",
        generate,
        failed("invalid_request", "InvalidParameter"),
        LITELLM,
    ),
    Scenario(
        "dashscope",
        "moderated-later",
        generate,
        failed("content_policy", "DataInspectionFailed"),
        f"{PAGES}; the words of {ERRORS}",
    ),
    Scenario(
        "dashscope",
        "no-download",
        generate,
        failed("invalid_request", "InvalidParameter.DataInspection"),
        f"{PAGES}; the words of {ERRORS}",
    ),
    Scenario(
        "dashscope",
        "no-file",
        generate,
        failed("content_policy", "DataInspectionFailed"),
        "made up: succeeded, with an error in place of the file",
    ),
    Scenario(
        "dashscope",
        "no-output",
        generate,
        failed("server", None),
        "made up: succeeded, with no video counted",
    ),
    Scenario(
        "dashscope",
        "lost",
        generate,
        failed("not_found", "UNKNOWN", Status.EXPIRED),
        f"{PAGES}: after 24 hours",
    ),
    Scenario(
        "dashscope",
        "cancelled-elsewhere",
        generate,
        Raises(TaskFailedError, {"task.status": Status.CANCELLED}),
        VERCEL,
    ),
    Scenario("dashscope", "suspended", generate, is_home, f"the SDK's TaskStatus; {LOGGED}"),
    Scenario(
        "dashscope",
        "moderated",
        submit,
        refused("content_policy", 400, "DataInspectionFailed", retryable=False),
        ERRORS,
    ),
    Scenario(
        "dashscope",
        "infringement",
        submit,
        refused("content_policy", 400, "IPInfringementSuspect"),
        ERRORS,
    ),
    Scenario(
        "dashscope",
        "refused",
        submit,
        refused("invalid_request", 400, "InvalidParameter", retryable=False),
        ERRORS,
    ),
    Scenario(
        "dashscope",
        "no-model",
        submit,
        refused("model_unavailable", 404, "ModelNotFound", retryable=False),
        ERRORS,
    ),
    Scenario(
        "dashscope",
        "no-access",
        submit,
        refused("permission", 403, "AccessDenied.Unpurchased", retryable=False),
        ERRORS,
    ),
    Scenario(
        "dashscope",
        "wrong-key",
        submit,
        refused("auth", 401, "InvalidApiKey"),
        ERRORS,
        use_wrong_key("dashscope"),
        live=True,
    ),
    Scenario(
        "dashscope",
        "key-refused-in-200",
        submit,
        refused("auth", 200, "InvalidApiKey"),
        LITELLM,
    ),
    Scenario(
        "dashscope",
        "no-money",
        submit,
        refused("insufficient_funds", 400, "Arrearage", retryable=False),
        ERRORS,
    ),
    Scenario(
        "dashscope",
        "bill-overdue",
        submit,
        refused("insufficient_funds", 429, "PostpaidBillOverdue", retryable=False),
        ERRORS,
    ),
    Scenario(
        "dashscope",
        "no-free-quota",
        submit,
        Raises(ProviderError, {"kind": "insufficient_funds", "status": 429, "retryable": False}),
        ERRORS,
    ),
    Scenario("dashscope", "rate-limited", submit, is_queued, f"{ERRORS}; {PAGES}"),
    Scenario(
        "dashscope",
        "rate-limited-retry-after",
        submit,
        waited,
        f"{ERRORS}; {PAGES}; made up: Retry-After is not documented",
    ),
    Scenario("dashscope", "malformed", submit, Raises(AmbiguousSubmitError), "a truncated answer"),
    Scenario("dashscope", "server-error", submit, Raises(AmbiguousSubmitError), ERRORS),
    Scenario(
        "dashscope",
        "forgotten",
        show,
        Raises(ProviderError, {"kind": "not_found", "status": 200}),
        LITELLM,
    ),
    Scenario(
        "dashscope",
        "expired",
        download,
        Raises(ExpiredError),
        f"403 of a storage host, then {PAGES}: after 24 hours",
    ),
    Scenario(
        "dashscope",
        "fresh-link",
        download,
        is_at_home,
        f"403 of a storage host, then {LOGGED}",
    ),
    Scenario("dashscope", "cancelled", cancel, is_cancelled, MANAGE),
    Scenario("dashscope", "cancel-too-late", cancel, is_running, f"{MANAGE}; {LITELLM}"),
]

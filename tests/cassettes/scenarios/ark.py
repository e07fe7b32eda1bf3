"""What happens at Ark: recorded answers of others, the words of its error page, and every body."""

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

RECORDED = "a recording that another project published"
CLIENTS = "tests of other projects' clients"
ERRORS = "docs.byteplus.com, ModelArk/1299023: error codes"
CREATE = "docs.byteplus.com, ModelArk/1520757: create a task"
PROBED = "a client's probe of DELETE, 2026-07"
HOST = "https://ark.ap-southeast.bytepluses.com"
ID = "cgt-20260717171624-cr2n9"
URL = "https://ark-acg-ap-southeast-1.tos-ap-southeast-1.volces.com/old.mp4?X-Tos-Expires=86400"
PHOTO = Path(__file__).parents[2] / "images/plain-1280x720.png"
JOB = VideoJob("A red fox runs through fresh snow", seconds=5, aspect_ratio="16:9", audio=False)
CHEAP = VideoJob(JOB.prompt, seconds=4, resolution="480p", aspect_ratio="16:9", audio=False)
TASK = Task("ark", "ark", HOST, ID, "seedance-2.0")
OLD = Task("ark", "ark", HOST, ID, "seedance-2.0", Status.SUCCEEDED, video_url=URL)
CHINA = {"providers": {"volcengine": {"adapter": "ark", "settings": {"region": "cn"}}}}


def generate(client, folder):
    return client.generate(JOB, folder / "video.mp4", "ark/seedance-2.0")


def generate_cheap(client, folder):
    return client.generate(CHEAP, folder / "video.mp4", "ark/seedance-2.0-mini")


def generate_in_china(client, folder):
    return client.generate(JOB, folder / "video.mp4", "volcengine/seedance-2.0-fast")


def submit(client, _):
    return client.submit(JOB, "ark/seedance-2.0")


def submit_photos(client, _):
    """Frames that set the ratio, and references beside a URL."""
    last = Image(PHOTO, "last_frame")
    jobs = [
        ("seedance-2.5", VideoJob("p", images=[last, Image(PHOTO)])),
        ("seedance-2.0", VideoJob("p", images=[REFERENCES[0], Image(PHOTO, "reference")])),
    ]
    return submit_all("ark", jobs)(client, _)


def cancel(client, _):
    return client.cancel(TASK)


def download(client, folder):
    return client.download(OLD, folder / "video.mp4")


def is_home(video):
    assert video.path.read_bytes()[4:8] == b"ftyp"
    task = video.task
    assert (task.status, task.cost) == (Status.SUCCEEDED, None)
    assert task.expires_at.timestamp() == 1779348874 + 86_400
    assert task.created_at.timestamp() == 1779348818


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


def failed(kind, code):
    return Raises(TaskFailedError, {"task.error.kind": kind, "task.error.code": code})


def list_bodies():
    """One job for each word of each tier, and what options change."""
    jobs = [(offer.model, job) for offer in adapter("ark").offers() for job in list_jobs(offer)]
    content = [{"type": "draft_task", "draft_task": {"id": "cgt-2026-draft"}}]
    options: list[dict[str, Any]] = [
        {"duration": -1, "ratio": None, "return_last_frame": True, "priority": 9},
        {"content": content},
    ]
    return [
        *jobs,
        *(("seedance-2.0", VideoJob("日出", seconds=5, options={"ark": one})) for one in options),
        ("seedance-1-5-pro", VideoJob("p", options={"ark": {"service_tier": "flex"}})),
        ("seedance-2.0", VideoJob("p", seconds=4.0, images=[FIRST], aspect_ratio="9:16")),
    ]


SCENARIOS = [
    Scenario("ark", "bodies", submit_all("ark", list_bodies), are_new, CREATE),
    Scenario(
        "ark",
        "bodies-china",
        submit_all("volcengine", [(o.model, VideoJob("p")) for o in adapter("ark").offers()]),
        are_new,
        "docs of Volcengine Ark, 82379/1330310: the ids in China; answered like create a task",
        CHINA,
    ),
    Scenario("ark", "image", submit_photos, are_new, f"{CREATE}; images as data: URLs"),
    Scenario("ark", "done", generate, is_home, RECORDED),
    Scenario("ark", "done-cheap", generate_cheap, is_at_home, CLIENTS, live=True),
    Scenario("ark", "done-in-china", generate_in_china, is_home, RECORDED, CHINA),
    Scenario("ark", "late-file", generate, is_home, f"{RECORDED}; made up: first without its URL"),
    Scenario(
        "ark",
        "failed",
        generate,
        failed("server", "InternalServiceError"),
        f"{CLIENTS}; the words of {ERRORS}",
    ),
    Scenario(
        "ark",
        "moderated-later",
        generate,
        failed("content_policy", "OutputVideoSensitiveContentDetected.PolicyViolation"),
        RECORDED,
    ),
    Scenario(
        "ark",
        "refused-later",
        generate,
        failed("invalid_request", "InvalidParameter.TaskTypeConstraint"),
        "a user's report, 2026-08: a task that turned out to be an edit",
    ),
    Scenario(
        "ark",
        "no-file",
        generate,
        failed("content_policy", "OutputVideoSensitiveContentDetected"),
        "made up: succeeded, with an error in place of the file",
    ),
    Scenario(
        "ark",
        "expired-in-queue",
        generate,
        Raises(TaskFailedError, {"task.status": Status.EXPIRED}),
        CLIENTS,
    ),
    Scenario(
        "ark",
        "moderated",
        submit,
        refused("content_policy", 400, "InputImageSensitiveContentDetected.PrivacyInformation"),
        RECORDED,
    ),
    Scenario(
        "ark",
        "refused",
        submit,
        refused("invalid_request", 400, "InvalidParameter", retryable=False),
        CLIENTS,
    ),
    Scenario(
        "ark",
        "model-not-open",
        submit,
        refused("model_unavailable", 404, "ModelNotOpen", retryable=False),
        CLIENTS,
    ),
    Scenario(
        "ark",
        "wrong-key",
        submit,
        refused("auth", 401, "AuthenticationError"),
        ERRORS,
        use_wrong_key("ark"),
        live=True,
    ),
    Scenario(
        "ark",
        "no-money",
        submit,
        refused("insufficient_funds", 403, "AccountOverdueError", retryable=False),
        ERRORS,
    ),
    Scenario(
        "ark",
        "own-limit",
        submit,
        refused("insufficient_funds", 429, "SetLimitExceeded", retryable=False),
        RECORDED,
    ),
    Scenario("ark", "rate-limited", submit, is_queued, ERRORS),
    Scenario(
        "ark",
        "rate-limited-retry-after",
        submit,
        waited,
        f"{ERRORS}; made up: Retry-After is not documented",
    ),
    Scenario("ark", "malformed", submit, Raises(AmbiguousSubmitError), "a truncated answer"),
    Scenario("ark", "server-error", submit, Raises(AmbiguousSubmitError), ERRORS),
    Scenario(
        "ark",
        "forgotten",
        lambda client, _: client.status(TASK),
        refused("not_found", 404, "NotFound"),
        CLIENTS,
    ),
    Scenario(
        "ark",
        "expired",
        download,
        Raises(ExpiredError),
        "403 of a storage host, then 404 for the task",
    ),
    Scenario(
        "ark",
        "lapsed",
        download,
        Raises(ExpiredError),
        "403 of a storage host, then the record without content, a day after its end",
    ),
    Scenario("ark", "cancelled", cancel, is_cancelled, f"{RECORDED}; {PROBED}"),
    Scenario("ark", "cancel-too-late", cancel, is_running, f"{RECORDED}; {PROBED}"),
    Scenario("ark", "cancel-running", cancel, is_running, RECORDED),
]

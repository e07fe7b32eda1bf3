"""What happens at Vidu: answers of its pages, and of other projects' tests."""

from decimal import Decimal
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
from tests.cassettes.scenarios.tiers import list_jobs

CREATE = "platform.vidu.com/docs, text-to-video"
QUERY = "platform.vidu.com/docs, get-generation"
CANCEL = "platform.vidu.com/docs, cancel-generation"
ERRORS = "platform.vidu.com/docs, error-code"
CLIENTS = "tests of other projects' clients"
HOST = "https://api.vidu.com"
ID = "900539403250700288"
URL = "https://prod-ss-vidu.s3.cn-northwest-1.amazonaws.com.cn/infer/tasks/25/1222/04/old.mp4"
PHOTO = Path(__file__).parents[2] / "images/plain-1280x720.png"
JOB = VideoJob(
    "A small cat running on grass, sunny day", seconds=5, resolution="720p", aspect_ratio="16:9"
)
MODEL = "vidu/vidu-q3-turbo"
TASK = Task("vidu", "vidu", HOST, ID, "vidu-q3-turbo")
OLD = Task("vidu", "vidu", HOST, ID, "vidu-q3-turbo", Status.SUCCEEDED, video_url=URL)
CHINA = {"providers": {"vidu": {"settings": {"region": "cn"}}}}


def generate(client, folder):
    return client.generate(JOB, folder / "video.mp4", MODEL)


def generate_marked(client, folder):
    job = VideoJob(JOB.prompt, watermark=True)
    return client.generate(job, folder / "video.mp4", MODEL)


def generate_photo(client, folder):
    job = VideoJob("The camera rises", images=[Image(PHOTO, "last_frame"), Image(PHOTO)])
    return client.generate(job, folder / "video.mp4", "vidu/vidu-q3-pro")


def submit(client, _):
    return client.submit(JOB, MODEL)


def submit_photos(client, _):
    """A local image at each path that takes any."""
    photos = (Image(PHOTO), Image(PHOTO, "reference"))
    jobs = [("vidu-q2-pro", VideoJob("p", images=[photo])) for photo in photos]
    return submit_all("vidu", jobs)(client, _)


def download(client, folder):
    return client.download(OLD, folder / "video.mp4")


def poll(client, _):
    return client.status(TASK)


def cancel(client, _):
    return client.cancel(TASK)


def is_home(video):
    assert video.path.read_bytes()[4:8] == b"ftyp"
    assert (video.task.id, video.task.status) == (ID, Status.SUCCEEDED)


def is_billed(video):
    is_home(video)
    assert video.task.cost == Decimal("0.3")
    assert video.task.created_at.timestamp() == 1735746091.968916
    assert [output.kind for output in video.outputs] == ["video", "thumbnail"]


def has_two(video):
    is_home(video)
    assert [output.url[-5:] for output in video.outputs] == ["1.mp4", "1.jpg", "2.mp4"]


def is_marked(video):
    is_home(video)
    assert video.task.video_url.endswith("/marked.mp4")


def is_queued(task):
    assert (task.id, task.status) == (ID, Status.QUEUED)


def is_unpriced(task):
    is_queued(task)
    assert task.quote.amount is None


def waited(task):
    is_queued(task)
    assert task.updated_at.timestamp() - task.submitted_at.timestamp() >= 7


def is_running(task):
    assert (task.status, task.progress) == (Status.RUNNING, 40)


def is_cancelled(task):
    assert (task.status, task.cost) == (Status.CANCELLED, None)


def refused(kind, status, code, **more):
    return Raises(ProviderError, {"kind": kind, "status": status, "code": code, **more})


def failed(kind, code):
    return Raises(
        TaskFailedError,
        {"task.error.kind": kind, "task.error.code": code, "task.status": Status.FAILED},
    )


def list_bodies():
    """A job for each word of each offer, and what options change."""
    jobs = [(offer.model, job) for offer in adapter("vidu").offers() for job in list_jobs(offer)]
    subjects = [{"name": "fox", "images": ["https://example.com/fox.png"], "voice_id": ""}]
    options: list[dict[str, Any]] = [
        {"off_peak": True, "payload": "mine", "resolution": None, "duration": 8},
        {"subjects": subjects, "model": "viduq3"},
    ]
    asked = [VideoJob("@fox", seconds=5, options={"vidu": one}) for one in options]
    bare = [(model, VideoJob("p")) for model in ("vidu-q3-pro", "vidu-q2", "vidu-q1")]
    return [*jobs, *bare, *(("vidu-q3-turbo", job) for job in asked)]


def story(name, play, ends, origin, config=None, *, live=False):
    return Scenario("vidu", name, play, ends, origin, config or {}, live=live)


SCENARIOS: list[Scenario] = [
    story("bodies", submit_all("vidu", list_bodies), are_new, CREATE),
    story("image", generate_photo, is_home, f"{CREATE}; {QUERY}; images as data: URLs"),
    story("images", submit_photos, are_new, f"{CREATE}; images as data: URLs"),
    story("done", generate, is_billed, f"{CREATE}; {QUERY}", live=True),
    story("several", generate, has_two, f"{QUERY}; made up: a second creation"),
    story("marked", generate_marked, is_marked, f"{QUERY}; a copy of platform.vidu.cn's has it"),
    story("late-file", generate, is_home, f"{QUERY}; made up: first without its creations"),
    story("china", submit, is_unpriced, f"{CREATE}, at the host of China", CHINA),
    story("running", poll, is_running, f"{QUERY}; ComfyUI reads the progress"),
    story("failed", generate, failed("server", "InternalServiceFailure"), f"{QUERY}; {ERRORS}"),
    story(
        "failed-moderated",
        generate,
        failed("content_policy", "CreationPolicyViolation"),
        f"{QUERY}; {ERRORS}",
    ),
    story(
        "failed-at-once",
        generate,
        failed("content_policy", "AuditSubmitIllegal"),
        f"{CREATE}; {ERRORS}; ComfyUI: a submit may be failed right away",
    ),
    story("no-output", generate, failed("server", None), CLIENTS),
    story(
        "stopped",
        generate,
        Raises(TaskFailedError, {"task.status": Status.CANCELLED}),
        f"{QUERY}; {ERRORS}",
    ),
    story("refused", submit, refused("invalid_request", 400, "FieldInvalid"), ERRORS),
    story("no-model", submit, refused("model_unavailable", 400, "ModelUnavailable"), ERRORS),
    story(
        "wrong-key",
        submit,
        refused("auth", 401, "Unauthorized"),
        ERRORS,
        use_wrong_key("vidu"),
        live=True,
    ),
    story("no-access", submit, refused("permission", 403, "Forbidden"), ERRORS),
    story(
        "no-money",
        submit,
        refused("insufficient_funds", 400, "CreditInsufficient", retryable=False),
        f"{ERRORS}; the envelope of cancel-generation, which {CLIENTS} have too",
    ),
    story(
        "no-money-in-200",
        submit,
        refused("insufficient_funds", 200, "CreditInsufficient", retryable=False),
        f"{ERRORS}; made up: with HTTP 200",
    ),
    story(
        "moderated",
        submit,
        refused("content_policy", 400, "AuditSubmitIllegal", retryable=False),
        ERRORS,
    ),
    story(
        "moderated-otherwise",
        submit,
        refused("content_policy", 400, "AuditVideoIllegal", retryable=False),
        f"{ERRORS}; made up: a code that no page lists",
    ),
    story(
        "in-process",
        submit,
        refused("rate_limited", 400, "OperationInProcess", retryable=False),
        ERRORS,
    ),
    story("rate-limited", submit, is_queued, ERRORS),
    story(
        "rate-limited-retry-after",
        submit,
        waited,
        f"{ERRORS}; made up: Retry-After is not documented",
    ),
    story("malformed", submit, Raises(AmbiguousSubmitError), "a truncated answer"),
    story("server-error", submit, Raises(AmbiguousSubmitError), ERRORS),
    story("hung-up", submit, Raises(AmbiguousSubmitError), ERRORS),
    story(
        "forgotten",
        poll,
        refused("not_found", 404, "TaskNotFound", request_id="04e5c2fe159ff7c574acd0424e78c35f"),
        ERRORS,
    ),
    story("expired", download, Raises(ExpiredError), f"403 of a storage host, then {ERRORS}"),
    story("lapsed", download, is_home, f"403 of a storage host, then {QUERY}: a fresh URL"),
    story("cancelled", cancel, is_cancelled, CANCEL),
    story("cancel-too-late", cancel, is_running, f"{CANCEL}; {QUERY}"),
    story("cancel-refused", cancel, refused("not_found", 404, "TaskNotFound"), ERRORS),
]

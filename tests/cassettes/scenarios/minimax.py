"""What happens at MiniMax: the samples of its pages, on both wires, and every body."""

from pathlib import Path
from typing import Any

from attrs import evolve

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
from tests.cassettes.scenarios.tiers import FIRST, REFERENCES, list_jobs

CREATE = "platform.minimax.io/docs, video-generation-v2-create"
QUERY = "platform.minimax.io/docs, video-generation-v2-query"
DELETE = "platform.minimax.io/docs, video-generation-v2-delete"
FIRST_WIRE = "platform.minimax.io/docs, video-generation-t2v, -query and -download"
CLIENTS = "tests of other projects' clients"
HOST = "https://api.minimax.io"
ID = "424010985738629"
OLD_ID = "176843862716480"
URL = "https://video-product.cdn.minimax.io/inference_output/old/output.mp4"
PHOTO = Path(__file__).parents[2] / "images/plain-1280x720.png"
JOB = VideoJob("A red fox runs through fresh snow", seconds=5, resolution="2K", aspect_ratio="16:9")
CHEAP = VideoJob(JOB.prompt, seconds=4, resolution="768p", aspect_ratio="16:9")
OLD_JOB = VideoJob(JOB.prompt, seconds=6, resolution="768p")
TASK = Task("minimax", "minimax", HOST, ID, "minimax-h3")
OLD = Task("minimax", "minimax", HOST, ID, "minimax-h3", Status.SUCCEEDED, video_url=URL)
HAILUO = Task("minimax", "minimax", HOST, OLD_ID, "hailuo-2.3")
KNOWN = evolve(HAILUO, status=Status.SUCCEEDED, extra={"file_id": "176844028768320"})
CHINA = {"providers": {"minimax-cn": {"adapter": "minimax", "settings": {"region": "cn"}}}}


def generate(client, folder):
    return client.generate(JOB, folder / "video.mp4", "minimax/minimax-h3")


def generate_cheap(client, folder):
    return client.generate(CHEAP, folder / "video.mp4", "minimax/minimax-h3")


def generate_in_china(client, folder):
    return client.generate(JOB, folder / "video.mp4", "minimax-cn/minimax-h3")


def generate_hailuo(client, folder):
    return client.generate(OLD_JOB, folder / "video.mp4", "minimax/hailuo-2.3")


def submit(client, _):
    return client.submit(JOB, "minimax/minimax-h3")


def submit_hailuo(client, _):
    return client.submit(OLD_JOB, "minimax/hailuo-2.3")


def cancel(client, _):
    return client.cancel(TASK)


def cancel_hailuo(client, _):
    return client.cancel(HAILUO)


def download(client, folder):
    return client.download(OLD, folder / "video.mp4")


def download_file(client, folder):
    return client.download(KNOWN, folder / "video.mp4")


def is_home(video):
    assert video.path.read_bytes()[4:8] == b"ftyp"
    assert (video.task.status, video.task.cost) == (Status.SUCCEEDED, None)
    assert video.task.created_at.timestamp() == 1785125529


def is_file_home(video):
    assert video.path.read_bytes()[4:8] == b"ftyp"
    assert (video.task.status, video.task.video_url) == (Status.SUCCEEDED, None)
    assert video.task.extra == {"file_id": "176844028768320"}


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


def is_lost(task):
    assert (task.status, task.cost) == (Status.EXPIRED, None)


def refused(kind, status, code, **more):
    return Raises(ProviderError, {"kind": kind, "status": status, "code": code, **more})


def failed(kind, code):
    return Raises(TaskFailedError, {"task.error.kind": kind, "task.error.code": code})


def list_bodies():
    """One job for each word of each tier, and what options change."""
    jobs = [(offer.model, job) for offer in adapter("minimax").offers() for job in list_jobs(offer)]
    content = [{"type": "video_url", "video_url": {"url": URL}, "role": "reference_video"}]
    extra = {"extra": {"prompt_expansion_mode": "disabled"}}
    options: list[tuple[str, dict[str, Any]]] = [
        ("minimax-h3", {"ratio": None, "callback_url": "https://example.com/hook"}),
        ("minimax-h3", {"content": content}),
        ("minimax-h3", {"prompt": "an option stands as it is"}),
        ("minimax-h3-max", extra),
        ("hailuo-02", {"fast_pretreatment": True, "resolution": None}),
    ]
    return [
        *jobs,
        *((model, VideoJob("日出", options={"minimax": one})) for model, one in options),
        ("minimax-h3", VideoJob("p", seconds=4.0, images=REFERENCES[:6], aspect_ratio="9:16")),
        ("hailuo-2.3", VideoJob("p", enhance_prompt=False, images=[FIRST])),
    ]


PHOTOS = [
    ("minimax-h3", VideoJob("p", images=[Image(PHOTO, "last_frame"), Image(PHOTO)])),
    ("minimax-h3", VideoJob("p", images=[REFERENCES[0], Image(PHOTO, "reference")])),
    ("hailuo-02", VideoJob("p", images=[Image(PHOTO, "last_frame"), Image(PHOTO)])),
    ("s2v-01", VideoJob("p", images=[Image(PHOTO, "reference")])),
]


def story(name, play, ends, origin, *rest, **more):
    return Scenario("minimax", name, play, ends, origin, *rest, **more)


SCENARIOS: list[Scenario] = [
    story("bodies", submit_all("minimax", list_bodies), are_new, f"{CREATE}; {FIRST_WIRE}"),
    story("image", submit_all("minimax", PHOTOS), are_new, f"{CREATE}; {FIRST_WIRE}"),
    story("done", generate, is_home, QUERY),
    story("done-cheap", generate_cheap, is_at_home, CLIENTS, live=True),
    story("done-in-china", generate_in_china, is_home, QUERY, CHINA),
    story("done-hailuo", generate_hailuo, is_file_home, FIRST_WIRE),
    story("late-url", generate, is_home, f"{QUERY}; made up: first without its URL"),
    story("failed", generate, failed("server", "1000"), f"{CLIENTS}; the words of {CREATE}"),
    story("moderated-later", generate, failed("content_policy", "1026"), QUERY),
    story("no-url", generate, failed("content_policy", "1027"), "made up: an error for a URL"),
    story(
        "expired-in-queue",
        generate,
        Raises(TaskFailedError, {"task.status": Status.EXPIRED}),
        CLIENTS,
    ),
    story("failed-hailuo", generate_hailuo, failed("server", "1000"), FIRST_WIRE),
    story("withheld", generate_hailuo, failed("content_policy", "1027"), FIRST_WIRE),
    story(
        "moderated",
        submit,
        refused("content_policy", 422, "1026", retryable=False),
        CREATE,
    ),
    story("moderated-hailuo", submit_hailuo, refused("content_policy", 200, "1026"), FIRST_WIRE),
    story("refused", submit, refused("invalid_request", 400, "2013", retryable=False), CREATE),
    story("refused-hailuo", submit_hailuo, refused("invalid_request", 200, "2013"), FIRST_WIRE),
    story(
        "wrong-key",
        submit,
        refused("auth", 401, "1004"),
        CREATE,
        use_wrong_key("minimax"),
        live=True,
    ),
    story(
        "wrong-key-hailuo",
        submit_hailuo,
        refused("auth", 200, "2049"),
        FIRST_WIRE,
        use_wrong_key("minimax"),
        live=True,
    ),
    story("no-money", submit, refused("insufficient_funds", 402, "1008"), CREATE),
    story(
        "no-money-hailuo",
        submit_hailuo,
        refused("insufficient_funds", 200, "1008"),
        FIRST_WIRE,
    ),
    story("rate-limited", submit, is_queued, CREATE),
    story(
        "rate-limited-retry-after",
        submit,
        waited,
        f"{CREATE}; made up: Retry-After is not documented",
    ),
    story(
        "rate-limited-hailuo",
        submit_hailuo,
        refused("rate_limited", 200, "1002", retryable=False),
        FIRST_WIRE,
    ),
    story(
        "refused-with-id",
        submit_hailuo,
        refused("invalid_request", 200, "2013"),
        "made up: an error beside an id",
    ),
    story(
        "poll-limited-hailuo",
        lambda client, _: client.status(HAILUO),
        refused("rate_limited", 200, "1002", retryable=True),
        f"{FIRST_WIRE}; made up: the words",
    ),
    story(
        "no-lookup",
        download_file,
        Raises(DownloadError, {"__cause__.kind": "auth", "__cause__.code": "1004"}),
        f"{FIRST_WIRE}; made up: the words",
    ),
    story(
        "plan-limit",
        submit_hailuo,
        refused("insufficient_funds", 200, "1030"),
        "MiniMax-AI/cli, src/errors/api.ts; made up: the words",
    ),
    story("malformed", submit, Raises(AmbiguousSubmitError), "a truncated answer"),
    story("malformed-hailuo", submit_hailuo, Raises(AmbiguousSubmitError), "a truncated answer"),
    story("server-error", submit, Raises(AmbiguousSubmitError), CREATE),
    story("server-error-hailuo", submit_hailuo, Raises(AmbiguousSubmitError), FIRST_WIRE),
    story(
        "forgotten",
        lambda client, _: client.status(TASK),
        refused("not_found", 400, "2013"),
        f"{QUERY}: the words of a task older than seven days; made up: its envelope",
    ),
    story(
        "expired",
        download,
        Raises(ExpiredError),
        "403 of a storage host, then a task older than seven days",
    ),
    story("lapsed", download, is_at_home, f"403 of a storage host, then {QUERY}: a fresh URL"),
    story("cancelled", cancel, is_cancelled, DELETE),
    story("cancel-too-late", cancel, is_running, f"{DELETE}; made up: the words of the refusal"),
    story("cancel-after-end", cancel, is_lost, DELETE),
    story("cancel-running", cancel, is_running, QUERY),
    story("cancel-hailuo", cancel_hailuo, is_running, FIRST_WIRE),
]

"""What happens at Kling: answers of its pages, of a logged call, and of other projects' tests."""

from decimal import Decimal
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
from anyvideo.testing import adapter
from tests.cassettes.scenario import Raises, Scenario, are_new, submit_all, use_wrong_key
from tests.cassettes.scenarios.tiers import list_jobs

LOG = "the log of a real text2video call of 2026-03"
ERRORS = "kling.ai/document-api, error codes"
SECOND = "kling.ai/document-api, 3.0 turbo text to video"
VERCEL = "tests of vercel/ai, packages/klingai"
LIVE = "what aself101/kling-api saw of the live API"
CLIENTS = "tests of other projects' clients"
HOST = "https://api-singapore.klingai.com"
PHOTO = Path(__file__).parents[2] / "images/plain-1280x720.png"
ID = "867283741759111202"
TURBO_ID = "893605946402811985"
JOB = VideoJob(
    "A calm woman looks at the camera and slowly smiles, natural motion, clean lighting.",
    seconds=5,
    resolution="720p",
    aspect_ratio="16:9",
)
FRAMES = {"path": "/v1/videos/image2video"}
OLD = Task(
    "kling",
    "kling",
    HOST,
    ID,
    "kling-v3",
    Status.SUCCEEDED,
    video_url="https://p1.a.kwimgs.com/output/old.mp4",
    extra=FRAMES,
)
RUNNING = Task("kling", "kling", HOST, ID, "kling-v3", extra=FRAMES)
SOMEWHERE = Task("kling", "kling", HOST, ID, "kling-v3")
LOST = Task("kling", "kling", HOST, "", "kling-v3-omni", Status.AMBIGUOUS, ref="order-7")
TOKEN = {"providers": {"kling": {"api_key": "kling-made-up-access:kling-made-up-secret"}}}
CHINA = {"providers": {"kling": {"settings": {"region": "cn"}}}}
FIRST_EDITION = {
    "options": {
        "kling": {
            "cfg_scale": None,
            "callback_url": "https://a.b/c",
            "external_task_id": "mine",
            "watermark_info": {"enabled": False},
        }
    }
}
SECOND_EDITION = {
    "options": {
        "kling": {
            "settings": {"duration": 4, "resolution": None},
            "options": {"callback_url": "https://a.b/c"},
        }
    }
}


def generate(client, folder):
    return client.generate(JOB, folder / "video.mp4", "kling/kling-v3")


def generate_turbo(client, folder):
    job = VideoJob("A girl sat on the train", seconds=3, aspect_ratio="9:16")
    return client.generate(job, folder / "video.mp4", "kling/kling-3.0-turbo")


def generate_marked(model):
    job = VideoJob("A red fox runs through fresh snow", watermark=True)
    return lambda client, folder: client.generate(job, folder / "video.mp4", f"kling/{model}")


def generate_photo(client, folder):
    photo = Image(PHOTO)
    job = VideoJob("The camera rises", images=[photo, Image(PHOTO, "last_frame")])
    return client.generate(job, folder / "video.mp4", "kling/kling-v3")


def submit(client, _):
    return client.submit(JOB, "kling/kling-v3")


def submit_photos(client, _):
    """A local image where the path has a list of them, in each of the ways that a list is sent."""
    reference = VideoJob("p", images=[Image(PHOTO, "reference")])
    return [
        client.submit(VideoJob("p", images=[Image(PHOTO)]), "kling/kling-v3-omni"),
        client.submit(reference, "kling/kling-v3-omni"),
        client.submit(reference, "kling/kling-v1-6"),
    ]


def is_home(video):
    assert video.path.read_bytes()[4:8] == b"ftyp"
    assert video.task.status == Status.SUCCEEDED
    assert video.task.id in {ID, TURBO_ID}


def is_billed(video):
    is_home(video)
    assert video.task.cost == Decimal("0.42")
    assert video.task.created_at.timestamp() == 1774805076.166
    assert video.task.extra == {"path": "/v1/videos/text2video"}


def is_billed_turbo(video):
    is_home(video)
    assert video.task.cost == Decimal("0.336")
    assert video.task.created_at.timestamp() == 1781080778.802


def is_marked(video):
    is_home(video)
    assert video.task.video_url.endswith("-watermark.mp4")


def shows_mark(task):
    assert (task.id, task.status) == (ID, Status.SUCCEEDED)
    assert task.video_url.endswith("-watermark.mp4")


def is_queued(task):
    assert (task.id, task.status) == (ID, Status.QUEUED)


def waited(task):
    is_queued(task)
    assert task.updated_at.timestamp() - task.submitted_at.timestamp() >= 7


def is_running(task):
    assert (task.id, task.status) == (ID, Status.RUNNING)
    assert task.created_at.timestamp() == 1774805076.166


def was_found(task):
    is_running(task)
    assert task.extra == {"path": "/v1/videos/omni-video"}


def refused(kind, status, **more):
    return Raises(ProviderError, {"kind": kind, "status": status, **more})


def failed(kind, message):
    return Raises(TaskFailedError, {"task.error.kind": kind, "task.error.message": message})


def list_bodies(*models):
    """A job for each word of the offers of these models, and one with options for each model."""
    offers = [offer for offer in adapter("kling").offers() if offer.model in models]
    jobs = [(offer.model, job) for offer in offers for job in list_jobs(offer)]
    for offer in offers:
        more = SECOND_EDITION if offer.names.get("api") == "path-per-model" else FIRST_EDITION
        images = list_jobs(offer)[0].images
        jobs.append((offer.model, VideoJob("p", images=images, watermark=True, **more)))
    return jobs


BODIES = {
    "v3": ("kling-v3",),
    "omni": ("kling-v3-omni", "kling-video-o1"),
    "v2": ("kling-v2-6", "kling-v2-5-turbo"),
    "old": ("kling-v2-1", "kling-v2-1-master", "kling-v2-master", "kling-v1-6"),
}
PAGES = "kling.ai/document-api: one job for each word of the offers; answered like"

SCENARIOS: list[Scenario] = [
    *(
        Scenario(
            "kling",
            f"bodies-{name}",
            submit_all("kling", list_bodies, *models),
            are_new,
            f"{PAGES} {LOG}",
        )
        for name, models in BODIES.items()
    ),
    Scenario(
        "kling",
        "bodies-turbo",
        submit_all("kling", list_bodies, "kling-3.0-turbo"),
        are_new,
        f"{PAGES} {SECOND}",
    ),
    Scenario("kling", "done", generate, is_billed, f"{LOG}; {VERCEL}", live=True),
    Scenario("kling", "turbo", generate_turbo, is_billed_turbo, SECOND, live=True),
    Scenario("kling", "image", generate_photo, is_home, f"{LOG}; {VERCEL}"),
    Scenario("kling", "images", submit_photos, are_new, f"{PAGES} {LOG}"),
    Scenario("kling", "marked", generate_marked("kling-v3"), is_marked, f"{LOG}; {VERCEL}"),
    Scenario("kling", "marked-turbo", generate_marked("kling-3.0-turbo"), is_marked, SECOND),
    Scenario("kling", "marked-found", lambda client, _: client.resume(LOST), shows_mark, VERCEL),
    Scenario("kling", "token", submit, is_queued, f"{LOG}; the key is a made up pair", TOKEN),
    Scenario("kling", "china", submit, is_queued, f"{LOG}, at the host of China", CHINA),
    Scenario("kling", "running", lambda client, _: client.status(RUNNING), is_running, VERCEL),
    Scenario(
        "kling",
        "path-unknown",
        lambda client, _: client.status(SOMEWHERE),
        was_found,
        f"{LIVE}; {ERRORS}; {VERCEL}",
    ),
    Scenario(
        "kling",
        "found",
        lambda client, _: client.resume(LOST),
        was_found,
        f"{LIVE}; {ERRORS}; {VERCEL}, with the caller's id",
    ),
    Scenario("kling", "refused", submit, refused("invalid_request", 400, code="1201"), LIVE),
    Scenario("kling", "no-model", submit, refused("model_unavailable", 404, code="1203"), ERRORS),
    Scenario(
        "kling",
        "wrong-key",
        submit,
        refused("auth", 401, code="1002"),
        ERRORS,
        use_wrong_key("kling"),
        live=True,
    ),
    Scenario(
        "kling",
        "no-money",
        submit,
        refused("insufficient_funds", 429, code="1102", retryable=False),
        "what another project saw of the live API",
    ),
    Scenario(
        "kling",
        "no-access",
        submit,
        refused("permission", 429, code="1100", retryable=False),
        ERRORS,
    ),
    Scenario("kling", "rate-limited", submit, is_queued, f"kling.ai, concurrency rules; {LOG}"),
    Scenario(
        "kling",
        "rate-limited-retry-after",
        submit,
        waited,
        f"kling.ai, concurrency rules, with a Retry-After; {LOG}",
    ),
    Scenario("kling", "moderated", submit, refused("content_policy", 400, code="1301"), ERRORS),
    Scenario(
        "kling", "moderated-in-200", submit, refused("content_policy", 200, code="1301"), CLIENTS
    ),
    Scenario(
        "kling",
        "failed",
        generate,
        failed("server", "Internal error"),
        f"{LOG}; {CLIENTS}",
    ),
    Scenario(
        "kling",
        "failed-moderated",
        generate,
        failed("content_policy", "Failure to pass the risk control system"),
        f"{LOG}; {CLIENTS}",
    ),
    Scenario(
        "kling",
        "failed-turbo",
        generate_turbo,
        failed("content_policy", "Failure to pass the risk control system"),
        f"{SECOND}; the words of the first edition",
    ),
    Scenario(
        "kling",
        "no-output",
        generate,
        failed("server", "it succeeded without a video"),
        f"{LOG}; {VERCEL}, without an output",
    ),
    Scenario(
        "kling",
        "late-file",
        generate,
        is_home,
        f"{LOG}; {VERCEL}, first without a result",
    ),
    Scenario(
        "kling",
        "expired",
        lambda client, folder: client.download(OLD, folder / "video.mp4"),
        Raises(ExpiredError),
        f"403 of a storage host, then {LIVE}",
    ),
    Scenario("kling", "malformed", submit, Raises(AmbiguousSubmitError), "a truncated answer"),
    Scenario(
        "kling",
        "maintenance",
        submit,
        Raises(AmbiguousSubmitError),
        f"{ERRORS}: 5001, no Retry-After",
    ),
]

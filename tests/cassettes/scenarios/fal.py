"""What happens at fal: answers of its pages and of its client's tests, and those that others met."""

from functools import partial
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
from anyvideo.model.media import ROLES
from anyvideo.testing import adapter
from tests.cassettes.scenario import Raises, Scenario, are_new, submit_all, use_wrong_key
from tests.cassettes.scenarios.tiers import list_jobs

QUEUE = "fal.ai/docs, queue"
MODEL_ERRORS = "fal.ai/docs, model errors"
LOST = "fal.ai/docs, request errors"
CANCEL = "fal.ai/docs, cancel a request"
CLIENT = "the unit tests of fal's own client"
OTHERS = "tests of other projects' clients"
MET = "an answer that clients of fal met"
TYPES = (
    "fal-js, types/endpoints.ts, and llms.txt: a body for each tier; answered like the queue page"
)
HOST = "https://queue.fal.run"
PHOTO = Path(__file__).parents[2] / "images/plain-1280x720.png"
ROCKET = PHOTO.with_name("rocket-1280x720.webp")
ID = "764cabcf-b745-4b3e-ae38-1200304cf45b"
ROOT = f"{HOST}/fal-ai/veo3.1/requests/{ID}"
URLS = {"status_url": f"{ROOT}/status", "response_url": ROOT, "cancel_url": f"{ROOT}/cancel"}
FILM = "https://v3b.fal.media/files/b/0a8d04e2/output.mp4"
JOB = VideoJob("A mecha lands on the ground to save the city", seconds=8, aspect_ratio="16:9")
TASK = Task("fal", "fal", HOST, ID, "veo-3.1", extra=URLS)
DONE = Task("fal", "fal", HOST, ID, "veo-3.1", Status.SUCCEEDED, extra=URLS)
OLD = Task("fal", "fal", HOST, ID, "veo-3.1", Status.SUCCEEDED, video_url=FILM, extra=URLS)
FAMILIES = {
    "seedance": ("seedance",),
    "veo": ("veo",),
    "kling": ("kling",),
    "minimax": ("minimax", "hailuo"),
    "alibaba": ("wan", "happyhorse"),
    "pixverse": ("pixverse", "vidu"),
    "omni": ("gemini",),
    "ltx": ("ltx", "flux"),
    "others": ("grok", "luma", "sora"),
}


def generate(client, folder):
    return client.generate(JOB, folder / "video.mp4", "fal/veo-3.1")


def submit(client, _, model="veo-3.1"):
    return client.submit(JOB, f"fal/{model}")


def submit_photo(client, _):
    photo = Image(PHOTO)
    frames = [photo, Image("https://example.com/last.png", "last_frame")]
    references = [Image(PHOTO, "reference"), Image("https://example.com/2.png", "reference")]
    return [
        client.submit(VideoJob("p", images=[photo]), "fal/veo-3.1"),
        client.submit(VideoJob("p", images=frames), "fal/veo-3.1"),
        client.submit(VideoJob("p", images=references), "fal/seedance-2.0"),
    ]


def submit_rocket(client, _):
    return client.submit(VideoJob("p", images=[ROCKET]), "fal/veo-3.1")


def follow_two(client, _):
    """Submit, and ask twice; the second time the request is complete."""
    task = submit(client, _)
    assert client.status(task).status == Status.RUNNING
    return client.status(task)


def cancel_and_ask(client, _):
    task = client.cancel(TASK)
    assert task.status == Status.QUEUED
    return client.status(task)


def list_family(name):
    offers = [offer for offer in adapter("fal").offers() if offer.model.startswith(FAMILIES[name])]
    jobs = [(offer.model, job) for offer in offers for job in list_jobs(offer)]
    return jobs + [(offer.model, job) for offer in offers for job in list_wordless(offer)]


def list_wordless(offer):
    """Yield a job for each tier whose resolution is its endpoint, and no word of the body."""
    for tier in offer.tiers:
        wordless = next((shape for shape in tier.shapes if not shape.wire), None)
        if wordless is not None:
            images = [
                Image(f"https://example.com/{role}.png", role)
                for role in ROLES
                if tier.images.limit(role)
            ]
            yield VideoJob(
                "p",
                seconds=tier.seconds[0] if tier.seconds else None,
                resolution=wordless.resolution,
                audio=tier.audio[-1] if tier.audio else None,
                images=images,
            )


def is_fetched(video):
    assert video.path.read_bytes()[4:8] == b"ftyp"


def is_home(video):
    is_fetched(video)
    assert (video.task.status, video.task.video_url) == (Status.SUCCEEDED, FILM)


def is_queued(task):
    assert (task.id, task.status, task.extra) == (ID, Status.QUEUED, URLS)


def waited(task):
    is_queued(task)
    assert task.updated_at.timestamp() - task.submitted_at.timestamp() >= 7


def stands(task, status):
    assert (task.id, task.status) == (ID, status)


def is_cancelled(task):
    stands(task, Status.CANCELLED)
    assert task.error.code == "client_cancelled"


def is_done(task):
    stands(task, Status.SUCCEEDED)
    assert task.video_url == FILM


def refused(kind, status, **more):
    return Raises(ProviderError, {"kind": kind, "status": status, **more})


def failed(kind, code, **more):
    return Raises(TaskFailedError, {"task.error.kind": kind, "task.error.code": code, **more})


def download(task):
    return lambda client, folder: client.download(task, folder / "video.mp4")


def ask(client, _):
    return client.status(TASK)


runs = partial(stands, status=Status.RUNNING)
MODERATED = "content_policy_violation"
FORBIDDEN = {"retryable": False}
DOWNSTREAM = "Downstream service error"
SCENARIOS = [
    Scenario("fal", "done", generate, is_home, QUEUE, live=True),
    Scenario("fal", "image", submit_photo, are_new, f"{TYPES}: local images as data: URLs"),
    Scenario("fal", "image-stored", submit_rocket, is_queued, f"fal-js, storage.ts; {CLIENT}"),
    Scenario(
        "fal",
        "image-not-stored",
        submit_rocket,
        refused("invalid_request", 400, retryable=False),
        f"{CLIENT}; a presigned URL that expired, as a storage of Google's says it",
    ),
    Scenario("fal", "waiting", ask, partial(stands, status=Status.QUEUED), CLIENT),
    Scenario("fal", "running", ask, runs, CLIENT),
    Scenario("fal", "empty-202", ask, runs, f"{QUEUE}: 202 while it runs; made up without a body"),
    Scenario("fal", "early-result", ask, runs, OTHERS),
    Scenario("fal", "result-alone", follow_two, is_done, OTHERS),
    Scenario(
        "fal",
        "failed",
        generate,
        failed("server", "runner_disconnected", **{"task.error.message": "Runner disconnected"}),
        CLIENT,
    ),
    Scenario("fal", "timed-out", generate, failed("timeout", "request_timeout"), CLIENT),
    Scenario(
        "fal",
        "failed-result",
        generate,
        failed("server", "downstream_service_error", **{"task.error.message": DOWNSTREAM}),
        MODEL_ERRORS,
    ),
    Scenario("fal", "moderated", generate, failed("content_policy", MODERATED), MODEL_ERRORS),
    Scenario(
        "fal", "file-unreadable", generate, failed("invalid_request", "file_download_error"), OTHERS
    ),
    Scenario("fal", "no-file", generate, failed("server", None), f"{OTHERS}: no video"),
    Scenario("fal", "lost-result", generate, is_home, f"{CLIENT}: an error of the ingress"),
    Scenario(
        "fal",
        "refused",
        submit,
        refused("invalid_request", 422, code="missing", **FORBIDDEN),
        MODEL_ERRORS,
    ),
    Scenario(
        "fal",
        "refused-for-its-words",
        submit,
        refused("content_policy", 422, code=MODERATED, **FORBIDDEN),
        MODEL_ERRORS,
    ),
    Scenario(
        "fal", "model-gone", submit, refused("model_unavailable", 404, **FORBIDDEN), f"{MET}: 404"
    ),
    Scenario(
        "fal",
        "wrong-key",
        submit,
        refused("auth", 401, **FORBIDDEN),
        MET,
        use_wrong_key("fal"),
        live=True,
    ),
    Scenario("fal", "no-money", submit, refused("insufficient_funds", 403, **FORBIDDEN), MET),
    Scenario("fal", "rate-limited", submit, is_queued, f"{QUEUE}: 429, without a sample"),
    Scenario("fal", "rate-limited-retry-after", submit, waited, "made up: fal promises no header"),
    Scenario("fal", "unavailable", submit, Raises(AmbiguousSubmitError), LOST),
    Scenario("fal", "malformed", submit, Raises(AmbiguousSubmitError), "a truncated answer"),
    Scenario(
        "fal",
        "foreign-url",
        lambda client, _: client.status(submit(client, _)),
        refused("malformed", None, **FORBIDDEN),
        "made up: the queue page's answer with another host",
    ),
    Scenario("fal", "unknown-task", ask, refused("not_found", 404), f"{MET}: 404"),
    Scenario("fal", "cancelled", cancel_and_ask, is_cancelled, f"{CANCEL}; {LOST}"),
    Scenario(
        "fal",
        "cancelled-late",
        lambda client, _: client.cancel(TASK),
        is_done,
        f"{CANCEL}; {QUEUE}",
    ),
    Scenario(
        "fal",
        "cancelled-unknown",
        lambda client, _: client.cancel(TASK),
        refused("not_found", 404),
        CANCEL,
    ),
    Scenario("fal", "late-file", download(DONE), is_fetched, QUEUE),
    Scenario(
        "fal", "failed-at-last", download(DONE), failed("content_policy", MODERATED), MODEL_ERRORS
    ),
    Scenario("fal", "forgotten", download(DONE), Raises(ExpiredError), f"{MET}: 404"),
    Scenario(
        "fal", "expired", download(OLD), Raises(ExpiredError), f"404 of the CDN, then {MET}: 404"
    ),
    *(
        Scenario("fal", f"bodies-{name}", submit_all("fal", list_family, name), are_new, TYPES)
        for name in FAMILIES
    ),
]

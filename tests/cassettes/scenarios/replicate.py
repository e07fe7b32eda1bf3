"""What happens at Replicate: answers of its pages, and those that clients met or recorded."""

from functools import partial
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
from anyvideo.testing import adapter
from tests.cassettes.scenario import Raises, Scenario, are_new, submit_all, use_wrong_key
from tests.cassettes.scenarios.tiers import list_jobs

HTTP = "replicate.com/docs/reference/http"
LIFECYCLE = "replicate.com/docs/topics/predictions/lifecycle"
RETENTION = "replicate.com/docs/topics/predictions/data-retention"
DEADLINES = "replicate.com/changelog/2025-10-16-prediction-deadlines"
OWN_CLIENT = "the cassettes of replicate-python"
OTHERS = "tests of other projects' clients"
MET = "an answer that clients of Replicate met"
TYPES = f"the models' OpenAPI documents: a body for each tier; answered like {HTTP}"
MADE_UP = "made up"
HOST = "https://api.replicate.com"
ID = "gm3qorzdhgbfurvjtvhg6dckhu"
URLS = {
    "get": f"{HOST}/v1/predictions/{ID}",
    "cancel": f"{HOST}/v1/predictions/{ID}/cancel",
}
FILM = "https://replicate.delivery/xezq/MRjiFeEoaLTsI6YuhqqbVbKid6EO2NQA9MkGuKfE4WZht14VA/tmpt21qn3q_.mp4"
PHOTO = Path(__file__).parents[2] / "images/plain-1280x720.png"
FRAME = Image("https://example.com/first.png")
JOB = VideoJob("Gradual fade-in to fog over a bay", seconds=8, aspect_ratio="16:9")
TASK = Task("replicate", "replicate", HOST, ID, "veo-3.1", extra=URLS)
DONE = Task("replicate", "replicate", HOST, ID, "veo-3.1", Status.SUCCEEDED, extra=URLS)
OLD = Task("replicate", "replicate", HOST, ID, "veo-3.1", Status.SUCCEEDED, FILM, extra=URLS)
FAMILIES = {
    "veo": ("veo",),
    "seedance": ("seedance",),
    "kling": ("kling",),
    "pixverse": ("pixverse", "vidu"),
    "hailuo": ("hailuo", "wan"),
    "others": ("grok", "runway", "ltx", "luma"),
}
WEBHOOK = {"providers": {"replicate": {"webhook": {"url": "https://app.example/hooks/replicate"}}}}
OPTIONS = {"duration": -1, "aspect_ratio": None, "camera_fixed": True}


def generate(client, folder):
    return client.generate(JOB, folder / "video.mp4", "replicate/pixverse-v6")


def submit(client, _):
    return client.submit(JOB, "replicate/veo-3.1")


def submit_photos(client, _):
    photo, end = Image(PHOTO), Image("https://example.com/last.png", "last_frame")
    references = [Image(PHOTO, "reference"), Image("https://example.com/2.png", "reference")]
    return [
        client.submit(VideoJob("p", images=[photo]), "replicate/veo-3.1"),
        client.submit(VideoJob("p", images=[photo, end]), "replicate/kling-v3"),
        client.submit(VideoJob("p", images=references), "replicate/seedance-2.0"),
    ]


def submit_large(client, _):
    """Submit an image of more than 256 kB, twice in one job: bytes behind a picture are no part of it."""
    large = PHOTO.read_bytes() + bytes(256_000)
    images = [Image(large), Image(large, "last_frame")]
    return client.submit(VideoJob("p", images=images), "replicate/veo-3.1")


def submit_options(client, _):
    wishes = VideoJob("p", aspect_ratio="9:16", options={"replicate": OPTIONS})
    return client.submit(wishes, "replicate/seedance-1-5-pro")


def ask(client, _):
    return client.status(TASK)


def cancel(client, _):
    return client.cancel(TASK)


def cancel_and_ask(client, _):
    task = client.cancel(TASK)
    assert task.status == Status.RUNNING
    return client.status(task)


def submit_and_ask(client, folder):
    return client.status(submit(client, folder))


def download(task):
    return lambda client, folder: client.download(task, folder / "video.mp4")


def list_family(name):
    offers = adapter("replicate").offers()
    mine = [offer for offer in offers if offer.model.startswith(FAMILIES[name])]
    return [(offer.model, job) for offer in mine for job in list_jobs(offer)]


def is_fetched(video):
    assert video.path.read_bytes()[4:8] == b"ftyp"


def is_home(video):
    is_fetched(video)
    assert (video.task.status, video.task.video_url) == (Status.SUCCEEDED, FILM)


def is_queued(task):
    assert (task.id, task.status, task.extra) == (ID, Status.QUEUED, URLS)


def waited(task, seconds):
    is_queued(task)
    assert task.updated_at.timestamp() - task.submitted_at.timestamp() >= seconds


def stands(task, status, cost=None):
    assert (task.id, task.status, task.cost) == (ID, status, cost)


def is_done(task, kinds=()):
    stands(task, Status.SUCCEEDED)
    assert task.video_url == FILM
    assert tuple(output.kind for output in task.outputs) == kinds


def refused(kind, status, **more):
    return Raises(ProviderError, {"kind": kind, "status": status, "retryable": False, **more})


def failed(kind, code):
    return Raises(TaskFailedError, {"task.error.kind": kind, "task.error.code": code})


runs = partial(stands, status=Status.RUNNING)
is_cancelled = partial(stands, status=Status.CANCELLED)
SCENARIOS = [
    *(
        Scenario("replicate", f"bodies-{name}", submit_all("replicate", list_family, name), are_new, TYPES)
        for name in FAMILIES
    ),
    Scenario("replicate", "done", generate, is_home, f"{HTTP}; {LIFECYCLE}", live=True),
    Scenario("replicate", "image", submit_photos, are_new, f"{TYPES}: local images as data URLs"),
    Scenario("replicate", "image-stored", submit_large, is_queued, f"{HTTP}#files.create"),
    Scenario("replicate", "options", submit_options, is_queued, HTTP),
    Scenario("replicate", "webhook", submit, is_queued, HTTP, WEBHOOK),
    Scenario("replicate", "running", ask, runs, LIFECYCLE),
    Scenario("replicate", "unknown-word", ask, runs, f"{MADE_UP}: a state that no page names"),
    Scenario("replicate", "done-at-once", submit, is_done, OTHERS),
    Scenario("replicate", "output-list", ask, partial(is_done, kinds=("image", "video")), f"{OWN_CLIENT}: a list; {HTTP}"),
    Scenario("replicate", "output-object", ask, partial(is_done, kinds=("image", "video")), f"{MADE_UP} after {HTTP}: an object"),
    Scenario("replicate", "output-unread", ask, Raises(ProviderError, {"kind": "malformed"}), f"{MADE_UP}: an output that is no URL"),
    Scenario("replicate", "no-output", generate, failed("server", None), f"{MADE_UP}: a success without output"),
    Scenario("replicate", "failed", generate, failed("server", "E1000"), "replicate.com/docs/reference/error-codes: the code, no sample"),
    Scenario("replicate", "moderated", generate, failed("content_policy", "E005"), MET),
    Scenario("replicate", "aborted", ask, partial(is_cancelled, cost=0), DEADLINES),
    Scenario("replicate", "cancelled", cancel_and_ask, is_cancelled, f"{HTTP}#predictions.cancel; {LIFECYCLE}"),
    Scenario("replicate", "cancelled-late", cancel, is_done, f"{HTTP}#predictions.cancel"),
    Scenario("replicate", "cancelled-unknown", cancel, refused("not_found", 404), MET),
    Scenario("replicate", "foreign-urls", submit_and_ask, runs, f"{MADE_UP}: {HTTP} with another host"),
    Scenario("replicate", "refused", submit, refused("invalid_request", 422), MET),
    Scenario("replicate", "not-permitted", submit, refused("model_unavailable", 422), MET),
    Scenario("replicate", "model-gone", submit, refused("model_unavailable", 404), MET),
    Scenario("replicate", "wrong-key", submit, refused("auth", 401), OWN_CLIENT, use_wrong_key("replicate"), live=True),
    Scenario("replicate", "no-money", submit, refused("insufficient_funds", 402), MET),
    Scenario("replicate", "rate-limited", submit, partial(waited, seconds=5), OTHERS),
    Scenario("replicate", "rate-limited-retry-after", submit, partial(waited, seconds=7), f"{OTHERS}; with a Retry-After"),
    Scenario("replicate", "unavailable", submit, Raises(AmbiguousSubmitError), f"{MADE_UP}: 503"),
    Scenario("replicate", "malformed", submit, Raises(AmbiguousSubmitError), "a truncated answer"),
    Scenario("replicate", "unknown-task", ask, refused("not_found", 404), MET),
    Scenario("replicate", "late-file", download(DONE), is_fetched, HTTP),
    Scenario("replicate", "no-file-yet", download(DONE), Raises(DownloadError), LIFECYCLE),
    Scenario("replicate", "failed-at-last", download(DONE), failed("content_policy", "E005"), MET),
    Scenario("replicate", "removed", download(DONE), Raises(ExpiredError), RETENTION),
    Scenario("replicate", "forgotten", download(DONE), Raises(ExpiredError), MET),
    Scenario("replicate", "expired", download(OLD), Raises(ExpiredError), f"404 of the storage host, then {RETENTION}"),
]  # fmt: skip

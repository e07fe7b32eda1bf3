"""What happens at Runway: recordings that other projects published, and the vendor's own words."""

from decimal import Decimal
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
from tests.cassettes.scenarios.tiers import FIRST, list_jobs

RECORDED = "a recording of 2026-08 that another project published"
TYPES = "github.com/runwayml/sdk-python, task_retrieve_response.py: the fields, no sample"
ERRORS = "docs.dev.runwayml.com/errors/errors"
FAILURES = "docs.dev.runwayml.com/errors/task-failures"
CLIENTS = "tests of other projects' clients"
HOST = "https://api.dev.runwayml.com"
ID = "acf9ba3d-a513-42c9-a646-96e8bc97c691"
PHOTO = Path(__file__).parents[2] / "images/plain-1280x720.png"
JOB = VideoJob("A fox running at sunrise", seconds=5, aspect_ratio="9:16")
MODEL = "runway/runway-gen-4.5"
TASK = Task("runway", "runway", HOST, ID, "runway-gen-4.5", Status.RUNNING)
DONE = Task(
    "runway",
    "runway",
    HOST,
    ID,
    "runway-gen-4.5",
    Status.SUCCEEDED,
    video_url="https://dnznrvs05pmza.cloudfront.net/old.mp4?_jwt=old",
)
FRAMES = [Image(PHOTO), Image("https://example.com/last.png", "last_frame")]
FAMILIES = {
    "own": ("runway-",),
    "google": ("veo-", "gemini-"),
    "seedance": ("seedance-",),
    "wan": ("wan",),
    "minimax": ("minimax-",),
    "kling": ("kling-",),
    "others": ("grok-", "happyhorse-"),
}


def generate(client, folder):
    return client.generate(JOB, folder / "video.mp4", MODEL)


def submit(client, _):
    return client.submit(JOB, MODEL)


def submit_photos(client, _):
    """Two frames, one of them from this machine, and a reference from it."""
    photo = Image(PHOTO, "reference")
    return [
        client.submit(VideoJob("The rocket rises", seconds=8, images=FRAMES), "runway/veo-3.1"),
        client.submit(VideoJob("The rocket rises", images=[photo]), "runway/seedance-2.0"),
    ]


def submit_options(client, _):
    """What only options say: a video, another way to give an image, and a parameter removed."""
    given: list[dict[str, Any]] = [
        {"videoUri": "https://example.com/a.mp4", "ratio": None, "duration": None},
        {"promptVideo": "https://example.com/a.mp4"},
        {"promptImage": "runway://a1", "seed": 7},
    ]
    jobs = [VideoJob("p", options={"runway": options}) for options in given]
    models = ("gemini-omni-flash", "seedance-2.0", "veo-3.1")
    return [client.submit(job, f"runway/{model}") for model, job in zip(models, jobs, strict=True)]


def download(client, folder):
    return client.download(DONE, folder / "video.mp4")


def list_family(name):
    offers = [item for item in adapter("runway").offers() if item.model.startswith(FAMILIES[name])]
    return [(offer.model, job) for offer in offers for job in list_jobs(offer)]


def is_home(video):
    assert video.path.read_bytes()[4:8] == b"ftyp"


def is_billed(video):
    is_home(video)
    assert video.task.cost == Decimal("0.63")
    assert video.task.created_at.isoformat() == "2026-08-26T06:30:33.796000+00:00"


def is_queued(task):
    assert (task.id, task.status) == (ID, Status.QUEUED)


def waited(task):
    is_queued(task)
    assert task.updated_at.timestamp() - task.submitted_at.timestamp() >= 7


def is_throttled(task):
    assert (task.status, task.progress, task.error) == (Status.QUEUED, None, None)


def is_running(task):
    assert (task.status, task.progress) == (Status.RUNNING, 45)


def is_cancelled(task):
    assert (task.status, task.cost) == (Status.CANCELLED, None)


def is_free(task):
    assert (task.status, task.cost) == (Status.CANCELLED, 0)


def is_spared(task):
    assert (task.status, task.cost) == (Status.SUCCEEDED, Decimal("0.63"))


def is_given_back(task):
    assert (task.status, task.error.kind, task.cost) == (Status.FAILED, "server", 0)


def refused(kind, status, **more):
    return Raises(ProviderError, {"kind": kind, "status": status, **more})


def ends_with(kind, code):
    error = {"task.error.kind": kind, "task.error.code": code}
    return Raises(TaskFailedError, error)


def story(name, play, ends, origin, **more):
    return Scenario("runway", name, play, ends, origin, **more)


SCENARIOS = [
    *(
        story(
            f"bodies-{name}",
            submit_all("runway", list_family, name),
            are_new,
            f"{RECORDED}; one job for each tier",
        )
        for name in FAMILIES
    ),
    story("image", submit_photos, are_new, RECORDED),
    story("options", submit_options, are_new, RECORDED),
    story("done", generate, is_billed, RECORDED),
    story("running", lambda client, _: client.status(TASK), is_running, RECORDED),
    story("throttled", lambda client, _: client.status(TASK), is_throttled, TYPES),
    story("failed", lambda client, _: client.status(TASK), is_given_back, f"{FAILURES}; {TYPES}"),
    story("moderated", generate, ends_with("content_policy", "SAFETY.INPUT.TEXT"), CLIENTS),
    story(
        "moderated-output",
        generate,
        ends_with("content_policy", "SAFETY.OUTPUT.VIDEO"),
        FAILURES,
    ),
    story("bad-asset", generate, ends_with("invalid_request", "ASSET.INVALID"), FAILURES),
    story("no-output", generate, ends_with("server", None), "made up: a success without output"),
    story(
        "output-unread",
        lambda client, _: client.status(TASK),
        refused("malformed", 200),
        "made up: an output that is no URL",
    ),
    story("refused", submit, refused("invalid_request", 400, retryable=False), RECORDED),
    story(
        "refused-unsafe",
        submit,
        refused("content_policy", 400, retryable=False),
        f"{ERRORS}: the status, no sample",
    ),
    story(
        "wrong-key",
        submit,
        refused("auth", 401, retryable=False),
        f"{ERRORS}: the status, no sample",
        config=use_wrong_key("runway"),
        live=True,
    ),
    story(
        "no-money",
        submit,
        refused("insufficient_funds", 400, retryable=False),
        "github.com/runwayml/sdk-node/issues/28",
    ),
    story("rate-limited", submit, is_queued, f"{ERRORS}; {RECORDED}"),
    story("rate-limited-retry-after", submit, waited, f"{ERRORS}; {RECORDED}"),
    story("overloaded", submit, Raises(AmbiguousSubmitError), ERRORS),
    story("malformed", submit, Raises(AmbiguousSubmitError), "a truncated answer"),
    story(
        "fresh-link",
        download,
        is_home,
        f"403 of the storage host, then {RECORDED}",
    ),
    story("expired", download, Raises(ExpiredError), f"403 of the storage host, then {RECORDED}"),
    story("cancelled", lambda client, _: client.cancel(TASK), is_cancelled, RECORDED),
    story(
        "cancelled-elsewhere",
        lambda client, _: client.status(TASK),
        is_free,
        f"{TYPES}; docs.dev.runwayml.com/openapi.json: cost",
    ),
    story("cancelled-late", lambda client, _: client.cancel(TASK), is_spared, RECORDED),
    story(
        "cancelled-twice",
        lambda client, _: client.cancel(TASK),
        refused("not_found", 404),
        RECORDED,
    ),
    story(
        "retired",
        lambda client, _: client.submit(
            VideoJob("p", images=[FIRST]),
            "runway/runway-gen-3-alpha-turbo",
            policy=Policy(retired="allow"),
        ),
        refused("invalid_request", 400),
        f"{RECORDED}, of another model",
    ),
]

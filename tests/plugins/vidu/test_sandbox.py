"""Vidu's wire in the sandbox: the adapter over real HTTP, and what the vendor's pages refuse."""

import asyncio
import base64
from decimal import Decimal

import httpx
import pytest

from anyvideo import (
    AmbiguousSubmitError,
    AsyncClient,
    Client,
    ExpiredError,
    Image,
    ProviderError,
    Status,
    TaskFailedError,
    VideoJob,
)
from anyvideo.sandbox import Sandbox, VirtualClock, load_models
from anyvideo.testing import draw_picture
from anyvideo_plugins.vidu.sandbox.wire import VENDOR
from anyvideo_plugins.vidu.videos import Vidu

START = 1_800_000_000.0
PRO = "vidu/vidu-q3-pro"
OFF_PEAK = {"vidu": {"off_peak": True}}
URL = "https://example.com/fox.png"
TEXT = {"model": "viduq3-pro", "prompt": "a fox"}
FRAME = {"model": "viduq3-pro", "images": [URL]}
FRAMES = {**FRAME, "images": [URL, URL]}
REFERENCE = {"model": "viduq3", "prompt": "a fox", "images": [URL]}


@pytest.fixture
def clock():
    return VirtualClock(START)


@pytest.fixture
def sandbox(clock):
    with Sandbox(vendors=[VENDOR], clock=clock) as running:
        yield running


@pytest.fixture
def client(sandbox, clock):
    with Client({}, sandbox=sandbox, journal=None, clock=clock) as client:
        yield client


@pytest.fixture
def call(sandbox):
    """Call the wire itself, below /ent/v2."""
    headers = {"authorization": "Token vda_1"}
    with httpx.Client(base_url=f"{sandbox.url}/vidu/ent/v2", headers=headers) as http:
        yield http.request


def data(width=640, height=360, kind="png", told=None):
    body = base64.b64encode(draw_picture(width, height, kind)).decode()
    return f"data:image/{told or kind};base64,{body}"


# ---- the adapter


def test_a_text_becomes_a_film(client, sandbox, tmp_path):
    job = VideoJob("a fox", seconds=3, aspect_ratio="9:16", resolution="540p")
    video = client.generate(job, tmp_path / "fox.mp4", PRO)

    assert (video.facts.seconds, video.facts.width, video.facts.height) == (3, 540, 960)
    assert [post.path for post in sandbox.posts("vidu")] == ["/ent/v2/text2video"]
    assert (video.task.quote.amount, video.task.cost) == (Decimal("0.135"), Decimal("0.135"))
    assert video.task.expires_at.timestamp() >= START + 86_400
    assert [item.kind for item in video.outputs] == ["video", "thumbnail"]
    assert httpx.get(video.outputs[1].url).headers["content-type"] == "image/png"


@pytest.mark.parametrize(
    ("model", "roles", "path"),
    [
        ("vidu-q3-turbo", ("first_frame",), "img2video"),
        ("vidu-q2-pro", ("first_frame", "last_frame"), "start-end2video"),
        ("vidu-q3", ("reference", "reference"), "reference2video"),
    ],
)
def test_local_images_become_a_film_with_asyncio(sandbox, clock, tmp_path, model, roles, path):
    files = [draw_picture(640 + number, 360) for number in range(len(roles))]
    pairs = zip(files, roles, strict=True)
    job = VideoJob("a fox", images=[Image(data, role) for data, role in pairs])

    async def generate():
        async with AsyncClient({}, sandbox=sandbox, journal=None, clock=clock) as client:
            return await client.generate(job, tmp_path / "fox.mp4", f"vidu/{model}")

    video = asyncio.run(generate())

    (post,) = sandbox.posts("vidu")
    assert (post.path, video.facts.seconds) == (f"/ent/v2/{path}", 5)
    assert all(b'"data:image/png;base64,' + base64.b64encode(data) in post.body for data in files)


@pytest.mark.parametrize(
    ("fault", "kind", "code"),
    [
        ("fail-at=50", "server", "InternalServiceFailure"),
        ("moderated=80", "content_policy", "CreationPolicyViolation"),
        ("no-url", "server", None),
    ],
)
def test_a_job_may_fail(client, tmp_path, fault, kind, code):
    with pytest.raises(TaskFailedError) as caught:
        client.generate(f"a fox [fault:{fault}]", tmp_path / "fox.mp4", PRO)

    task = caught.value.task
    assert task is not None
    assert task.error is not None
    assert (task.error.kind, task.error.code, task.cost) == (kind, code, None)


@pytest.mark.parametrize(
    ("fault", "kind", "code"),
    [
        ("429=9", "rate_limited", "TooManyRequests"),
        ("no-money", "insufficient_funds", "CreditInsufficient"),
        ("moderated", "content_policy", "AuditSubmitIllegal"),
    ],
)
def test_refusals_are_understood(client, fault, kind, code):
    with pytest.raises(ProviderError) as caught:
        client.submit(f"a fox [fault:{fault}]", PRO)

    assert (caught.value.kind, caught.value.code) == (kind, code)


@pytest.mark.parametrize("fault", ["502-after-accept", "503=9", "truncated"])
def test_an_order_that_may_exist_is_not_repeated(client, sandbox, fault):
    with pytest.raises(AmbiguousSubmitError):
        client.submit(f"a fox [fault:{fault}]", PRO)

    assert len(sandbox.posts("vidu")) == 1


@pytest.mark.parametrize("fault", ["unknown-status", "poll-429", "poll-503", "poll-truncated"])
def test_odd_polls_are_waited_out(client, fault):
    task = client.wait(client.submit(f"a fox [fault:{fault}]", PRO))

    assert task.status == Status.SUCCEEDED


def test_a_dead_url_is_asked_for_again_and_a_forgotten_task_is_expired(client, sandbox, tmp_path):
    video = client.generate("a fox [fault:expired-url]", tmp_path / "one.mp4", PRO)
    assert video.task.status == Status.SUCCEEDED

    task = client.wait(client.submit("a fox [fault:expired]", PRO))
    sandbox.advance(86_400)
    with pytest.raises(ExpiredError):
        client.download(task, tmp_path / "two.mp4")


def test_a_job_with_a_watermark_gets_the_file_that_has_it(client, tmp_path):
    job = VideoJob("a fox", watermark=True)
    task = client.generate(job, tmp_path / "fox.mp4", PRO).task

    assert task.video_url.endswith("?watermark=1")


def test_an_off_peak_job_that_waits_is_cancelled(client):
    job = VideoJob("a fox", options=OFF_PEAK)
    task = client.cancel(client.submit(job, PRO))

    assert (task.status, task.cost) == (Status.CANCELLED, None)
    assert client.status(task).status == Status.CANCELLED


@pytest.mark.parametrize(("options", "seconds"), [({}, 0), (OFF_PEAK, 2)])
def test_any_other_job_goes_on(client, sandbox, options, seconds):
    task = client.submit(VideoJob("a fox", options=options), PRO)
    sandbox.advance(seconds)

    assert client.cancel(task).status in {Status.QUEUED, Status.RUNNING}
    assert client.wait(task).status == Status.SUCCEEDED


# ---- the wire


def test_the_pages_answers(call, sandbox):
    body = {**TEXT, "duration": 5, "payload": "mine"}
    created = call("POST", "/text2video", json=body).json()
    task = created["task_id"]
    assert created == {
        "task_id": task,
        "state": "created",
        **TEXT,
        "seed": 123456789,
        "movement_amplitude": "auto",
        "payload": "mine",
        "off_peak": False,
        "watermark": False,
        "duration": 5,
        "resolution": "720p",
        "credits": 100,
        "created_at": "2027-01-15T08:00:00.000000Z",
    }
    shown = {"err_code": "", "payload": "mine", "bgm": False, "off_peak": False, "credits": 100}
    poll = f"/tasks/{task}/creations"
    assert call("GET", poll).json() == {**shown, "state": "queueing", "creations": []}
    sandbox.advance(1)
    assert call("GET", poll).json() == {**shown, "state": "processing", "creations": []}
    sandbox.advance(2)
    done = call("GET", poll).json()
    assert (done["state"], done["creations"][0]["url"]) == (
        "success",
        f"{sandbox.url}/files/{task}.mp4",
    )


def test_the_pages_refusal(call):
    task = call("POST", "/text2video", json=TEXT).json()["task_id"]
    answer = call("POST", f"/tasks/{task}/cancel", json={"id": task})

    assert (answer.status_code, answer.json()) == (
        400,
        {
            "code": 400,
            "reason": "BadRequest",
            "message": "task state is scheduled, can not cancel",
            "metadata": {"trace_id": "04e5c2fe159ff7c574acd0424e78c35f"},
        },
    )


@pytest.mark.parametrize("authorization", [None, "Bearer vda_1", "vda_1", "Token"])
def test_the_key_follows_the_word_token(sandbox, authorization):
    headers = {} if authorization is None else {"authorization": authorization}
    answer = httpx.post(f"{sandbox.url}/vidu/ent/v2/text2video", json=TEXT, headers=headers)

    assert (answer.status_code, answer.json()["reason"]) == (401, "Unauthorized")


REFUSED = [
    ("text2video", {"prompt": "a fox"}, "FieldLacking"),
    ("text2video", {"model": "viduq3-pro"}, "FieldLacking"),
    ("text2video", {**TEXT, "model": "viduq9"}, "FieldInvalid"),
    ("text2video", {**TEXT, "model": "viduq3"}, "FieldInvalid"),
    ("text2video", {**TEXT, "prompt": "x" * 5001}, "FieldInvalid"),
    ("text2video", {**TEXT, "duration": 17}, "FieldInvalid"),
    ("text2video", {**TEXT, "duration": "5"}, "FieldInvalid"),
    ("text2video", {**TEXT, "duration": 5.5}, "FieldInvalid"),
    ("text2video", {**TEXT, "resolution": "360p"}, "FieldInvalid"),
    ("text2video", {**TEXT, "resolution": "720P"}, "FieldInvalid"),
    ("text2video", {**TEXT, "aspect_ratio": "21:9"}, "FieldInvalid"),
    ("text2video", {**TEXT, "audio": "true"}, "FieldInvalid"),
    ("text2video", {**TEXT, "watermark": 1}, "FieldInvalid"),
    ("text2video", {**TEXT, "callback_url": "example.com"}, "FieldInvalid"),
    ("text2video", {**TEXT, "images": [URL]}, "FieldUnwanted"),
    ("text2video", {**TEXT, "negative_prompt": "fog"}, "FieldUnwanted"),
    ("text2video", {**TEXT, "style": "anime"}, "FieldUnwanted"),
    ("text2video", {**TEXT, "model": "viduq2", "audio": True}, "FieldUnwanted"),
    ("img2video", {"model": "viduq3-pro"}, "FieldLacking"),
    ("img2video", FRAMES, "FieldItemCountOutOfRange"),
    ("img2video", {**FRAME, "images": URL}, "FieldItemCountOutOfRange"),
    ("img2video", {**FRAME, "aspect_ratio": "16:9"}, "FieldUnwanted"),
    ("img2video", {**FRAME, "images": ["fox.png"]}, "FieldInvalid"),
    ("img2video", {**FRAME, "images": [data().partition(",")[2]]}, "FieldInvalid"),
    ("img2video", {**FRAME, "images": ["data:image/png;base64,%%%"]}, "ImageFormatInvalid"),
    ("img2video", {**FRAME, "images": [data(told="webp")]}, "ImageFormatInvalid"),
    ("img2video", {**FRAME, "images": [data(640, 100)]}, "PageSizeOutOfRange"),
    ("img2video", {**FRAME, "images": [data(640, 140)]}, "PageSizeOutOfRange"),
    (
        "img2video",
        {**FRAME, "model": "vidu2.0", "duration": 8, "resolution": "360p"},
        "FieldInvalid",
    ),
    ("start-end2video", FRAME, "FieldItemCountOutOfRange"),
    ("start-end2video", {**FRAMES, "model": "viduq2-pro", "duration": 9}, "FieldInvalid"),
    ("start-end2video", {**FRAMES, "images": [data(), data(360, 640)]}, "PageSizeOutOfRange"),
    ("reference2video", {**REFERENCE, "images": [URL] * 8}, "FieldItemCountOutOfRange"),
    ("reference2video", {**REFERENCE, "duration": 2}, "FieldInvalid"),
    ("reference2video", {**REFERENCE, "model": "viduq3-mix", "resolution": "540p"}, "FieldInvalid"),
    ("reference2video", {**REFERENCE, "videos": [URL]}, "FieldUnwanted"),
    ("reference2video", {**REFERENCE, "subjects": [{"images": [URL]}]}, "FieldUnwanted"),
    ("reference2video", {"model": "viduq3", "prompt": "x", "subjects": 7}, "FieldInvalid"),
    (
        "reference2video",
        {"model": "viduq3", "prompt": "x", "subjects": [{"images": []}, 7]},
        "FieldItemCountOutOfRange",
    ),
]


def test_what_the_pages_refuse(call):
    for mode, body, reason in REFUSED:
        answer = call("POST", f"/{mode}", json=body)
        assert (answer.status_code, answer.json()["reason"]) == (400, reason), (mode, body)


def test_what_the_pages_take(call):
    subjects = [{"name": "fox", "images": [URL, URL], "voice_id": ""}]
    taken = [
        ("text2video", {**TEXT, "model": "viduq1", "style": "anime", "bgm": True}),
        ("img2video", {**FRAME, "is_rec": True, "audio_type": "all", "off_peak": True}),
        ("img2video", {**FRAME, "images": [data(kind="jpeg")], "seed": 0}),
        ("start-end2video", {**FRAMES, "images": [data(), data(700)], "wm_position": 4}),
        ("reference2video", {"model": "viduq3", "prompt": "@fox", "subjects": subjects}),
        ("reference2video", {**REFERENCE, "model": "viduq2-pro", "duration": 0, "videos": [URL]}),
    ]
    for mode, body in taken:
        assert call("POST", f"/{mode}", json=body).status_code == 200, (mode, body)


def test_other_refusals(call):
    lost = call("GET", "/tasks/1/creations")
    assert (lost.status_code, lost.json()["reason"]) == (404, "TaskNotFound")
    assert call("GET", "/nothing").json()["reason"] == "NotFound"
    assert (
        call(
            "POST", "/text2video", content="{", headers={"content-type": "application/json"}
        ).json()["reason"]
        == "BadRequest"
    )
    assert call("POST", "/text2video", data=TEXT).json()["reason"] == "BadRequest"
    large = {**TEXT, "payload": "x" * 20_000_000}
    assert call("POST", "/text2video", json=large).status_code == 413
    other = call("POST", "/text2video", json=TEXT).json()["task_id"]
    assert (
        call("POST", f"/tasks/{other}/cancel", json={"id": "1"}).json()["reason"] == "FieldInvalid"
    )


def test_the_wire_has_every_model_of_the_offers():
    tables = ("text2video", "img2video", "start_end2video", "reference2video")
    package = "anyvideo_plugins.vidu.sandbox"
    known = {name for table in tables for name in load_models(package, "models.toml", table)}

    assert known == {offer.wire_model for offer in Vidu().offers()}

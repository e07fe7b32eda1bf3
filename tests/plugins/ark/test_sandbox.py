"""Ark's wire in the sandbox answers and refuses as the documents say, and the adapter passes it over HTTP."""

import base64
import re
from typing import Any

import httpx
import pytest

from anyvideo import ExpiredError, Image, ProviderError, Status, TaskFailedError, VideoJob
from anyvideo.sandbox import Sandbox, VirtualClock
from anyvideo.testing import draw_picture
from anyvideo_plugins.ark.sandbox.wire import VENDOR
from tests.clients import KINDS

TASKS = "/ark/api/v3/contents/generations/tasks"
IMAGE = "https://example.com/image.png"
VIDEO = "https://example.com/video.mp4"
ORDER: dict[str, Any] = {
    "model": "dreamina-seedance-2-0-260128",
    "content": [{"type": "text", "text": "A red fox runs through fresh snow"}],
    "ratio": "16:9",
    "resolution": "720p",
    "duration": 5,
}
SEEDANCE_25 = "dreamina-seedance-2-5-260628"
SEEDANCE_15 = "seedance-1-5-pro-251215"
SEEDANCE_10 = "seedance-1-0-pro-250528"
FAST_10 = "seedance-1-0-pro-fast-251015"


def media(url=IMAGE, role="first_frame", kind="image"):
    return {"type": f"{kind}_url", f"{kind}_url": {"url": url}, "role": role}


def inline(width=400, height=300, kind="png", told=None):
    body = base64.b64encode(draw_picture(width, height, kind)).decode()
    return media(f"data:image/{told or kind};base64,{body}")


FIRST, LAST = media(), media(role="last_frame")
FACE = media(role="reference_image")
CLIP, SONG = media(VIDEO, "reference_video", "video"), media(VIDEO, "reference_audio", "audio")


def changed(*items, **fields):
    """An order with more items and other fields; None leaves a field out."""
    whole = {**ORDER, **fields}
    if items:
        whole["content"] = [*ORDER["content"], *items]
    return {name: value for name, value in whole.items() if value is not None}


def refusal(answer):
    error = answer.json()["error"]
    assert re.search(r" Request id: 021785[0-9a-f]{24}$", error["message"])
    return answer.status_code, error["code"]


@pytest.fixture
def post(client):
    return lambda order: client.post(TASKS, json=order)


@pytest.fixture
def submit(post):
    def submit(order):
        answer = post(order)
        assert answer.status_code == 200, answer.text
        return answer.json()["id"]

    return submit


@pytest.fixture
def show(client):
    return lambda task: client.get(f"{TASKS}/{task}").json()


class TestTasks:
    def test_the_documented_samples(self, sandbox, post, show):
        created = post({**ORDER, "seed": 11, "return_last_frame": True}).json()
        task = created["id"]
        assert re.fullmatch(r"cgt-2026\d{10}-[a-z0-9]{5}", task)
        assert created == {"id": task}
        common = {
            "id": task,
            "model": "dreamina-seedance-2-0-260128",
            "created_at": 1_800_000_000,
            "seed": 11,
            "resolution": "720p",
            "ratio": "16:9",
            "duration": 5,
            "framespersecond": 24,
            "service_tier": "default",
            "execution_expires_after": 172_800,
            "generate_audio": True,
            "draft": False,
        }
        assert show(task) == {**common, "status": "queued", "updated_at": 1_800_000_000}
        sandbox.advance(1)
        assert show(task) == {**common, "status": "running", "updated_at": 1_800_000_000}
        sandbox.advance(2)
        url = f"{sandbox.url}/files/{task}"
        assert show(task) == {
            **common,
            "status": "succeeded",
            "content": {"video_url": f"{url}.mp4", "last_frame_url": f"{url}.png"},
            "usage": {"completion_tokens": 108_900, "total_tokens": 108_900},
            "updated_at": 1_800_000_003,
        }

    @pytest.mark.parametrize(
        ("order", "film", "tokens"),
        [
            (changed(), "5|1280x720", 108_900),
            (changed(resolution="1080P"), "5|1920x1080", 245_025),
            (changed(resolution="4k", ratio="21:9", duration=4), "4|4398x1886", 785_721),
            (changed(resolution="480p", ratio="9:16"), "5|496x864", 50_638),
            (changed(duration=-1, resolution=None, ratio=None), "5|1280x720", 108_900),
            (changed(model=SEEDANCE_25, resolution="480p"), "5|854x480", 48_437),
            (changed(model=SEEDANCE_10, resolution=None), "5|1920x1088", 246_840),
            (changed(model=FAST_10, duration=None, frames=49, ratio="3:4"), "2|832x1120", 44_590),
            (changed(inline(300, 400), ratio=None), "5|834x1112", 109_586),
            (changed(inline(800, 400), LAST, ratio="adaptive"), "5|1280x720", 108_900),
            (changed(FIRST, ratio="adaptive"), "5|1280x720", 108_900),
        ],
    )
    def test_what_is_made_and_billed(self, sandbox, client, submit, show, order, film, tokens):
        task = submit(order)
        sandbox.advance(3)
        shown = show(task)
        seconds, size = film.split("|")
        assert client.get(shown["content"]["video_url"]).text.startswith(
            f"{ORDER['content'][0]['text']}|{seconds}|{size}|"
        )
        assert shown["usage"]["completion_tokens"] == tokens

    @pytest.mark.parametrize(
        ("word", "code"),
        [
            ("fail-at=50", "InternalServiceError"),
            ("moderated=50", "OutputVideoSensitiveContentDetected"),
        ],
    )
    def test_a_task_fails_with_http_200(self, sandbox, submit, show, word, code):
        task = submit(changed(content=[{"type": "text", "text": f"x [fault:{word}]"}]))
        sandbox.advance(2)
        shown = show(task)
        assert (shown["status"], shown["error"]["code"]) == ("failed", code)
        assert "content" not in shown

    def test_content_is_null_without_a_file(self, sandbox, submit, show):
        task = submit(changed(content=[{"type": "text", "text": "x [fault:no-url]"}]))
        sandbox.advance(3)
        assert show(task)["content"] is None

    def test_unknown_tasks_and_paths(self, client):
        assert refusal(client.get(f"{TASKS}/cgt-none")) == (404, "NotFound")
        assert refusal(client.delete(f"{TASKS}/cgt-none")) == (404, "NotFound")
        assert refusal(client.get("/ark/v3/contents")) == (404, "NotFound")


class TestDeleting:
    def test_a_queued_task_is_cancelled_once(self, sandbox, client, submit, show):
        task = submit(ORDER)
        assert client.delete(f"{TASKS}/{task}").json() == {}
        sandbox.advance(9)
        shown = show(task)
        assert (shown["status"], shown["updated_at"]) == ("cancelled", 1_800_000_000)
        assert refusal(client.delete(f"{TASKS}/{task}"))[0] == 400

    def test_a_running_task_is_not(self, sandbox, client, submit, show):
        task = submit(ORDER)
        sandbox.advance(1)
        refused = client.delete(f"{TASKS}/{task}")
        assert refusal(refused) == (409, "InvalidAction.RunningTaskDeletion")
        assert show(task)["status"] == "running"

    def test_a_task_that_has_ended_is_forgotten(self, sandbox, client, submit):
        task = submit(ORDER)
        sandbox.advance(3)
        assert client.delete(f"{TASKS}/{task}").json() == {}
        assert client.get(f"{TASKS}/{task}").status_code == 404


class TestOrders:
    @pytest.mark.parametrize(
        "order",
        [
            changed(model="doubao-seedance-2-0-260128"),
            changed(FIRST),
            changed({"type": "image_url", "image_url": {"url": IMAGE}}),
            changed(FIRST, LAST),
            changed(*[FACE] * 9, CLIP, SONG),
            changed(media("asset://asset-1", "reference_image")),
            changed(*[FACE] * 30, model=SEEDANCE_25),
            changed(SONG, model=SEEDANCE_25),
            changed(FIRST, model=SEEDANCE_25, ratio="adaptive"),
            changed(FIRST, model=SEEDANCE_25, ratio=None),
            changed(FIRST, model=SEEDANCE_10, ratio="adaptive"),
            changed(FIRST, model=FAST_10),
            changed(inline(), model=SEEDANCE_15),
            changed(inline(kind="jpeg")),
            changed(inline(kind="webp")),
            changed(FACE, media("data:audio/wav;base64,AAAA", "reference_audio", "audio")),
            changed(model=SEEDANCE_25, output_format="mov", omni_reference_task_type="edit"),
            changed(priority=9, tools=[{"type": "web_search"}], safety_identifier="x" * 64),
            changed(model=SEEDANCE_15, service_tier="flex", draft=True, camera_fixed=False),
            changed(execution_expires_after=60, unheard_of=1),
            changed(seed=-1, generate_audio=False, watermark=True, return_last_frame=False),
        ],
    )
    def test_what_is_taken(self, submit, order):
        submit(order)

    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ({"content": None}, "MissingParameter"),
            ({"content": "a fox"}, "InvalidParameter"),
            ({"content": [{"type": "text", "text": ""}]}, "MissingParameter"),
            ({"content": [{"type": "text"}]}, "MissingParameter"),
            ({"content": [{"type": "image_url", "image_url": IMAGE}]}, "MissingParameter"),
            ({"content": [{"type": "draft"}]}, "InvalidParameter"),
            ({"duration": "5"}, "InvalidParameter"),
            ({"duration": 5.5}, "InvalidParameter"),
            ({"duration": 3}, "InvalidParameter"),
            ({"duration": 16}, "InvalidParameter"),
            ({"duration": 31, "model": SEEDANCE_25}, "InvalidParameter"),
            ({"duration": -1, "model": SEEDANCE_10}, "InvalidParameter"),
            ({"duration": 1, "model": SEEDANCE_10}, "InvalidParameter"),
            ({"resolution": "2k"}, "InvalidParameter"),
            ({"resolution": 720}, "InvalidParameter"),
            ({"resolution": "4k", "model": SEEDANCE_25}, "InvalidParameter"),
            (
                {"resolution": "1080p", "model": "dreamina-seedance-2-0-fast-260128"},
                "InvalidParameter",
            ),
            ({"ratio": "9:21"}, "InvalidParameter"),
            ({"ratio": "adaptive", "model": SEEDANCE_10}, "InvalidParameter"),
            ({"seed": -2}, "InvalidParameter"),
            ({"seed": 2**32}, "InvalidParameter"),
            ({"generate_audio": "true"}, "InvalidParameter"),
            ({"watermark": 1}, "InvalidParameter"),
            ({"callback_url": "example.com"}, "InvalidParameter"),
            ({"safety_identifier": "x" * 65}, "InvalidParameter"),
            ({"draft": True}, "InvalidParameter"),
            ({"camera_fixed": True}, "InvalidParameter"),
            ({"service_tier": "flex"}, "InvalidParameter"),
            ({"output_format": "mov"}, "InvalidParameter"),
            ({"frames": 29}, "InvalidParameter"),
            ({"frames": 30, "model": SEEDANCE_10}, "InvalidParameter"),
            ({"priority": 1, "model": SEEDANCE_15}, "InvalidParameter"),
            ({"execution_expires_after": 60, "model": SEEDANCE_15}, "InvalidParameter"),
            ({"model": None}, "MissingParameter"),
            ({"model": 7}, "MissingParameter"),
        ],
    )
    def test_parameters_that_are_refused(self, sandbox, post, fields, code):
        assert refusal(post(changed(**fields))) == (400, code)
        assert sandbox.tasks == ()

    @pytest.mark.parametrize(
        ("items", "fields", "words"),
        [
            ([FIRST, FACE], {}, "cannot be mixed with reference media"),
            ([LAST], {}, "cannot be mixed with first frame"),
            ([FIRST, FIRST], {}, "only one first frame"),
            ([FIRST, LAST], {"model": FAST_10}, "flf2v does not support"),
            ([FACE], {"model": SEEDANCE_15}, "r2v does not support"),
            ([FACE] * 10, {}, "r2v does not support"),
            ([CLIP] * 4, {}, "r2v does not support"),
            ([SONG], {}, "cannot be the only reference"),
            ([media(role="hero")], {}, "invalid role specified for image"),
            ([media(VIDEO, "first_frame", "video")], {}, "invalid role specified for video"),
            ([media("data:video/mp4;base64,AA==", "reference_video", "video")], {}, "as a web url"),
            ([media("ftp://a.b/c.png")], {}, "not a valid base64"),
            ([media("data:image/png;base64,%%")], {}, "not a valid base64"),
            ([media("data:image/PNG;base64,AA==")], {}, "not a valid base64"),
            ([media("data:image/png;base64,AAAA")], {}, "format of"),
            ([inline(told="jpeg")], {}, "format of"),
            ([inline(299, 300)], {}, "300 to 6000"),
            ([inline(1000, 300)], {}, "ratio of 0.4 to 2.5"),
            ([FIRST], {"model": SEEDANCE_25}, "must be adaptive"),
        ],
    )
    def test_contents_that_are_refused(self, post, items, fields, words):
        refused = post(changed(*items, **fields))
        assert refused.status_code == 400
        assert words in refused.json()["error"]["message"]

    def test_an_image_that_is_too_large(self, post):
        body = base64.b64encode(draw_picture(400, 300).ljust((30 << 20) + 1, b"\0")).decode()
        refused = post(changed(media(f"data:image/png;base64,{body}")))
        assert "larger than 30 MB" in refused.json()["error"]["message"]

    def test_models_and_bodies(self, client, post):
        unknown = post(changed(model="seedance-9"))
        assert refusal(unknown) == (404, "InvalidEndpointOrModel.NotFound")
        assert refusal(client.post(TASKS, content=b"[1]")) == (400, "InvalidParameter")

    def test_what_a_model_lacks_is_said(self, post):
        message = post(changed(draft=False, model=SEEDANCE_10)).json()["error"]["message"]
        assert message.startswith("the specified parameter `draft` is not supported for model")

    @pytest.mark.parametrize(
        ("headers", "expected"),
        [
            ({}, (401, "AuthenticationError")),
            ({"authorization": "Key k"}, (401, "AuthenticationError")),
            ({"x-api-key": "k"}, (401, "AuthenticationError")),
            ({"authorization": "Bearer sandbox-401"}, (401, "AuthenticationError")),
            ({"authorization": "Bearer sandbox-402"}, (403, "AccountOverdueError")),
        ],
    )
    def test_keys(self, sandbox, headers, expected):
        refused = httpx.post(f"{sandbox.url}{TASKS}", json=ORDER, headers=headers)
        assert refusal(refused) == expected
        assert refused.headers["x-request-id"]


# ---- the adapter over HTTP, with both clients


@pytest.fixture(params=list(KINDS))
def user(request):
    """A client of either kind, and the sandbox that it speaks to."""
    clock = VirtualClock()
    with Sandbox(vendors=[VENDOR], clock=clock) as sandbox:
        china = {"adapter": "ark", "settings": {"region": "cn"}}
        config = {"providers": {"volcengine": china}}
        with KINDS[request.param](config, sandbox=sandbox, journal=None, clock=clock) as client:
            yield client, sandbox


MODEL = "ark/seedance-2.0"


@pytest.mark.parametrize("model", [MODEL, "volcengine/seedance-2.0", "ark/seedance-1-0-pro-fast"])
def test_a_video_is_made(user, tmp_path, model):
    client, sandbox = user
    job = VideoJob("a fox", seconds=4, resolution="720p", aspect_ratio="16:9")
    video = client.generate(job, tmp_path / "fox.mp4", model)

    size = (1248, 704) if "1-0" in model else (1280, 720)
    assert (video.facts.seconds, video.facts.width, video.facts.height) == (4, *size)
    assert video.task.cost is None
    assert len(sandbox.posts("ark")) == 1


def test_a_local_picture_becomes_a_video(user, tmp_path):
    client, sandbox = user
    picture = draw_picture(400, 300)
    job = VideoJob("a fox", images=(Image(picture),), seconds=4, resolution="480p")
    video = client.generate(job, tmp_path / "fox.mp4", "ark/seedance-2.5")

    assert (video.facts.width, video.facts.height) == (752, 560)
    (order,) = sandbox.posts("ark")
    encoded = base64.b64encode(picture)
    assert b'"url":"data:image/png;base64,' + encoded + b'"' in order.body.replace(b": ", b":")
    assert order.headers["authorization"] == "Bearer sandbox"


@pytest.mark.parametrize(
    ("word", "kind"),
    [("fail-at=50", "server"), ("moderated=50", "content_policy")],
)
def test_a_failure(user, tmp_path, word, kind):
    client, _ = user
    with pytest.raises(TaskFailedError) as caught:
        client.generate(VideoJob(f"a fox [fault:{word}]"), tmp_path / "fox.mp4", MODEL)

    task = caught.value.task
    assert task is not None
    assert task.error is not None
    assert task.error.kind == kind


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("no-money", "insufficient_funds"),
        ("moderated", "content_policy"),
        ("429=9", "rate_limited"),
    ],
)
def test_refusals(user, word, kind):
    client, sandbox = user
    with pytest.raises(ProviderError) as caught:
        client.submit(VideoJob(f"a fox [fault:{word}]"), MODEL)

    assert caught.value.kind == kind
    assert sandbox.tasks == ()


def test_a_queued_job_is_cancelled_and_a_running_one_goes_on(user):
    client, sandbox = user
    queued = client.cancel(client.submit(VideoJob("a fox"), MODEL))
    running = client.submit(VideoJob("a hare"), MODEL)
    sandbox.advance(1)
    running = client.cancel(running)

    assert (queued.status, queued.cost) == (Status.CANCELLED, 0)
    assert client.status(queued).status == Status.CANCELLED
    assert (running.status, running.cost) == (Status.RUNNING, None)
    assert client.wait(running).status == Status.SUCCEEDED


@pytest.mark.parametrize("word", ["expired", "expired-url"])
def test_a_link_that_is_dead(user, tmp_path, word):
    client, _ = user
    task = client.wait(client.submit(VideoJob(f"a fox [fault:{word}]"), MODEL))
    if word == "expired-url":
        assert client.download(task, tmp_path / "fox.mp4").size > 0
        return
    with pytest.raises(ExpiredError):
        client.download(task, tmp_path / "fox.mp4")

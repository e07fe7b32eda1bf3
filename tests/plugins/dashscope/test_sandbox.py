"""DashScope's wire in the sandbox answers and refuses as the documents say, and the adapter passes it over HTTP."""

import base64
from typing import Any

import httpx
import pytest

from anyvideo import ExpiredError, Image, ProviderError, Status, TaskFailedError, VideoJob
from anyvideo.sandbox import DAY, Sandbox, VirtualClock
from anyvideo.testing import draw_picture
from anyvideo_plugins.dashscope.sandbox.wire import VENDOR
from tests.clients import KINDS

SYNTHESIS = "/dashscope/api/v1/services/aigc/video-generation/video-synthesis"
TASKS = "/dashscope/api/v1/tasks"
ASYNC = {"x-dashscope-async": "enable"}
IMAGE, VIDEO = "https://example.com/image.png", "https://example.com/video.mp4"


def order(model="wan3.0-video", media=None, parameters=None, **given):
    """An order; None leaves a field of `input` out."""
    fields = {"prompt": "a fox", "media": media, **given}
    inputs = {name: value for name, value in fields.items() if value is not None}
    return {"model": model, "input": inputs, "parameters": parameters or {}}


def medium(kind="first_frame", url=IMAGE, **more):
    return {"type": kind, "url": url, **more}


def inline(width=400, height=300, kind="png", told=None):
    body = base64.b64encode(draw_picture(width, height, kind)).decode()
    return f"data:image/{told or kind};base64,{body}"


FIRST, LAST, FACE = medium(), medium("last_frame"), medium("reference_image")
CLIP, SONG = medium("reference_video", VIDEO), medium("reference_audio", VIDEO)
VOICE, START = medium("driving_audio", VIDEO), medium("first_clip", VIDEO)


def refusal(answer):
    body = answer.json()
    assert body.keys() == {"code", "message", "request_id"}
    return answer.status_code, body["code"]


@pytest.fixture
def post(client):
    return lambda body, headers=ASYNC: client.post(SYNTHESIS, json=body, headers=headers)


@pytest.fixture
def submit(post):
    def submit(body):
        answer = post(body)
        assert answer.status_code == 200, answer.text
        return answer.json()["output"]["task_id"]

    return submit


@pytest.fixture
def show(client):
    return lambda task: client.get(f"{TASKS}/{task}").json()


def test_the_documented_samples(sandbox, post, show):
    parameters = {"resolution": "720P", "ratio": "16:9", "duration": 5}
    created = post(order("happyhorse-1.1-t2v", parameters=parameters)).json()
    task = created["output"]["task_id"]
    assert created["output"] == {"task_status": "PENDING", "task_id": task}
    assert created.keys() == {"output", "request_id"}
    begun = {"task_id": task, "submit_time": "2027-01-15 16:00:00.000"}
    assert show(task)["output"] == {**begun, "task_status": "PENDING"}
    sandbox.advance(1)
    begun["scheduled_time"] = "2027-01-15 16:00:00.000"
    assert show(task)["output"] == {**begun, "task_status": "RUNNING"}
    sandbox.advance(2)
    shown = show(task)
    assert shown["output"] == {
        **begun,
        "scheduled_time": "2027-01-15 16:00:03.000",
        "task_status": "SUCCEEDED",
        "end_time": "2027-01-15 16:00:03.000",
        "orig_prompt": "a fox",
        "video_url": f"{sandbox.url}/files/{task}.mp4",
    }
    assert shown["usage"] == {
        "duration": 5,
        "input_video_duration": 0,
        "output_video_duration": 5,
        "video_count": 1,
        "SR": 720,
    }


@pytest.mark.parametrize(
    ("body", "film", "lines"),
    [
        (order(), "5|1920x1080", 1080),
        (order(parameters={"duration": -1, "ratio": "adaptive"}), "5|1920x1080", 1080),
        (order(parameters={"resolution": "720P", "ratio": "4:3"}), "5|1104x832", 720),
        (order("wan2.7-t2v", parameters={"ratio": "1:1", "duration": 2}), "2|1440x1440", 1080),
        (order(media=[medium(url=inline(300, 400))]), "5|1248x1664", 1080),
        (order("wan2.6-t2v", parameters={"size": "1088*832"}), "5|1088x832", 720),
        (order("wan2.5-t2v-preview", parameters={"size": "480*832"}), "5|480x832", 480),
        (
            order("wan2.6-i2v", img_url=inline(480, 360), parameters={"resolution": "720P"}),
            "5|1104x832",
            720,
        ),
    ],
)
def test_what_is_made_and_billed(sandbox, client, submit, show, body, film, lines):
    task = submit(body)
    sandbox.advance(3)
    shown = show(task)

    assert client.get(shown["output"]["video_url"]).text.startswith(f"a fox|{film}|")
    assert (shown["usage"]["SR"], shown["usage"]["duration"]) == (lines, int(film.split("|")[0]))


@pytest.mark.parametrize(
    ("word", "code"),
    [("fail-at=50", "InternalError.Algo"), ("moderated=50", "DataInspectionFailed")],
)
def test_a_task_fails_with_http_200(sandbox, submit, show, word, code):
    task = submit(order(prompt=f"x [fault:{word}]"))
    sandbox.advance(2)
    shown = show(task)
    assert (shown["output"]["task_status"], shown["output"]["code"]) == ("FAILED", code)
    assert "usage" not in shown


def test_a_task_may_forget_its_link(sandbox, submit, show):
    task = submit(order(prompt="x [fault:no-url]"))
    sandbox.advance(3)
    shown = show(task)["output"]

    assert (shown["task_status"], "video_url" in shown) == ("SUCCEEDED", False)


def test_a_task_is_unknown_when_it_is_a_day_old_or_of_nobody(sandbox, submit, show, client):
    task = submit(order())
    sandbox.advance(DAY - 1)
    assert show(task)["output"]["task_status"] == "SUCCEEDED"
    sandbox.advance(1)
    assert show(task)["output"] == {"task_id": task, "task_status": "UNKNOWN"}
    assert show("nobody-s")["output"] == {"task_id": "nobody-s", "task_status": "UNKNOWN"}
    assert refusal(client.post(f"{TASKS}/nobody-s/cancel")) == (404, "NotFound")
    assert refusal(client.get("/dashscope/api/v1/videos")) == (404, "NotFound")


def test_a_pending_task_is_cancelled_once(sandbox, client, submit, show):
    task = submit(order())
    assert client.post(f"{TASKS}/{task}/cancel").json().keys() == {"request_id"}
    sandbox.advance(9)
    assert show(task)["output"]["task_status"] == "CANCELED"
    assert refusal(client.post(f"{TASKS}/{task}/cancel")) == (400, "UnsupportedOperation")


def test_a_running_task_is_not_cancelled(sandbox, client, submit, show):
    task = submit(order())
    sandbox.advance(1)
    assert refusal(client.post(f"{TASKS}/{task}/cancel")) == (400, "UnsupportedOperation")
    assert show(task)["output"]["task_status"] == "RUNNING"


@pytest.mark.parametrize(
    "body",
    [
        order(media=[FIRST, LAST]),
        order(media=[*[FACE] * 10, *[CLIP] * 5, *[SONG] * 5, medium("file", VIDEO)]),
        order(media=[FACE], prompt=None),
        order(media=[medium("link", VIDEO)]),
        order(parameters={"seed": -1, "audio": False, "watermark": True, "prompt_extend": False}),
        order("wan3.0-video-prime", unheard_of=1, parameters={"unheard_of": 1}),
        order("wan2.7-i2v", [FIRST, LAST, VOICE], prompt=None),
        order("wan2.7-i2v", [START, LAST]),
        order("wan2.7-r2v", [FIRST, FACE, FACE, CLIP, {**CLIP, "reference_voice": VIDEO}]),
        order("wan2.7-t2v", negative_prompt="fog", audio_url=VIDEO),
        order("happyhorse-1.0-i2v", [medium(url=inline(300, 300, "jpeg"))]),
        order("happyhorse-1.1-r2v", [medium("reference_image", inline(400, 400, "webp"))] * 9),
        order("wan2.6-r2v", reference_urls=[IMAGE] * 5, parameters={"shot_type": "multi"}),
        order("wan2.6-i2v-flash", img_url=IMAGE, parameters={"audio": False}),
    ],
)
def test_what_is_taken(submit, body):
    submit(body)


def test_a_stored_file_needs_a_header_of_its_own(post):
    body = order(media=[medium(url="oss://dashscope-instant/x/y.png")])
    assert refusal(post(body)) == (400, "InvalidParameter.DataInspection")
    assert post(body, {**ASYNC, "x-dashscope-ossresourceresolve": "enable"}).status_code == 200


@pytest.mark.parametrize(
    ("model", "parameters"),
    [
        ("wan3.0-video", {"duration": "5"}),
        ("wan3.0-video", {"duration": 5.0}),
        ("wan3.0-video", {"duration": 31}),
        ("wan3.0-video", {"duration": 1}),
        ("wan3.0-video", {"resolution": "720p"}),
        ("wan3.0-video", {"resolution": "4K"}),
        ("wan3.0-video", {"ratio": "2:1"}),
        ("wan3.0-video", {"size": "1280*720"}),
        ("wan3.0-video", {"audio": "true"}),
        ("wan3.0-video", {"seed": -2}),
        ("wan3.0-video", {"watermark": 1}),
        ("wan3.0-video", {"prompt": "x"}),
        ("wan3.0-video", []),
        ("wan2.7-t2v", {"audio": True}),
        ("wan2.7-t2v", {"resolution": "480P"}),
        ("wan2.7-t2v", {"duration": -1}),
        ("happyhorse-1.1-t2v", {"prompt_extend": True}),
        ("happyhorse-1.1-t2v", {"duration": 2}),
        ("wan2.6-t2v", {"size": "1280x720"}),
        ("wan2.6-t2v", {"resolution": "720P"}),
        ("wan2.5-t2v-preview", {"duration": 6}),
    ],
)
def test_parameters_that_are_refused(sandbox, post, model, parameters):
    body = {**order(model), "parameters": parameters}
    assert refusal(post(body)) == (400, "InvalidParameter")
    assert sandbox.tasks == ()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (order(prompt=None, media=None, audio_url=None), "BadRequest.EmptyInput"),
        (order(prompt=""), "InvalidParameter"),
        (order(img_url=IMAGE), "InvalidParameter"),
        (order(negative_prompt="fog"), "InvalidParameter"),
        (order(resolution="720P"), "InvalidParameter"),
        (order(media=[]), "InvalidParameter"),
        (order(media=[FIRST, FACE]), "InvalidParameter"),
        (order(media=[LAST]), "InvalidParameter"),
        (order(media=[FIRST, FIRST]), "InvalidParameter"),
        (order(media=[FACE] * 11), "InvalidParameter"),
        (order(media=[medium("file", VIDEO), medium("link", VIDEO)]), "InvalidParameter"),
        (order(media=[VOICE]), "InvalidParameter"),
        (order(media=[{"type": "first_frame"}]), "InvalidURL"),
        (order(media=[medium(url="ftp://a.b/c.png")]), "InvalidURL"),
        (order(media=[medium(url="data:image/png;base64,%%")]), "InvalidURL"),
        (order(media=[medium(url=inline(told="jpeg"))]), "InvalidURL"),
        (order(media=[medium("reference_video", inline())]), "InvalidURL"),
        (order(media=[medium(url=inline(239, 300))]), "InvalidFile.Resolution"),
        (order("wan2.7-i2v", img_url=IMAGE), "InvalidParameter"),
        (order("wan2.7-i2v", [FACE]), "InvalidParameter"),
        (order("wan2.7-i2v", [LAST]), "InvalidParameter"),
        (order("wan2.7-i2v", [START, VOICE]), "InvalidParameter"),
        (order("wan2.7-i2v", [START, FIRST]), "InvalidParameter"),
        (order("wan2.7-i2v", [FIRST], parameters={"ratio": "16:9"}), "InvalidParameter"),
        (order("wan2.7-r2v", [FIRST]), "InvalidParameter"),
        (order("wan2.7-r2v", [FACE, FACE, FACE, CLIP, CLIP, CLIP]), "InvalidParameter"),
        (order("wan2.7-t2v", [FIRST]), "InvalidParameter"),
        (order("happyhorse-1.1-i2v", [FIRST, LAST]), "InvalidParameter"),
        (order("happyhorse-1.1-r2v", [FACE] * 10), "InvalidParameter"),
        (order("wan2.6-i2v", [FIRST]), "InvalidParameter"),
        (order("wan2.6-i2v", img_url=inline(300, 400)), "InvalidFile.Resolution"),
        (order("wan2.6-r2v", reference_urls=[IMAGE] * 6), "InvalidParameter"),
        ({**order(), "model": ""}, "BadRequest.EmptyModel"),
        ({**order(), "input": []}, "BadRequest.EmptyInput"),
    ],
)
def test_inputs_that_are_refused(sandbox, post, body, code):
    assert refusal(post(body)) == (400, code)
    assert sandbox.tasks == ()


def test_an_image_that_is_too_large(post):
    body = base64.b64encode(draw_picture(400, 300).ljust(20_000_001, b"\0")).decode()
    large = order(media=[medium(url=f"data:image/png;base64,{body}")])
    assert refusal(post(large)) == (400, "InvalidFile.Size")


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, (401, "InvalidApiKey")),
        ({"authorization": "Key k"}, (401, "InvalidApiKey")),
        ({"authorization": "Bearer sandbox-401"}, (401, "InvalidApiKey")),
        ({"authorization": "Bearer sandbox-402"}, (400, "Arrearage")),
        ({"authorization": "Bearer k", "x-dashscope-async": "true"}, (403, "AccessDenied")),
    ],
)
def test_keys_and_headers(sandbox, headers, expected):
    url = f"{sandbox.url}{SYNTHESIS}"
    assert refusal(httpx.post(url, json=order(), headers={**ASYNC, **headers})) == expected


def test_what_is_no_order(client, post):
    assert refusal(post(order("wan9.0-video"))) == (404, "ModelNotFound")
    assert refusal(post(order(), {})) == (403, "AccessDenied")
    broken = client.post(SYNTHESIS, content=b"[1]", headers=ASYNC)
    assert refusal(broken) == (400, "BadRequest.IllegalInput")


# ---- the adapter over HTTP, with both clients


@pytest.fixture(params=list(KINDS))
def user(request):
    """A client of either kind, and the sandbox that it speaks to."""
    clock = VirtualClock()
    with Sandbox(vendors=[VENDOR], clock=clock) as sandbox:
        settings = {"region": "hk", "workspace": "ws-1"}
        config = {"providers": {"bailian": {"adapter": "dashscope", "settings": settings}}}
        with KINDS[request.param](config, sandbox=sandbox, journal=None, clock=clock) as client:
            yield client, sandbox


MODEL = "dashscope/wan3.0"


@pytest.mark.parametrize("model", [MODEL, "bailian/happyhorse-1.1", "dashscope/wan2.5"])
def test_a_video_is_made(user, tmp_path, model):
    client, sandbox = user
    job = VideoJob("a fox", seconds=5, resolution="720p", aspect_ratio="9:16")
    video = client.generate(job, tmp_path / "fox.mp4", model)

    assert (video.facts.seconds, video.facts.width, video.facts.height) == (5, 720, 1280)
    assert video.task.cost is None
    # Times of the vendor are in UTC+8: the task is not created in the future.
    assert video.task.created_at.timestamp() == video.task.submitted_at.timestamp()
    assert len(sandbox.posts("dashscope")) == 1


def test_local_pictures_become_a_video(user, tmp_path):
    client, sandbox = user
    picture = draw_picture(400, 300)
    images = (Image(picture), Image(picture, "reference"))
    job = VideoJob("a fox", images=images, seconds=4, resolution="720p")
    video = client.generate(job, tmp_path / "fox.mp4", "dashscope/wan2.7")

    assert (video.facts.width, video.facts.height) == (1104, 832)
    (sent,) = sandbox.posts("dashscope")
    encoded = b'"url":"data:image/png;base64,' + base64.b64encode(picture) + b'"'
    assert sent.body.replace(b": ", b":").count(encoded) == 2
    assert sent.headers["authorization"] == "Bearer sandbox"


@pytest.mark.parametrize(
    ("word", "kind"), [("fail-at=50", "server"), ("moderated=50", "content_policy")]
)
def test_a_failure(user, tmp_path, word, kind):
    client, _ = user
    with pytest.raises(TaskFailedError) as caught:
        client.generate(VideoJob(f"a fox [fault:{word}]"), tmp_path / "fox.mp4", MODEL)

    task: Any = caught.value.task
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


def test_a_job_that_is_lost_after_a_day(user):
    client, sandbox = user
    task = client.submit(VideoJob("a fox [fault:stuck]"), MODEL)
    sandbox.advance(DAY)

    assert client.status(task).status == Status.EXPIRED


@pytest.mark.parametrize("word", ["expired", "expired-url", "a day later"])
def test_a_link_that_is_dead(user, tmp_path, word):
    client, sandbox = user
    fault = f" [fault:{word}]" if " " not in word else ""
    task = client.wait(client.submit(VideoJob(f"a fox{fault}"), MODEL))
    if word == "expired-url":
        assert client.download(task, tmp_path / "fox.mp4").size > 0
        return
    sandbox.advance(0 if fault else DAY)
    with pytest.raises(ExpiredError):
        client.download(task, tmp_path / "fox.mp4")

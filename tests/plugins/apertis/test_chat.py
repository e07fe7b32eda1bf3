"""Apertis' chat wire: the samples of its page, and a stream cut anywhere."""

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anyvideo.errors import AnyVideoError, ProviderError
from anyvideo.model.job import VideoJob
from anyvideo.plugin import Report, Request, Response, Status, TaskError
from anyvideo_plugins.apertis import anyvideo_adapters
from anyvideo_plugins.apertis.chat import Chat
from tests.plugins.apertis.answers import answer, drive, plan_for, responses, task_of

CHAT = Chat()
ID = "sora-2:1234567890-abcdefgh"
OUTPUT = "https://storage.example.com/videos/output.mp4"
LAKE = "Generate a video of a serene lake with mountains"
PLAN = plan_for(CHAT, VideoJob(LAKE), "sora-2")

# The page's own stream, to the letter.
SAMPLE = """data: {"choices":[{"delta":{"content":"task_id: sora-2:1234567890-abcdefgh"}}]}

data: {"choices":[{"delta":{"content":"progress: 25%"}}]}

data: {"choices":[{"delta":{"content":"video_url: https://storage.example.com/videos/output.mp4"}}]}

data: [DONE]
"""
STARTED = f"task_id: {ID}\n"


def event(content, key="content"):
    return "data: " + json.dumps({"choices": [{"delta": {key: content}}]}) + "\n\n"


def events(text, **headers):
    return answer(text, content_type="text/event-stream", **headers)


def submit(text, **headers):
    return drive(CHAT.submit(PLAN), events(text, **headers))[0]


def stream(*chunks, head=None):
    """Run the stream; returns the reports on the way and the last one."""
    flow, on_the_way = CHAT.stream(PLAN), []
    assert isinstance(next(flow), Request)
    waiting = [head or events(""), *(c if isinstance(c, bytes) else c.encode() for c in chunks)]
    try:
        while True:
            on_the_way.append(flow.send(waiting.pop(0) if waiting else b""))
    except StopIteration as stop:
        return on_the_way, stop.value


def test_the_request_sample_comes_out_of_a_canonical_job():
    _, sent = drive(CHAT.submit(PLAN), events(SAMPLE))
    body = json.loads("""{
        "model": "sora-2",
        "stream": true,
        "messages": [
            {
                "role": "user",
                "content": "Generate a video of a serene lake with mountains"
            }
        ]
    }""")

    assert sent == [Request("POST", "/v1/chat/completions", json=body, expects="events", paid=True)]
    assert next(CHAT.stream(PLAN)) == sent[0]


def test_options_pass_into_the_body():
    job = VideoJob("x", options={"apertis-chat": {"stream": False, "user": "me"}})
    request = next(CHAT.submit(plan_for(CHAT, job, "sora-2-pro")))

    assert request.json == {
        "model": "sora-2-pro",
        "stream": False,
        "messages": [{"role": "user", "content": "x"}],
        "user": "me",
    }


def test_the_sample_is_read_exactly():
    assert submit(SAMPLE) == Report(ID, Status.SUCCEEDED, 25, OUTPUT)


def test_progress_is_reported_while_the_stream_runs():
    blocks = SAMPLE.split("\n\n")
    on_the_way, last = stream(*(f"{block}\n\n" for block in blocks))

    assert on_the_way == [
        None,
        Report(ID, Status.RUNNING),
        Report(ID, Status.RUNNING, 25),
        Report(ID, Status.RUNNING, 25),
    ]
    assert last == Report(ID, Status.SUCCEEDED, 25, OUTPUT)


def test_a_url_that_has_ended_is_reported_at_once():
    on_the_way, last = stream(event(f"{STARTED}video_url: {OUTPUT}\n"))

    assert on_the_way == [None, Report(ID, Status.SUCCEEDED, None, OUTPUT)]
    assert last == on_the_way[-1]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64])
@pytest.mark.parametrize(
    "text", [SAMPLE, SAMPLE.replace("\n", "\r\n"), SAMPLE.rstrip(), SAMPLE.replace("\n\n", "\n")]
)
def test_it_does_not_matter_where_the_bytes_are_cut(text, size):
    body = text.replace("progress: 25%", "进度\uff1a45.5%").encode()
    _, last = stream(*(body[at : at + size] for at in range(0, len(body), size)))

    assert last == Report(ID, Status.SUCCEEDED, 45.5, OUTPUT)


@pytest.mark.parametrize("size", [1, 2, 5, 11])
@pytest.mark.parametrize("key", ["content", "reasoning_content"])
def test_it_does_not_matter_where_the_text_is_cut(size, key):
    said = f"{STARTED}进度\uff1a45.5%\n[watch]({OUTPUT})"
    pieces = [event(said[at : at + size], key) for at in range(0, len(said), size)]

    assert submit("".join(pieces)) == Report(ID, Status.SUCCEEDED, 45.5, OUTPUT)


def test_what_the_stream_may_also_hold_is_no_obstacle():
    text = (
        ": keep-alive\n\nevent: message\nid: 1\nretry: 3000\n"
        'data: {"id":"chatcmpl-123456","object":"chat.completion.chunk","choices":[]}\n\n'
        'data: {"choices":[{"delta":{"role":"assistant"}},{"delta":null},"x",{"delta":{"content":null}}]}\n\n'
        'data: {"choices":null,"usage":{"total_tokens":5}}\n\ndata: 5\n\ndata: [1]\n\ndata:\n\n'
    )

    assert submit(text + SAMPLE) == Report(ID, Status.SUCCEEDED, 25, OUTPUT)


def test_frames_may_name_the_facts_themselves():
    frames = f'data: {{"task_id": "{ID}", "progress": 40}}\n\ndata: {{"video_url": "{OUTPUT}"}}\n\n'

    assert submit(frames) == Report(ID, Status.SUCCEEDED, 40, OUTPUT)


def test_data_may_be_plain_text():
    assert submit(f"data: task_id: {ID}\n\ndata: progress: 4%\n\n") == Report(ID, Status.RUNNING, 4)


def test_an_event_has_so_many_documents_at_most():
    assert submit(
        f"{event(STARTED)}data: {'[] ' * 100}[DONE]\n\n{event('progress: 9%')}"
    ) == Report(ID, Status.RUNNING, 9)


def test_nothing_counts_after_the_end():
    on_the_way, last = stream(event(STARTED), "data: [DONE]\n\n", "never read")

    assert len(on_the_way) == 2
    assert last == Report(ID, Status.RUNNING)
    assert submit(event(STARTED) + "data: [DONE]\n\n" + event("progress: 9%")) == last


def test_an_end_without_a_url_leaves_the_task_to_the_query_wire():
    report = submit(event(STARTED) + event("progress: 60%"))
    assert report == Report(ID, Status.RUNNING, 60)

    completed = answer({"id": ID, "status": "completed", "video_url": OUTPUT})
    found, sent = drive(CHAT.status(task_of(CHAT, ID)), completed)
    assert found == Report(ID, Status.SUCCEEDED, video_url=OUTPUT)
    assert sent == [Request("GET", "/v1/video/query", query={"id": ID})]


def test_a_stream_that_breaks_right_after_the_id_has_lost_nothing():
    on_the_way, last = stream(event(f"task_id: {ID}"))

    assert on_the_way[-1] == Report(ID, Status.RUNNING)
    assert last == Report(ID, Status.RUNNING)


def test_a_stream_that_breaks_inside_an_event_still_says_what_it_said():
    _, last = stream(event("task_id: sora-2:77"), 'data: {"choices":[{"delta":{"content":"pro')

    assert last == Report("sora-2:77", Status.RUNNING)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "data: [DONE]\n\n",
        event("I am sorry, I cannot make videos."),
        event("The id is chatcmpl-123456, and task_id: chatcmpl-123456 too."),
        '{"id":"chatcmpl-123456","object":"chat.completion"}',
        '{"id":"chatcmpl-123456","choices":[{"message":{"content":"no"}}]}',
        "[1, 2]",
        "<html><title>Dashboard</title></html>",
        "just text",
    ],
)
def test_an_end_without_id_and_url_is_malformed_and_never_sent_again(text):
    with pytest.raises(ProviderError) as caught:
        submit(text)

    assert caught.value.kind == "malformed"
    assert not caught.value.retryable


def test_what_a_model_says_instead_of_working_is_shown():
    with pytest.raises(ProviderError, match="I cannot make videos"):
        submit(event("I cannot make videos."))


@pytest.mark.parametrize(
    ("text", "kind", "message"),
    [
        (event("❌ content policy violation"), "content_policy", "❌ content policy violation"),
        (event("生成失败"), "server", "生成失败"),
        (event("Error: rate limit reached"), "rate_limited", "Error: rate limit reached"),
        (
            event('{"error":{"message":"no funds","code":"insufficient_quota"}}'),
            "insufficient_funds",
            "no funds",
        ),
        ('data: {"error":{"message":"boom"}}\n\n', "server", "boom"),
        ('data: {"error":{"code":"model_not_found"}}\n\n', "model_unavailable", "model_not_found"),
        ('data: {"error":{"param":1}}\n\n', "server", "failed without a reason"),
        ('data: {"error":"first"}\n\ndata: {"error":"second"}\n\n', "server", "first"),
        ('{"error":{"message":"no","type":"billing_error"}}', "insufficient_funds", "no"),
        ('{"choices":[{"message":{"content":"Error: no"}}]}', "server", "Error: no"),
        ('{"choices":[], "error":{"message":"no"}}', "server", "no"),
    ],
)
def test_an_error_before_the_task_is_known_is_typed(text, kind, message):
    with pytest.raises(ProviderError) as caught:
        submit(text, **{"x-request-id": "r-1"})

    assert (caught.value.kind, caught.value.message) == (kind, message)
    assert caught.value.request_id == "r-1"
    assert not caught.value.retryable


@pytest.mark.parametrize(
    ("text", "status", "error"),
    [
        (event("生成失败"), Status.FAILED, TaskError("server", None, "生成失败")),
        (
            'data: {"error":{"message":"no","code":"content_policy_violation"}}\n\n',
            Status.FAILED,
            TaskError("content_policy", "content_policy_violation", "no"),
        ),
        (
            'data: {"error":{"message":"upstream gone","code":"upstream_error"}}\n\n',
            Status.RUNNING,
            None,
        ),
        (event('{"error":{"message":"boom"}}'), Status.RUNNING, None),
        (event("Error: timed out while waiting"), Status.RUNNING, None),
    ],
)
def test_an_error_about_the_stream_does_not_fail_the_task(text, status, error):
    assert submit(event(STARTED) + text) == Report(ID, status, error=error)


def test_a_video_outweighs_an_error():
    text = (
        event(STARTED) + event("❌ attempt 1 failed, once more\n") + event(f"video_url: {OUTPUT}")
    )

    assert submit(text) == Report(ID, Status.SUCCEEDED, None, OUTPUT)


def test_an_answer_that_was_not_streamed_is_read_as_one():
    chat = {
        "id": "chatcmpl-1",
        "choices": [{"message": {"content": f"{STARTED}video_url: {OUTPUT}"}}],
    }
    assert submit(json.dumps(chat)) == Report(ID, Status.SUCCEEDED, None, OUTPUT)
    assert submit(json.dumps({"id": ID, "status": "queued"})) == Report(ID, Status.QUEUED)


@pytest.mark.parametrize("flow", ["submit", "stream"])
def test_an_answer_that_is_an_error_is_one(flow):
    refused = answer({"error": {"type": "authentication_error", "message": "no"}}, 401)
    running = getattr(CHAT, flow)(PLAN)
    next(running)
    with pytest.raises(ProviderError) as caught:
        running.send(refused)

    assert caught.value.kind == "auth"


def test_the_file_is_where_the_task_says():
    task = task_of(CHAT, video_url=OUTPUT)
    assert drive(CHAT.locate(task)) == (Request("GET", OUTPUT, expects="video"), [])


def test_the_plugin_offers_one_adapter_for_each_wire():
    adapters = anyvideo_adapters()

    assert [adapter.name for adapter in adapters] == [
        "apertis-create",
        "apertis-videos",
        "apertis-chat",
    ]
    assert {(adapter.base_url, adapter.key_env) for adapter in adapters} == {
        ("https://api.apertis.ai", "APERTIS_API_KEY")
    }


FRAMES = st.one_of(
    st.binary(max_size=40),
    st.text(max_size=40).map(event).map(str.encode),
    st.sampled_from(
        [
            STARTED,
            "progress: 25%",
            f"video_url: {OUTPUT}",
            "❌",
            "失败",
            '{"error":',
            "[x](",
            OUTPUT,
        ]
    )
    .map(event)
    .map(str.encode),
    responses({"choices": [{"delta": {"content": STARTED}}], "error": None, "id": "x"}).map(
        lambda response: b"data: " + response.body + b"\n\n"
    ),
    st.just(b"data: [DONE]\n\n"),
)


@given(head=responses({"id": ID, "status": "queued", "choices": []}), chunks=st.lists(FRAMES))
def test_any_answer_ends_in_a_report_or_a_typed_error(head, chunks):
    try:
        on_the_way, last = stream(*chunks, head=head)
    except AnyVideoError:
        return
    assert isinstance(last, Report)
    assert all(report is None or isinstance(report, Report) for report in on_the_way)


@given(chunks=st.lists(FRAMES), data=st.data())
def test_the_stream_and_the_submit_agree_wherever_it_is_cut(chunks, data):
    body = b"".join(chunks)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(body)), max_size=8)))
    edges = [0, *cuts, len(body)]
    pieces = [body[a:b] for a, b in pairwise(edges) if a < b]
    results = []
    for run in (
        lambda: stream(*pieces)[1],
        lambda: drive(
            CHAT.submit(PLAN), Response(200, {"content-type": "text/event-stream"}, body)
        )[0],
    ):
        try:
            results.append(run())
        except ProviderError as error:
            results.append((error.kind, error.message))
    assert results[0] == results[1]


@given(response=responses({"id": ID, "status": "completed", "video_url": OUTPUT}))
def test_any_answer_to_a_poll_ends_in_a_report_or_a_typed_error(response):
    for flow, kind in ((CHAT.status(task_of(CHAT)), Report), (CHAT.locate(task_of(CHAT)), Request)):
        try:
            result, _ = drive(flow, response)
        except AnyVideoError:
            continue
        assert isinstance(result, kind)

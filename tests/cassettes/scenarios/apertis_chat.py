"""What happens at Apertis over a chat: progress while the answer streams, and how a stream ends."""

from anyvideo import AmbiguousSubmitError, ExpiredError, Status, Task, TaskFailedError, VideoJob
from tests.cassettes.scenario import Raises, Scenario
from tests.cassettes.scenarios.apertis import (
    HOST,
    RETIRED,
    SIBLING,
    SORA_ID,
    URL,
    is_home,
    list_wire,
    refused,
)
from tests.cassettes.scenarios.apertis_bodies import PAGE

CHAT = VideoJob("Generate a video of a serene lake with mountains")
MODERATED = {"task.error.kind": "content_policy"}
PLAIN_URL = "https://storage.example.com/videos/output"
OLD = Task("apertis-chat", "apertis-chat", HOST, SORA_ID, "sora-2", Status.SUCCEEDED, video_url=URL)


def watch_chat(client, folder):
    """What is known of the task whenever it changes, and the video."""
    seen: list[Task] = []
    video = client.generate(
        CHAT, folder / "video.mp4", "apertis-chat/sora-2", seen.append, policy=RETIRED
    )
    return [(task.id, task.status, task.progress, task.video_url) for task in seen], video


def chat_with_options(client, _):
    job = VideoJob("日出", options={"apertis-chat": {"temperature": 0}})
    return client.submit(job, "apertis-chat/sora-2-pro", policy=RETIRED)


def chat(client, folder):
    return client.generate(CHAT, folder / "video.mp4", "apertis-chat/sora-2", policy=RETIRED)


def submit_chat(client, _):
    return client.submit(CHAT, "apertis-chat/sora-2", policy=RETIRED)


def is_done_chat(task):
    assert (task.id, task.status, task.video_url) == (SORA_ID, Status.SUCCEEDED, URL)


def are_running(tasks):
    assert [(task.id, task.status) for task in tasks] == [(SORA_ID, Status.RUNNING)] * 3


def is_live(result):
    seen, video = result
    assert seen == [
        (SORA_ID, Status.RUNNING, None, None),
        (SORA_ID, Status.RUNNING, 25.0, None),
        (SORA_ID, Status.SUCCEEDED, 25.0, URL),
    ]
    is_home(video)


def is_plain(result):
    seen, video = result
    assert [facts[2:] for facts in seen] == [(25, None), (25, PLAIN_URL), (25, PLAIN_URL)]
    is_home(video)


def is_quarter_told(video):
    is_home(video)
    assert (video.task.id, video.task.progress) == (SORA_ID, 25)


def is_half_told(video):
    is_home(video)
    assert (video.task.id, video.task.progress) == (SORA_ID, 45.5)


SCENARIOS = [
    Scenario("apertis-chat", "done", chat, is_home, PAGE),
    Scenario("apertis-chat", "progress", watch_chat, is_live, PAGE, trickles=True),
    Scenario("apertis-chat", "reasoning", chat, is_quarter_told, SIBLING),
    Scenario("apertis-chat", "fields", watch_chat, is_plain, SIBLING, trickles=True),
    Scenario("apertis-chat", "whole", chat, is_home, SIBLING),
    Scenario(
        "apertis-chat",
        "after-done",
        chat,
        is_home,
        "made up: what follows [DONE] is not read, and the query wire goes on",
    ),
    Scenario(
        "apertis-chat",
        "error-frames",
        lambda client, folder: [submit_chat(client, folder) for _ in range(3)],
        are_running,
        f"{SIBLING}: a frame that says more about the stream than about the job",
    ),
    Scenario(
        "apertis-chat",
        "refused-in-stream",
        submit_chat,
        refused("content_policy", 200, request_id="req_0123"),
        f"{SIBLING}: an error is the whole stream",
    ),
    Scenario(
        "apertis-chat",
        "nothing-told",
        submit_chat,
        Raises(AmbiguousSubmitError),
        f"{SIBLING}: words alone",
    ),
    Scenario("apertis-chat", "options", chat_with_options, is_done_chat, PAGE),
    Scenario(
        "apertis-chat",
        "no-url",
        chat,
        is_home,
        f"{PAGE}: the stream ends early, the query wire goes on",
    ),
    Scenario("apertis-chat", "failed", chat, Raises(TaskFailedError, MODERATED), SIBLING),
    Scenario("apertis-chat", "split", chat, is_half_told, SIBLING),
    Scenario(
        "apertis-chat",
        "expired",
        lambda client, folder: client.download(OLD, folder / "video.mp4"),
        Raises(ExpiredError),
        "404 of a storage host, then 404 for the task",
    ),
    *list_wire("apertis-chat", submit_chat, is_done_chat),
]

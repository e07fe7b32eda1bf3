"""What happens at Apertis on its first two wires: the page's own answers, and the vendor's error table."""

from pathlib import Path

from attrs import evolve

from anyvideo import (
    AmbiguousSubmitError,
    Character,
    ExpiredError,
    Image,
    Policy,
    ProviderError,
    Status,
    Task,
    TaskFailedError,
    VideoJob,
)
from tests.cassettes.scenario import Raises, Scenario, use_wrong_key
from tests.cassettes.scenarios.apertis_bodies import PAGE

ERRORS = "docs of Apertis, error codes"
GATEWAY = "new-api, as other gateways run it"
SIBLING = "another gateway with the same wire"
RETIRED = Policy(retired="allow")
HOST = "https://api.apertis.ai"
PHOTO = Path(__file__).parents[2] / "images/plain-1280x720.png"
LAKE = VideoJob(
    "A serene lake with mountains in the background at sunset",
    enhance_prompt=True,
    aspect_ratio="16:9",
)
FOREST = VideoJob(
    "A cinematic scene of a person walking through a forest",
    seconds=10,
    size="1280x720",
    watermark=False,
    private=False,
    images=[Image(PHOTO, "reference")],
)
VEO_ID = "veo3:1234567890-abcdefgh"
SORA_ID = "sora-2:1234567890-abcdefgh"
URL = "https://storage.example.com/videos/output.mp4"
QUERIED = Task("apertis-create", "apertis-create", HOST, VEO_ID, "veo-3")
SORA = Task("apertis-videos", "apertis-videos", HOST, SORA_ID, "sora-2")
FAILED = {"task.error.message": "generation failed"}
PICTURE = "characters/my_character.jpg"
OLD = Task(
    "apertis-create", "apertis-create", HOST, VEO_ID, "veo-3", Status.SUCCEEDED, video_url=URL
)


def create(client, folder):
    return client.generate(LAKE, folder / "video.mp4", "apertis-create/veo3")


def submit(client, _):
    return client.submit(LAKE, "apertis-create/veo3")


def generate_sora(client, folder):
    return client.generate(FOREST, folder / "video.mp4", "apertis-videos/sora-2", policy=RETIRED)


def submit_sora(client, _):
    return client.submit(FOREST, "apertis-videos/sora-2", policy=RETIRED)


def submit_veo(client, _):
    images = [Image(PHOTO, "reference")]
    job = VideoJob("A serene lake with mountains", seconds=5, aspect_ratio="16:9", images=images)
    return client.submit(job, "apertis-videos/veo_3_1", policy=RETIRED)


def is_home(video):
    assert video.path.read_bytes()[4:8] == b"ftyp"


def is_enhanced(video):
    is_home(video)
    assert (
        video.task.enhanced_prompt == "A tranquil mountain lake reflecting golden sunset light..."
    )


def is_queued(task):
    assert (task.id, task.status) == (VEO_ID, Status.QUEUED)


def is_queued_sora(task):
    assert (task.id, task.status) == (SORA_ID, Status.QUEUED)


def is_queued_veo(task):
    assert task.id == "video_55cb73b3-60af-40c8-95fd-eae8fd758ade"


def is_remix(task):
    assert (task.id, task.status) == ("sora-2:remix-9876543210-xyz", Status.QUEUED)


def is_character(character):
    assert (character.id, character.username) == ("char_abc123xyz", "my_character")
    assert character.permalink == "https://sora.example.com/characters/my_character"
    assert character.profile_picture_url == f"https://storage.example.com/{PICTURE}"


def create_character(character):
    return lambda client, _: client.create_character(character, "apertis-videos/sora-2")


def refused(kind, status, **more):
    return Raises(ProviderError, {"kind": kind, "status": status, **more})


def list_wire(adapter, play, queued):
    """The errors that every wire of the vendor shares."""
    return [
        Scenario(
            adapter,
            "refused",
            play,
            refused("invalid_request", 400, code="invalid_parameter"),
            ERRORS,
        ),
        Scenario(
            adapter,
            "wrong-key",
            play,
            refused("auth", 401, retryable=False),
            ERRORS,
            use_wrong_key(adapter),
            live=True,
        ),
        Scenario(
            adapter,
            "blocked",
            play,
            refused("permission", 403),
            "the vendor's own client: Cloudflare 1010",
        ),
        Scenario(
            adapter, "no-money", play, refused("insufficient_funds", 402, retryable=False), ERRORS
        ),
        Scenario(adapter, "rate-limited", play, queued, ERRORS),
        Scenario(adapter, "rate-limited-retry-after", play, queued, ERRORS),
        Scenario(adapter, "moderated", play, refused("content_policy", 400), ERRORS),
        Scenario(adapter, "model-gone", play, refused("model_unavailable", 404), ERRORS),
        Scenario(adapter, "malformed", play, Raises(AmbiguousSubmitError), GATEWAY),
    ]


SCENARIOS = [
    Scenario("apertis-create", "done", create, is_enhanced, PAGE, live=True),
    Scenario(
        "apertis-create",
        "late-file",
        lambda client, folder: client.download(
            evolve(QUERIED, status=Status.SUCCEEDED), folder / "video.mp4"
        ),
        is_home,
        PAGE,
    ),
    Scenario(
        "apertis-create",
        "failed",
        create,
        Raises(TaskFailedError, {"task.id": VEO_ID, "task.status": "failed"}),
        f"{PAGE}: no sample, only the word",
    ),
    Scenario(
        "apertis-create",
        "expired",
        lambda client, folder: client.download(OLD, folder / "video.mp4"),
        Raises(ExpiredError),
        "404 of a storage host, then 404 for the task",
    ),
    Scenario(
        "apertis-create",
        "no-file",
        lambda client, _: client.status(QUERIED),
        refused("malformed", 200),
        f"{PAGE}: completed, with the video_url of a running task",
    ),
    Scenario(
        "apertis-create",
        "unknown-task",
        lambda client, _: client.status(QUERIED),
        refused("not_found", 404),
        PAGE,
    ),
    *list_wire("apertis-create", submit, is_queued),
    Scenario("apertis-videos", "done", generate_sora, is_home, PAGE),
    Scenario("apertis-videos", "veo", submit_veo, is_queued_veo, PAGE),
    Scenario("apertis-videos", "failed", generate_sora, Raises(TaskFailedError, FAILED), SIBLING),
    Scenario(
        "apertis-videos",
        "content-json",
        lambda client, folder: client.download(
            Task("apertis-videos", "apertis-videos", HOST, SORA_ID, "sora-2", Status.SUCCEEDED),
            folder / "video.mp4",
        ),
        is_home,
        PAGE,
    ),
    Scenario(
        "apertis-videos",
        "expired",
        lambda client, folder: client.download(
            Task("apertis-videos", "apertis-videos", HOST, SORA_ID, "sora-2", Status.SUCCEEDED),
            folder / "video.mp4",
        ),
        Raises(ExpiredError),
        PAGE,
    ),
    Scenario(
        "apertis-videos",
        "remix-size-kept",
        lambda client, _: client.remix(SORA, "Add dramatic lighting"),
        is_remix,
        PAGE,
    ),
    Scenario(
        "apertis-videos",
        "remix",
        lambda client, _: client.remix(
            SORA, "Add dramatic lighting and slow motion effect", "1280x720"
        ),
        is_remix,
        PAGE,
    ),
    Scenario(
        "apertis-videos",
        "character",
        create_character(
            Character(url="https://example.com/character-video.mp4", timestamps=(1, 3))
        ),
        is_character,
        PAGE,
    ),
    Scenario(
        "apertis-videos",
        "character-from-task",
        create_character(Character(from_task=SORA_ID, timestamps=(0, 2))),
        is_character,
        PAGE,
    ),
    Scenario(
        "apertis-videos",
        "character-nameless",
        create_character(Character(from_task=SORA_ID)),
        refused("malformed", 200, message="answered without the username of the character"),
        f"{PAGE}, without the username",
    ),
    *list_wire("apertis-videos", submit_sora, is_queued_sora),
]

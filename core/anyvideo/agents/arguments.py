"""What the tools take: each field with its words, its bounds and an example."""

from __future__ import annotations

from typing import Any, Literal

from attrs import asdict, frozen

from anyvideo.agents.schema import describe
from anyvideo.model.job import VideoJob
from anyvideo.model.media import Role

State = Literal[
    "submitting", "ambiguous", "queued", "running", "succeeded", "failed", "cancelled", "expired"
]
# A call may wait for its job as long as most clients wait for a call.
MOST_SECONDS = 60
_ID = r"^[A-Za-z0-9_-]{1,64}$"
_MODEL = "An offer such as 'apiyi/sora-2', a model at every vendor such as 'sora-2', 'kling*', or a"


@frozen
class ImageArgument:
    """An image of a job."""

    source: str = describe(
        "An http(s) URL that the vendor can fetch, or the path of a file in the folder of this"
        " server, relative to it.",
        minLength=1,
        maxLength=4096,
        examples=["frames/first.png", "https://example.com/first.png"],
    )
    role: Role = describe(
        "Whether the video starts from the image, ends with it, or refers to it.",
        default="first_frame",
    )


@frozen
class CharacterArgument:
    """A person or thing of a job that stays the same."""

    url: str | None = describe("The http(s) URL of a video that shows it.", default=None)
    from_task: str | None = describe(
        "In place of a URL, the vendor's id of an earlier video.", default=None
    )
    timestamps: tuple[float, ...] | None = describe(
        "The start and the end, in seconds, of the 1 to 3 seconds that show it.",
        default=None,
        minItems=2,
        maxItems=2,
        examples=[[1, 3]],
    )


@frozen
class JobArguments:
    """The clip to make; a field that is left out is the vendor's choice."""

    prompt: str = describe(
        "What the video shows.",
        minLength=1,
        maxLength=20_000,
        examples=["A red fox runs through fresh snow at dawn"],
    )
    seconds: float | None = describe(
        "The length of the clip in seconds.", default=None, minimum=0.1, maximum=3600, examples=[8]
    )
    size: str | None = describe(
        "Width and height in pixels. It sets aspect_ratio and resolution too.",
        default=None,
        pattern=r"^[0-9]{1,5}x[0-9]{1,5}$",
        examples=["1280x720"],
    )
    aspect_ratio: str | None = describe(
        "Width to height.", default=None, pattern=r"^[0-9.]{1,6}:[0-9.]{1,6}$", examples=["16:9"]
    )
    resolution: str | None = describe(
        "The short side in lines.", default=None, maxLength=16, examples=["720p", "4k"]
    )
    images: tuple[ImageArgument, ...] = describe(
        "Images to start from, to end with or to refer to.", default=(), maxItems=16
    )
    audio: bool | None = describe("Whether the video has sound.", default=None)
    negative_prompt: str | None = describe(
        "What the video does not show.", default=None, maxLength=20_000
    )
    seed: int | None = describe(
        "The seed of the random numbers, for the same video again.",
        default=None,
        minimum=0,
        maximum=2**53 - 1,
    )
    enhance_prompt: bool | None = describe(
        "Whether the vendor may rewrite the prompt.", default=None
    )
    upscale: bool | None = describe("Whether the vendor enlarges the finished video.", default=None)
    watermark: bool | None = describe("Whether the video carries the vendor's mark.", default=None)
    private: bool | None = describe("Whether the video is private at the vendor.", default=None)
    style: str | None = describe("The vendor's name of a style.", default=None, maxLength=200)
    character: CharacterArgument | None = describe(
        "A person or thing to keep the same.", default=None
    )

    def to_job(self) -> VideoJob:
        """Return the job, with its images as they are written.

        Raises:
            JobError: fields contradict each other, or hold what no job can have.
        """
        return VideoJob.from_json(asdict(self, filter=_belongs_to_job))


def _belongs_to_job(attribute: Any, value: object) -> bool:  # noqa: ANN401 (an attribute of any class)
    return value not in (None, ()) and attribute.name not in {"model", "limit"}


@frozen
class CompareArguments(JobArguments):
    """The clip, and the offers that are asked."""

    model: str = describe(f"{_MODEL} list with commas.", default="*", maxLength=1000)
    limit: int = describe(
        "How many offers are listed, the cheapest first.", default=10, minimum=1, maximum=50
    )


@frozen
class QuoteArguments(JobArguments):
    """The clip, and the one offer that makes it."""

    model: str | None = describe(
        f"{_MODEL} route. By default that of the settings.",
        default=None,
        maxLength=1000,
        examples=["apiyi/sora-2"],
    )


def _wait(text: str) -> Any:  # noqa: ANN401 (as `describe`)
    return describe(text, default=0, minimum=0, maximum=MOST_SECONDS)


@frozen
class GenerateArguments:
    """The quote to send."""

    quote_id: str = describe(
        "The quote_id of `quote`.", pattern=_ID, examples=["q-4fGm2cVtXk0aR1bS"]
    )
    wait_seconds: float = _wait("How long to wait for the video, in seconds.")


@frozen
class JobIdArguments:
    """One job, and how long to wait for it."""

    job_id: str = describe(
        "The job_id of `generate` or `list_jobs`.", pattern=_ID, examples=["q-4fGm2cVtXk0aR1bS"]
    )
    wait_seconds: float = _wait("How long to wait for its end, in seconds.")


@frozen
class ListArguments:
    """Which jobs to list."""

    states: tuple[State, ...] = describe("Only jobs in these states.", default=(), maxItems=8)
    limit: int = describe("The most jobs, the newest first.", default=20, minimum=1, maximum=100)
    before: str | None = describe(
        "Only jobs older than the one with this job_id: the last of the page before.",
        default=None,
        pattern=_ID,
        examples=["q-4fGm2cVtXk0aR1bS"],
    )


@frozen
class ModelsArguments:
    """Which models to list."""

    model: str = describe(f"{_MODEL} list with commas.", default="*", maxLength=1000)
    limit: int = describe("The most offers.", default=30, minimum=1, maximum=200)

"""Fits the aspect ratio of a job where the video takes the shape of an image."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import evolve, frozen

from anyvideo.model import sizes
from anyvideo.model.job import VideoJob
from anyvideo.model.media import Image
from anyvideo.model.offer import Images
from anyvideo.model.reasons import Adjustment, Reason
from anyvideo.model.wire import Upload
from anyvideo.negotiation.formats import DROPPED, measure_ratio


@frozen
class RatioFit:
    """What becomes of the ratio that a job asks for: kept, assumed, changed or refused."""

    granted: str | None = None
    assumption: str = ""
    adjustment: Adjustment | None = None
    reason: Reason | None = None


def find_frame(images: Sequence[Image], limits: Images) -> Image | None:
    """Return the image whose shape the video takes, if the vendor has such a rule."""
    if not limits.sets_ratio:
        return None
    frames = [image for image in images if image.role == "first_frame"] or images
    return frames[0] if len(frames) == 1 else None


def leave_ratio_open(job: VideoJob) -> VideoJob:
    """Return the job as it is compared with a tier's formats: by its resolution alone."""
    return evolve(job, size=None, aspect_ratio=None)


def fit_ratio(job: VideoJob, upload: Upload | None, *, rule: str, present: bool) -> RatioFit:
    """Compare the ratio that a job asks for with the shape of the image.

    Args:
        job: The job, which asks for a ratio or a size.
        upload: The image as read from disk; None where the vendor fetches it.
        rule: How far the field may change.
        present: Whether the image is sent.
    """
    asked, name = str(job.aspect_ratio), "size" if job.size else "aspect_ratio"
    if present and (upload is None or upload.width <= 0 or upload.height <= 0):
        text = f"{name} {job.size or asked} needs an image of that shape, which is not known here"
        return RatioFit(asked, assumption=text)
    if upload is None or not present:
        offered, accepted = None, ""
    elif sizes.matches(upload.width / upload.height, asked):
        return RatioFit(asked)
    else:
        offered = sizes.name_ratio(upload.width, upload.height)
        accepted = f"that of the image, {offered}"
    change = DROPPED if rule == "drop" else measure_ratio(asked, offered, rule)
    if change is None:
        text = (
            f"{name} {job.size or asked} is not available; the video takes the shape of its image"
        )
        text += f", which is {offered}; crop the image" if offered else ""
        return RatioFit(reason=Reason(name, job.size or asked, (offered,) if offered else (), text))
    granted = None if rule == "drop" else offered
    adjustment = Adjustment.about(name, asked, granted, accepted, change)
    return RatioFit(granted, adjustment=adjustment)


def join_changes(
    job: VideoJob, changes: Sequence[Adjustment], ratio: RatioFit
) -> tuple[list[Adjustment], dict[str, str | None]]:
    """Return what changes of a picture, and the fields that this sets.

    `changes` are those of the resolution. A job with a size has one change, that of its size.
    """
    every = [*changes, *filter(None, [ratio.adjustment])]
    if not every:
        return [], {}
    resolution = job.resolution if not changes else _read_granted(changes[0])
    granted = {"aspect_ratio": ratio.granted, "resolution": resolution, "size": None}
    if job.size is None:
        return every, granted
    shown = " ".join(filter(None, (ratio.granted, resolution))) or None
    reason = "; ".join(item.reason for item in every)
    change = sum(item.change for item in every)
    return [Adjustment("size", job.size, shown, reason, change)], granted


def _read_granted(change: Adjustment) -> str | None:
    return None if change.granted is None else str(change.granted)

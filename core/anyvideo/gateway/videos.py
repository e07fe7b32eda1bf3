"""Jobs in OpenAI's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anyvideo.model.comparison import Comparison
from anyvideo.model.plan import Plan
from anyvideo.model.reasons import Adjustment
from anyvideo.service import Job
from anyvideo.tasks.status import Status

_PREFIX = "video_"
_WORDS: Mapping[Status, str] = {
    Status.SUBMITTING: "queued",
    Status.QUEUED: "queued",
    Status.RUNNING: "in_progress",
    Status.SUCCEEDED: "completed",
    Status.AMBIGUOUS: "ambiguous",
}
_CODES = {"content_policy": "moderation_blocked"}
_ADVICE = (
    "the paid request left, and its answer was not seen: the job may exist and cost money. Do not"
    " repeat it. Its operator looks for it at the vendor, and runs: anyvideo resume"
)


def write_id(job_id: str) -> str:
    """Return the id of a job as clients see it."""
    return _PREFIX + job_id


def read_id(video_id: str) -> str:
    """Return the id of a job from that of a video; "" where it is none."""
    return video_id.removeprefix(_PREFIX) if video_id.startswith(_PREFIX) else ""


def to_mapping(job: Job, remixed_from: str | None = None) -> dict[str, Any]:
    """Return a job as OpenAI's object; what it has no words for stands in `anyvideo`."""
    record, task = job.record, job.task
    status = "in_progress" if job.fetching and task.status == Status.SUCCEEDED else find_word(job)
    finished = record.finished_at or (task.updated_at if task.status.final else None)
    return {
        "id": write_id(job.id),
        "object": "video",
        "model": record.offer,
        "status": status,
        "progress": 100 if status == "completed" else min(99, int(task.progress or 0)),
        "created_at": int(record.created_at.timestamp()),
        "completed_at": int(finished.timestamp()) if status == "completed" and finished else None,
        "expires_at": None,
        "seconds": _find_seconds(job),
        "size": _find_size(job),
        "prompt": record.job.prompt if record.job else None,
        "remixed_from_video_id": remixed_from,
        "error": _find_error(job),
        "anyvideo": _describe(job),
    }


def find_word(job: Job) -> str:
    """Return OpenAI's word for the state of a job; a job without a video has failed."""
    return _WORDS.get(job.state, "failed")


def _find_seconds(job: Job) -> str | None:
    asked = job.record.job.seconds if job.record.job else None
    facts = job.record.facts
    seconds = asked or job.record.seconds or (facts.seconds if facts else None)
    return None if seconds is None else f"{round(seconds, 2):g}"


def _find_size(job: Job) -> str | None:
    asked, facts = job.record.job, job.record.facts
    if facts is not None and facts.width and facts.height:
        return f"{facts.width}x{facts.height}"
    return asked.size if asked else None


def _find_error(job: Job) -> dict[str, str] | None:
    error, state = job.task.error, job.state
    if state == Status.AMBIGUOUS:
        return {"code": "ambiguous", "message": _ADVICE}
    if not state.final or state == Status.SUCCEEDED:
        return None
    said = error and (error.message or error.code or error.kind)
    code = (error and (error.kind or error.code)) or str(state)
    return {
        "code": _CODES.get(code, code),
        "message": said or f"the job is {state}; the vendor gave no reason",
    }


def _describe(job: Job) -> dict[str, Any]:
    task, plan = job.task, job.plan
    quote = task.quote
    return {
        "state": str(task.status),
        "offer": job.record.offer,
        "task_id": task.id or None,
        "ref": task.ref,
        "quote": None if quote is None else quote.to_mapping(),
        "cost": None if task.cost is None else str(task.cost),
        "currency": quote.currency if quote else None,
        "adjustments": None if plan is None else [_adjust(item) for item in plan.adjustments],
        "problem": job.problem,
    }


def _adjust(item: Adjustment) -> dict[str, Any]:
    return {
        "field": item.field,
        "asked": _plain(item.asked),
        "granted": _plain(item.granted),
        "reason": item.reason,
    }


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def quote_plan(plan: Plan) -> dict[str, Any]:
    """Return what one offer would do for a job, and for how much."""
    return {
        "offer": plan.offer.name,
        "clip": plan.clip,
        "seconds": plan.seconds,
        "quote": plan.quote.to_mapping(),
        "adjustments": [_adjust(item) for item in plan.adjustments],
        "assumptions": list(plan.assumptions),
        "note": plan.offer.note or None,
    }


def quote_all(comparison: Comparison) -> dict[str, Any]:
    """Return the plans by cost, and the refusals with reasons."""
    return {
        "object": "video.quote",
        "plans": [quote_plan(plan) for plan in comparison.plans],
        "refusals": [
            {"offer": refusal.offer.name, "reasons": [str(reason) for reason in refusal.reasons]}
            for refusal in comparison.refusals
        ],
    }

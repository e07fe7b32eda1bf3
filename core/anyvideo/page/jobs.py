"""Pages of jobs: those of one run, and those of the journal."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from anyvideo.batch.orders import Batch
from anyvideo.batch.result import JobResult
from anyvideo.errors import JobError
from anyvideo.files.delivery import read_facts
from anyvideo.journal.entry import Entry
from anyvideo.model.families import find_family
from anyvideo.model.job import VideoJob
from anyvideo.model.plan import Plan
from anyvideo.page.entry import PageEntry
from anyvideo.page.words import describe_facts, describe_job, find_tier
from anyvideo.run.records import is_unbilled
from anyvideo.session.session import Session
from anyvideo.tasks.task import Task


def list_results(
    session: Session, batch: Batch, results: Iterable[JobResult]
) -> tuple[PageEntry, ...]:
    """Return an entry for each job of a run in the order of the list, also for those without a result."""
    ended = {result.number: result for result in results}
    return tuple(
        _describe_result(session, order.plan, ended.get(order.line.number))
        for order in batch.orders
    )


def list_entries(entries: Iterable[Entry]) -> tuple[PageEntry, ...]:
    """Return an entry for each job of the journal."""
    return tuple(map(_describe_entry, entries))


def _describe_result(session: Session, planned: Plan, result: JobResult | None) -> PageEntry:
    plan = (result and result.plan) or planned
    task, video = (result.task, result.video) if result else (None, None)
    quote = task.quote if task and task.quote else plan.quote
    delivered = ""
    if video is not None:
        delivered = "; ".join([describe_facts(video.facts), *map(str, video.differences)])
    return PageEntry(
        name=plan.offer.name,
        provider=plan.provider,
        family=plan.offer.family,
        tier=find_tier(plan.job),
        prompt=plan.asked.prompt,
        asked=describe_job(plan.asked),
        adjustments=(*map(str, plan.adjustments), *plan.assumptions),
        delivered=delivered,
        quoted=quote.amount,
        confidence=quote.confidence,
        billed=task.cost if task else None,
        currency=quote.currency,
        counts=task is not None and not is_unbilled(session, task),
        seconds=_measure(task),
        state=result.state if result else "not sent",
        error=str(result.error) if result and result.error else "",
        clip=video.path if video else None,
    )


def _describe_entry(entry: Entry) -> PageEntry:
    task, model = entry.task, entry.offer.partition("/")[2]
    job = _read_job(entry.job)
    facts = read_facts(entry.facts) if entry.facts else None
    error = task.error
    return PageEntry(
        name=entry.offer,
        provider=task.provider,
        family=find_family(model),
        tier=find_tier(job) if job else "",
        prompt=job.prompt if job else "",
        asked=describe_job(job) if job else "",
        delivered=describe_facts(facts) if facts else "",
        quoted=entry.amount,
        confidence=task.quote.confidence if task.quote else "unknown",
        billed=task.cost,
        currency=entry.currency,
        counts=entry.counts,
        seconds=_measure(task),
        state=str(entry.state),
        error=(error.message or error.code or error.kind or "") if error else "",
        clip=Path(entry.path) if entry.path and (facts or not entry.state.final) else None,
        made=datetime.fromtimestamp(entry.created, UTC),
    )


def _read_job(text: str) -> VideoJob | None:
    """Return the job of a row; None where it has none, or one of an older release."""
    try:
        return VideoJob.from_json(json.loads(text)) if text else None
    except JobError:
        return None


def _measure(task: Task | None) -> float | None:
    """Return how long a job took that made a video, in seconds, as far as reports tell."""
    if task is None or task.status != "succeeded" or not (task.born_at and task.updated_at):
        return None
    return max(0.0, (task.updated_at - task.born_at).total_seconds())

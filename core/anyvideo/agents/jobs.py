"""How a job stands, in words for a model, with what to do next."""

from __future__ import annotations

from pathlib import Path

from anyvideo.agents.answers import JobAnswer
from anyvideo.agents.arguments import State
from anyvideo.printable import make_line
from anyvideo.service import Job
from anyvideo.tasks.status import Status
from anyvideo.tasks.task import Task

_LONGEST = 500


def is_over(job: Job) -> bool:
    """Say whether waiting changes nothing more: the file is here, or there will be none."""
    if job.state == Status.SUCCEEDED:
        return not job.fetching
    return job.state.final or job.state == Status.AMBIGUOUS


def find_file(job: Job) -> Path | None:
    """Return the file of a job, if it is here."""
    return job.file if job.file is not None and job.file.is_file() else None


def describe_job(job: Job, *, sandbox: bool) -> JobAnswer:
    """Return a job as a model sees it."""
    task, path, work = job.task, find_file(job), job.record.job
    states: dict[Status, State] = {status: status.value for status in Status}
    return JobAnswer(
        job_id=job.id,
        state=states[job.state],
        offer=job.record.offer,
        created_at=job.record.created_at,
        next=_advise(job, path, sandbox=sandbox),
        prompt=work.prompt[:_LONGEST] if work else None,
        progress=task.progress,
        cost=_describe_cost(task),
        file=str(path) if path else None,
        uri=path.as_uri() if path else None,
        bytes=path.stat().st_size if path else None,
        error=_find_error(job),
    )


def _describe_cost(task: Task) -> str:
    quote = task.quote
    if task.cost is not None:
        return f"{task.cost:f} {quote.currency if quote else 'USD'} billed"
    return str(quote) if quote else "unknown"


def _find_error(job: Job) -> str | None:
    error = job.task.error
    said = (error.message or error.code or error.kind) if error else None
    return make_line(said) if said else job.problem


def _advise(job: Job, path: Path | None, *, sandbox: bool) -> str:
    """Return what a model does next, and what the person can do."""
    if job.state == Status.AMBIGUOUS:
        command = f"anyvideo resume {job.record.ref} --task-id ID (or --not-created)"
        person = "it ends with this server's sandbox" if sandbox else f"and then runs: {command}"
        return (
            "Do not repeat this job: it may exist and be billed. Tell the person, who looks for it"
            f" at {job.task.provider}, {person}."
        )
    if job.state == Status.SUBMITTING:
        return "It is being sent, or was when a server ended: never repeat it, and call status."
    if path is not None:
        return "The file is here."
    if job.state == Status.SUCCEEDED:
        fetch = "The file is on its way" if job.fetching else "The file is not here yet"
        return f"{fetch}; call download."
    if job.state.final:
        return "There is no video. Call quote for another attempt, if the person wants one."
    return "Call status with wait_seconds to wait for it; it goes on by itself."

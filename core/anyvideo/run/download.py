"""Downloads the file: streamed to a .part file, resumed after a cut, checked, renamed at the end.

A failed download never fails the task: the error carries it, and `download` can be called again.
What has arrived is kept, and only the rest is fetched.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import evolve

from anyvideo.dialects.diagnosis import diagnose
from anyvideo.errors import (
    DownloadError,
    ExpiredError,
    JobError,
    JournalError,
    ProviderError,
    TaskFailedError,
    attach_task,
)
from anyvideo.files import mp4
from anyvideo.files.delivery import find_differences, write_facts
from anyvideo.files.part_file import PartFile, explain
from anyvideo.journal.entry import Entry
from anyvideo.limits import LEAST_PROGRESS_BYTES
from anyvideo.model.job import VideoJob
from anyvideo.model.wire import Request, Response
from anyvideo.run.attempt import Attempt
from anyvideo.run.flows import drive, perform, send
from anyvideo.run.identity import is_same_job
from anyvideo.run.poll import poll
from anyvideo.run.records import emit_state, explain_failure, keep
from anyvideo.session.session import Session
from anyvideo.tasks.report import Report, TaskError
from anyvideo.tasks.status import Status
from anyvideo.tasks.task import Facts, Task, Video
from anyvideo.transport.steps import Ask, Sleep, Steps, Transfer, Work

if TYPE_CHECKING:
    from filelock import FileLock

logger = logging.getLogger("anyvideo")


_REFUSED = frozenset({401, 403})
_GONE = frozenset({404, 410})


class _UrlGoneError(Exception):
    """A result URL answered that the file is gone, or refused."""

    def __init__(self, status: int) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status


class _NoVideoError(Exception):
    """The vendor calls a job complete, and says in place of its file that it failed."""

    def __init__(self, report: Report) -> None:
        super().__init__(str(report.status))
        self.report = report


def download(  # noqa: PLR0913 (what is fetched, to where, and how)
    session: Session,
    task: Task,
    target: Path,
    ordered: VideoJob | None = None,
    *,
    overwrite: bool = False,
    passing: bool = False,
    publish: Callable[[Path], str] | None = None,
) -> Steps[Video]:
    """Fetch the file of a task that succeeded; `ordered` is the job where the journal has none.

    `publish` brings the checked file to its place and returns that; one only `passing` has none.

    Raises:
        ExpiredError: the vendor no longer has it.
        TaskFailedError: the vendor says only now that the job failed.
        DownloadError: it could not be fetched; carries the task.
    """
    task = yield from _require_video(session, task)
    session.provider_of(task).require_key()
    try:
        facts = yield from _fetch_alone(session, task, target, overwrite=overwrite)
    except OSError as error:
        raise DownloadError(explain(target, error), task=task) from error
    except ExpiredError as error:
        yield from _note_expiry(session, task, error)
        raise
    except _NoVideoError as found:
        raise (yield from _note_failure(session, task, found.report)) from None
    except ProviderError as error:
        raise _explain_fetch(task, error) from error
    except BaseException as error:
        attach_task(error, task)
        raise
    place, video = (
        None if passing else str(target),
        Video(target, task, target.stat().st_size, facts),
    )
    return (yield from _deliver(session, video, ordered, publish or (lambda _: place)))


def _deliver(
    session: Session,
    video: Video,
    ordered: VideoJob | None,
    publish: Callable[[Path], str | None],
) -> Steps[Video]:
    """Compare a file with its order, bring it to its place, and note that."""
    task = video.task
    job = (yield from _find_order(session, task)) or ordered
    video = evolve(video, differences=find_differences(job, video.facts))
    place: str | None = yield Work(partial(publish, video.path))
    yield from keep(session, task, path=place, facts=write_facts(video))
    alias = session.provider_of(task).alias
    session.emit("download", task, alias, path=str(video.path), bytes=video.size)
    return video


def _explain_fetch(task: Task, error: ProviderError) -> DownloadError:
    message = f"the video of {task.id} could not be fetched ({error}); download it again"
    return DownloadError(message, task=task)


def _note_expiry(session: Session, task: Task, error: ExpiredError) -> Steps[None]:
    """Note that the file of a task is gone, so that nobody is told to fetch it."""
    error.task = gone = evolve(task, error=TaskError(error.kind, None, error.message))
    yield from keep(session, gone)


def _note_failure(session: Session, task: Task, report: Report) -> Steps[TaskFailedError]:
    """Note that a job called complete has failed, and return the error that says why."""
    failed = evolve(task, status=report.status, error=report.error)
    yield from keep(session, failed)
    emit_state(session, failed)
    return explain_failure(failed)


def _require_video(session: Session, task: Task) -> Steps[Task]:
    """Return a task that succeeded; ask once how it stands if it had not ended."""
    if not task.status.final:
        task = yield from poll(session, task, patient=True)
    if task.status != Status.SUCCEEDED:
        kind = ExpiredError if task.status == Status.EXPIRED else DownloadError
        message = f"task {task.id} is {task.status}; there is no video to fetch"
        raise kind(message, task=task)
    return task


def _fetch_alone(session: Session, task: Task, target: Path, *, overwrite: bool) -> Steps[Facts]:
    """Fetch the file while no other process does, and move it to its place."""
    attempt, part = Attempt(session, session.provider_of(task), "locate", task), PartFile(target)
    lock: FileLock = yield Work(part.lock)
    try:
        facts = yield from _fetch(attempt, task, part)
        yield Work(partial(part.finish, overwrite=overwrite))
    finally:
        part.release(lock)
    return facts


def _find_order(session: Session, task: Task) -> Steps[VideoJob | None]:
    """Return the job that was ordered, if the journal has it."""
    if session.journal is None or not task.ref:
        return None
    try:
        entry: Entry | None = yield Ask(session.journal, lambda journal: journal.get(task.ref))
        if entry is None or not entry.job or not is_same_job(task, entry.task):
            return None
        return VideoJob.from_json(entry.job)
    except (JournalError, JobError) as error:
        logger.warning("%s; %s cannot be compared with its order", error, task.id)
        return None


def _fetch(attempt: Attempt, task: Task, part: PartFile) -> Steps[Facts]:
    """Fetch until the part is whole: resume after cuts, ask for a fresh URL once it has expired.

    Attempts are counted only while next to nothing arrives, so that a connection that breaks every
    few megabytes still delivers the file.
    """
    number, waited, most, renewed, broken = 0, 0.0, part.size, False, False
    head = Response(0)
    while True:
        number += 1
        try:
            head = yield from _attempt(attempt, task, part)
            return (yield Work(partial(mp4.read, part.path)))  # type: ignore[no-any-return]  # its own result
        except _UrlGoneError as gone:
            if renewed:
                raise _explain_gone(task, gone) from gone
            task, renewed = (yield from _renew(attempt.session, task)), True
        except mp4.Mp4Error as error:
            part.forget()
            # Without a length, a cut looks like an end; with one, this is what the vendor has.
            if broken or "content-length" in head.headers:
                message = (
                    f"what arrived is not a whole MP4 video ({error}); it is kept as {part.path}"
                )
                raise DownloadError(message) from error
            broken = True
        except ProviderError as error:
            error.provider = error.provider or attempt.provider.alias
            if part.size >= most + LEAST_PROGRESS_BYTES:
                number, waited, most = 1, 0.0, part.size
            retry = attempt.session.retry
            pause = retry.pause(number, waited, error) if error.retryable else None
            if pause is None:
                raise
            waited += pause
            attempt.emit_retry(error, pause)
            yield Sleep(pause)


def _explain_gone(task: Task, gone: _UrlGoneError) -> DownloadError:
    if gone.status in _GONE:
        return ExpiredError(f"the vendor no longer has the video of {task.id} ({gone})", task=task)
    message = f"the video of {task.id} is refused ({gone}), at a fresh URL too; its link may be"
    return DownloadError(f"{message} bound to another address: download it from there", task=task)


def _renew(session: Session, task: Task) -> Steps[Task]:
    """Ask for the task again, for a fresh URL; raise an ExpiredError if the video is gone."""
    gone = f"the vendor no longer has the video of {task.id}"
    bare = evolve(task, video_url=None, status=Status.RUNNING)
    try:
        fresh = yield from poll(session, bare, patient=True)
    except ProviderError as error:
        if error.kind == "not_found":
            message = f"{gone} ({error.message})"
            raise ExpiredError(message, task=task) from error
        raise
    if fresh.status.final and fresh.status != Status.SUCCEEDED:
        message = f"{gone}: it is {fresh.status}"
        raise ExpiredError(message, task=task)
    return evolve(fresh, status=Status.SUCCEEDED)


def _attempt(attempt: Attempt, task: Task, part: PartFile) -> Steps[Response]:
    """Run the adapter's locate flow once and fetch what it finds; return the head of the file."""
    last: list[tuple[Request, Response]] = []

    def ask(request: Request) -> Steps[Response]:
        fetches = request.expects == "video"
        answer = yield from (transfer(request) if fetches else send(attempt, request))
        last[:] = [(request, answer)]
        return answer

    def transfer(request: Request) -> Steps[Response]:
        offset, etag, total = yield Work(partial(part.read, task))
        remember, limit = partial(part.remember, task), attempt.session.limit
        step = Transfer(attempt.provider, request, part.path, remember, offset, etag, total, limit)
        return (yield from perform(attempt, step))

    attempt.restart()
    located = yield from drive(attempt, ask, attempt.provider.adapter.locate, task)
    if isinstance(located, Report):
        raise _NoVideoError(located)
    if isinstance(located, bytes):
        yield Work(partial(part.write, located))
        return Response(200, {"content-length": str(len(located))})
    for request, answer in last:
        if request is located:
            return _check_file(answer, own_origin=attempt.provider.owns(request.url))
    return _check_file((yield from transfer(attempt.take(located))), own_origin=False)


def _check_file(response: Response, *, own_origin: bool) -> Response:
    """Return the head of a file; raise what any other answer means."""
    if response.ok and not response.body:
        return response
    if response.status in _GONE | _REFUSED and not own_origin:
        raise _UrlGoneError(response.status)
    raise diagnose(response)

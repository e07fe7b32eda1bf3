"""The seven tools: each takes arguments that were read, and returns an answer."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, time
from typing import NoReturn, Protocol

from attrs import define, evolve, field

from anyvideo.agents import arguments as given
from anyvideo.agents.answers import (
    ComparisonAnswer,
    JobAnswer,
    JobsAnswer,
    ModelAnswer,
    ModelsAnswer,
    PlanAnswer,
    QuoteAnswer,
    SpendAnswer,
)
from anyvideo.agents.folder import Folder
from anyvideo.agents.guard import Guard, count_jobs
from anyvideo.agents.jobs import describe_job, find_file, is_over
from anyvideo.agents.quotes import OpenQuote, QuoteBook
from anyvideo.agents.refusals import RefusalKind, ToolRefusedError
from anyvideo.errors import AnyVideoError
from anyvideo.model.job import VideoJob
from anyvideo.printable import make_line
from anyvideo.service import Job, Service
from anyvideo.tasks.status import Status

# Whose jobs these are in the journal.
OWNER = "mcp"
# How often a call that waits looks at its job, in seconds.
_LOOK = 0.1
# How much of a prompt a person is shown with the question.
_LONGEST = 300
_PAGE = 100


class Call(Protocol):
    """What a tool can do with its client while it runs."""

    @property
    def can_ask(self) -> bool:
        """Whether the client can ask a person."""
        ...

    async def ask(self, question: str, word: str) -> None:
        """Return if the person says yes; raise an error otherwise."""
        ...

    async def report(self, waited: float, longest: float, text: str) -> None:
        """Tell the client how long it has been waited, in seconds, and how the job stands."""
        ...


@define(eq=False)
class Tools:
    """The tools of one server.

    Attributes:
        service: What sends the jobs and brings their files home.
        folder: Where files may be read and are written.
        guard: What may be spent.
        sandbox: Whether the jobs run in a sandbox that ends with this process.
    """

    service: Service
    folder: Folder
    guard: Guard
    sandbox: bool = False
    quotes: QuoteBook = field(init=False)
    _since: datetime = field(init=False)
    _sending: dict[str, asyncio.Task[Job]] = field(
        factory=dict[str, "asyncio.Task[Job]"], init=False
    )

    def __attrs_post_init__(self) -> None:
        session = self.service.client.session
        self.quotes = QuoteBook(session.clock.now)
        # A restart does not give back what was spent: the journal's jobs of this day count.
        self._since = datetime.combine(session.now.date(), time(), UTC)

    async def close(self) -> None:
        """Wait for the jobs that are being sent."""
        await asyncio.gather(*self._sending.values(), return_exceptions=True)

    async def compare(self, asked: given.CompareArguments) -> ComparisonAnswer:
        """Return what each offer would do for a job; nothing is sent."""
        job, client = self._read_job(asked), self.service.client
        # In a thread, because it reads the images and asks every offer.
        comparison = await asyncio.to_thread(client.compare, job, asked.model)
        return ComparisonAnswer.of(comparison, asked.limit)

    async def quote(self, asked: given.QuoteArguments) -> QuoteAnswer:
        """Return one job at one price, to be passed to `generate`; nothing is sent."""
        job, client = self._read_job(asked), self.service.client
        plan = await asyncio.to_thread(client.plan, job, asked.model)
        quote = self.quotes.add(plan)
        await self._refresh()
        return QuoteAnswer(
            quote_id=quote.id,
            expires_at=quote.expires_at,
            plan=PlanAnswer.of(plan),
            spending=self._describe_spending(),
            consent=self.guard.find_objection(plan.quote),
        )

    async def generate(self, asked: given.GenerateArguments, call: Call) -> JobAnswer:
        """Send the job of a quote, once; return how it stands.

        Raises:
            ToolRefusedError: the quote is unknown, or the allowance or the person does not permit it.
            AnyVideoError: the vendor refused; no job was created.
        """
        job = await self._find_sent(asked.quote_id)
        if job is None:
            quote = self.quotes.find(asked.quote_id) or _refuse_quote(asked.quote_id)
            await self._permit(quote, call)
            job = await self._send_once(asked.quote_id)
        return await self._wait(job, asked.wait_seconds, call)

    async def status(self, asked: given.JobIdArguments, call: Call) -> JobAnswer:
        """Return how a job stands, after waiting for its end if that is asked for."""
        job = await self._require_job(asked.job_id)
        return await self._wait(job, asked.wait_seconds, call)

    async def list_jobs(self, asked: given.ListArguments) -> JobsAnswer:
        """Return a page of this server's jobs, also of earlier starts."""
        states = [Status(name) for name in asked.states] or list(Status)
        jobs = await self.service.page(
            OWNER, states=states, limit=asked.limit + 1, before=asked.before
        )
        await self._refresh()
        return JobsAnswer(
            jobs=tuple(self._describe(job) for job in jobs[: asked.limit]),
            more=len(jobs) > asked.limit,
            spending=self._describe_spending(),
        )

    async def download(self, asked: given.JobIdArguments, call: Call) -> JobAnswer:
        """Return a job whose file is in the folder.

        Raises:
            ToolRefusedError: it has no video, or none yet.
            DownloadError: the file cannot be fetched.
        """
        job = await self._require_job(asked.job_id)
        await self._wait(job, asked.wait_seconds, call)
        job = await self._require_job(asked.job_id)
        if job.state != Status.SUCCEEDED:
            kind: RefusalKind = "no_video" if job.state.final else "not_finished"
            raise ToolRefusedError(str(self._describe(job)), kind=kind)
        path = find_file(job) or await self.service.fetch(job)
        return self._describe(evolve(job, file=path, fetching=False, problem=None))

    async def models(self, asked: given.ModelsArguments) -> ModelsAnswer:
        """Return the offers that are on sale."""
        client = self.service.client
        offers = await asyncio.to_thread(client.offers, asked.model)
        live = [offer for offer in offers if offer.retired is None]
        models = tuple(map(ModelAnswer.of, live[: asked.limit]))
        return ModelsAnswer(models=models, more=len(live) - len(models))

    def _read_job(self, asked: given.JobArguments) -> VideoJob:
        return self.folder.admit(asked.to_job())

    async def _find_sent(self, quote_id: str) -> Job | None:
        """Return the job that was sent for a quote, in this process or before."""
        if (sending := self._sending.get(quote_id)) is not None:
            return await asyncio.shield(sending)
        return await self.service.record(OWNER, quote_id)

    async def _permit(self, quote: OpenQuote, call: Call) -> None:
        """Return if a quote may be sent, and count it; ask the person where that is needed."""
        await self._refresh()
        objection = self.guard.find_objection(quote.plan.quote)
        if objection:
            await self._ask(quote, objection, call)

    async def _ask(self, quote: OpenQuote, objection: str, call: Call) -> None:
        cost = quote.plan.quote
        if not call.can_ask:
            message = (
                f"{objection}; nothing was sent, and this client cannot ask the person. The person"
                " can start the server with a higher --max-cost or --max-jobs, use a client that"
                " knows elicitation, or run anyvideo generate"
            )
            raise ToolRefusedError(message, kind="limit")
        shown = make_line(quote.plan.job.prompt)
        shown = shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}..."
        price = "an unknown amount" if cost.amount is None else str(cost)
        question = (
            f"Make one video at {quote.plan.offer.name} for {price}? ({quote.plan.clip})"
            f" Spent so far: {self.guard.describe_spent()} for {count_jobs(self.guard.spent.jobs)}, allowed"
            f" without asking: {self.guard.allowance}. You are asked because {objection}."
            f' The prompt: "{shown}"'
        )
        try:
            await call.ask(question, f"Yes, pay {price}")
        except ToolRefusedError:
            self.quotes.close(quote.id)
            raise

    async def _send_once(self, quote_id: str) -> Job:
        """Send a quote in a task that no caller cancels; a second call for it gets the same job."""
        if quote_id not in self._sending and (quote := self.quotes.find(quote_id)) is not None:
            # Nothing waits from the check of the guard to here: the quote is gone, its cost counted.
            self.quotes.close(quote_id)
            self.guard.commit(f"{OWNER}.{quote_id}", quote.plan.quote)
            sending = self._sending[quote_id] = asyncio.create_task(self._send(quote))
            sending.add_done_callback(self._forget)
        job = await self._find_sent(quote_id)
        return job or _refuse_quote(quote_id)

    async def _send(self, quote: OpenQuote) -> Job:
        try:
            job = await self.service.submit(OWNER, quote.plan, job_id=quote.id)
        except AnyVideoError:
            known = await self.service.record(OWNER, quote.id)
            if known is None:
                self.guard.release(f"{OWNER}.{quote.id}")
            else:
                self.guard.note([known.record])
            raise
        self.guard.note([job.record])
        return job

    def _forget(self, sent: asyncio.Task[Job]) -> None:
        """Forget a job that was sent; the service logs its error, because its caller may be gone."""
        self._sending = {name: task for name, task in self._sending.items() if task is not sent}
        with suppress(asyncio.CancelledError):
            sent.exception()

    async def _refresh(self) -> None:
        """Count the journal's jobs as they stand now."""
        before: str | None = None
        while True:
            jobs = await self.service.page(OWNER, limit=_PAGE, before=before)
            fresh = [job for job in jobs if job.record.created_at >= self._since]
            self.guard.note(job.record for job in fresh)
            if len(fresh) < _PAGE:
                return
            before = fresh[-1].id

    async def _require_job(self, job_id: str) -> Job:
        job = await self._find_sent(job_id)
        if job is None:
            message = f"there is no job {job_id!r}; list_jobs lists all jobs"
            raise ToolRefusedError(message, kind="unknown_job")
        return job

    async def _wait(self, job: Job, seconds: float, call: Call) -> JobAnswer:
        """Return how a job stands once nothing is left to wait for, or after some seconds."""
        # By the time of this machine, as the client waits, and not by the clock of the jobs.
        known, now, reported = job, asyncio.get_running_loop().time, -1
        begin = now()
        while not is_over(known) and (waited := now() - begin) < seconds:
            if int(waited) > reported:
                reported = int(waited)
                done = f", {known.task.progress:g} %" if known.task.progress else ""
                await call.report(reported, seconds, f"{known.state}{done}")
            await asyncio.sleep(min(_LOOK, seconds - waited))
            known = await self._require_job(job.id)
        return self._describe(known)

    def _describe(self, job: Job) -> JobAnswer:
        return describe_job(job, sandbox=self.sandbox)

    def _describe_spending(self) -> SpendAnswer:
        spent, allowed = self.guard.describe_spent(), str(self.guard.allowance)
        return SpendAnswer(spent=spent, allowed=allowed, jobs=self.guard.spent.jobs)


def _refuse_quote(quote_id: str) -> NoReturn:
    message = (
        f"there is no quote {quote_id!r}, or it was used for a job that was never created; nothing"
        " was sent; call quote again"
    )
    raise ToolRefusedError(message, kind="unknown_quote")

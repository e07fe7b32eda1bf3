"""The requests that cost money: create and remix."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal

from attrs import frozen
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from anyvideo.errors import AnyVideoError
from anyvideo.gateway.bodies import Body, read_body
from anyvideo.gateway.failures import ForbiddenError, explain, refuse
from anyvideo.gateway.keys import Owner
from anyvideo.gateway.orders import Order, read_order
from anyvideo.gateway.repeats import Fate, Repeats
from anyvideo.gateway.videos import read_id, to_mapping, write_id
from anyvideo.model.plan import Plan
from anyvideo.service import Job, Service, name_job

_LONGEST_KEY = 256
Send = Callable[[str], Awaitable[Job]]


@frozen
class Creates:
    """Creates jobs, each at most once.

    Attributes:
        service: The service.
        repeats: The creates without a key.
    """

    service: Service
    repeats: Repeats

    async def create(self, request: Request, owner: Owner) -> Response:
        """Answer `POST /v1/videos`."""
        body = await read_body(request)
        session = self.service.client.session
        order = read_order(body.fields, session.config.policy)
        gate = _Gate(owner, order, self.service)

        async def send(job_id: str) -> Job:
            return await self.service.submit(
                owner.name,
                order.job,
                order.model,
                job_id=job_id,
                policy=order.policy,
                on_plan=gate,
            )

        return await self._send(request, owner, body, send)

    async def remix(self, request: Request, owner: Owner) -> Response:
        """Answer `POST /v1/videos/{id}/remix`."""
        body = await read_body(request)
        old = await find_video(self.service, request, owner)
        fields = {name: value for name, value in body.fields.items() if name != "model"}
        order = read_order(fields, self.service.client.session.config.policy)
        gate = _Gate(owner, order, self.service)

        async def send(job_id: str) -> Job:
            return await self.service.remix(
                owner.name, old, order.job.prompt, order.job.size, job_id, gate
            )

        named = Body(body.fields, name_job(f"{body.digest} {old.id}") * 2)
        return await self._send(request, owner, named, send, old.id)

    async def _send(
        self, request: Request, owner: Owner, body: Body, send: Send, old: str | None = None
    ) -> Response:
        """Send a job under the id that its key or its body leads to."""
        if (key := request.headers.get("idempotency-key")) is not None:
            if not 0 < len(key) <= _LONGEST_KEY:
                message = f"Idempotency-Key takes 1 to {_LONGEST_KEY} characters"
                refuse(message, param="Idempotency-Key")
            return _answer(await send(name_job(f"key {key}")), old)
        attempt = await self.repeats.begin(owner.name, body.digest, repeats=_is_repeat(request))
        try:
            job = await send(attempt.job_id)
        except AnyVideoError as error:
            if explain(error).wait is not None:
                attempt.fate = Fate.INVITED
            else:
                self.repeats.forget(owner.name, body.digest, attempt)
            raise
        attempt.fate = await _find_fate(request)
        return _answer(job, old)


@frozen
class _Gate:
    """Stands before each plan: the key's models, and the most that the job may cost."""

    owner: Owner
    order: Order
    service: Service

    def __call__(self, plan: Plan, _: AnyVideoError | None) -> None:
        if not self.owner.may_send(plan):
            message = f"this key may not use {plan.offer.name}; nothing was sent"
            raise ForbiddenError(message)
        self.order.check_cost(plan, self.service.client.session.config.currencies)


def _is_repeat(request: Request) -> bool:
    """Say whether an SDK repeats a create whose answer it did not see."""
    count = request.headers.get("x-stainless-retry-count", "0")
    return count.isdecimal() and Decimal(count) > 0


async def _find_fate(request: Request) -> Fate:
    """Say whether the client is still there: one that left is heard of at once."""
    hearing = asyncio.ensure_future(request.receive())
    done, _ = await asyncio.wait({hearing}, timeout=0)
    hearing.cancel()
    left = done and hearing.result()["type"] == "http.disconnect"
    return Fate.LOST if left else Fate.DELIVERED


def _answer(job: Job, old: str | None) -> Response:
    body = to_mapping(job, None if old is None else write_id(old))
    return JSONResponse(body, headers={"x-should-retry": "false"})


async def find_video(service: Service, request: Request, owner: Owner) -> Job:
    """Return the job that a path names.

    Raises:
        RefusedError: this owner has no such job.
    """
    video_id = str(request.path_params["video_id"])
    job_id = read_id(video_id)
    job = await service.record(owner.name, job_id) if job_id else None
    if job is None:
        message = f"Video with id '{video_id[:80]}' not found."
        refuse(message, status=404, code="not_found", param="video_id")
    return job

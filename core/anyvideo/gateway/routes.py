"""The requests that cost nothing: status, list, content, delete, quotes and models."""

from __future__ import annotations

import asyncio
import logging

from attrs import frozen
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response

from anyvideo.errors import AnyVideoError, JobError
from anyvideo.gateway.bodies import read_body
from anyvideo.gateway.creates import find_video
from anyvideo.gateway.failures import refuse
from anyvideo.gateway.keys import Owner
from anyvideo.gateway.metrics import MEDIA_TYPE, Metrics
from anyvideo.gateway.orders import read_order
from anyvideo.gateway.videos import find_word, quote_all, read_id, to_mapping, write_id
from anyvideo.model.comparison import Comparison
from anyvideo.service import Job, Service
from anyvideo.tasks.status import Status

logger = logging.getLogger("anyvideo")

_MOST_LISTED, _LISTED = 100, 20


@frozen
class Routes:
    """Answers what costs nothing.

    Attributes:
        service: The service.
        metrics: The counts.
    """

    service: Service
    metrics: Metrics

    async def retrieve(self, request: Request, owner: Owner) -> Response:
        """Answer `GET /v1/videos/{id}`."""
        return JSONResponse(await self._show(await find_video(self.service, request, owner)))

    async def list_videos(self, request: Request, owner: Owner) -> Response:
        """Answer `GET /v1/videos`, a page."""
        query = request.query_params
        limit, order, after = (
            query.get("limit", str(_LISTED)),
            query.get("order", "desc"),
            query.get("after"),
        )
        if not limit.isdecimal() or not 1 <= int(limit) <= _MOST_LISTED:
            refuse(f"'limit' takes 1 to {_MOST_LISTED}", param="limit")
        if order not in {"asc", "desc"}:
            refuse("'order' takes asc or desc", param="order")
        last = None if after is None else read_id(after) or "none"
        try:
            jobs = await self.service.page(
                owner.name, limit=int(limit) + 1, before=last, rising=order == "asc"
            )
        except JobError:
            message = f"Video with id '{(after or '')[:80]}' not found."
            refuse(message, status=404, code="not_found", param="after")
        shown = [await self._show(job) for job in jobs[: int(limit)]]
        ids = [video["id"] for video in shown]
        body = {
            "object": "list",
            "data": shown,
            "first_id": ids[0] if ids else None,
            "last_id": ids[-1] if ids else None,
            "has_more": len(jobs) > len(shown),
        }
        return JSONResponse(body)

    async def content(self, request: Request, owner: Owner) -> Response:
        """Answer `GET /v1/videos/{id}/content`, with ranges."""
        job = await find_video(self.service, request, owner)
        variant = request.query_params.get("variant", "video")
        if variant != "video":
            message = f"the variant {variant[:40]!r} is not made here; there is 'video'"
            refuse(message, code="unsupported_variant", param="variant")
        if job.state != Status.SUCCEEDED:
            word = find_word(job)
            message = (
                f"Video is not ready: it is {word}. Use GET /v1/videos/{{id}} to see how it stands."
            )
            refuse(message, code="video_not_ready")
        path = await self.service.fetch(job)
        name = f"{write_id(job.id)}.mp4"
        return FileResponse(path, media_type="video/mp4", filename=name)

    async def delete(self, request: Request, owner: Owner) -> Response:
        """Answer `DELETE /v1/videos/{id}`."""
        job = await find_video(self.service, request, owner)
        deleted = await self.service.delete(owner.name, job.id) or job
        goes_on = not deleted.task.status.final
        note = "its vendor cannot cancel it: it goes on, and is billed" if goes_on else None
        known = {"state": str(deleted.task.status), "problem": note}
        body = {"id": write_id(job.id), "object": "video.deleted", "deleted": True}
        return JSONResponse({**body, "anyvideo": known})

    async def quote(self, request: Request, owner: Owner) -> Response:
        """Answer `POST /v1/videos/quote`: what each offer would do, and for how much."""
        client = self.service.client
        body = await read_body(request)
        order = read_order(body.fields, client.session.config.policy, wild=True)
        compared = await asyncio.to_thread(
            client.compare, order.job, order.model or "*", policy=order.policy
        )
        plans = tuple(filter(owner.may_send, compared.plans))
        refusals = tuple(item for item in compared.refusals if owner.may_use(item.offer.name))
        return JSONResponse(quote_all(Comparison(plans, refusals)))

    async def list_models(self, _: Request, owner: Owner) -> Response:
        """Answer `GET /v1/models`: the offers that can be used, their bare names, and the routes."""
        return JSONResponse(
            {"object": "list", "data": await asyncio.to_thread(self._find_models, owner)}
        )

    async def retrieve_model(self, request: Request, owner: Owner) -> Response:
        """Answer `GET /v1/models/{model}`."""
        name = str(request.path_params["model"])
        models = await asyncio.to_thread(self._find_models, owner)
        found = next((model for model in models if model["id"] == name), None)
        if found is None:
            message = f"The model '{name[:80]}' does not exist"
            refuse(message, status=404, code="model_not_found", param="model")
        return JSONResponse(found)

    def _find_models(self, owner: Owner) -> list[dict[str, object]]:
        client = self.service.client
        providers, config = client.session.providers, client.session.config
        usable = {alias for alias, item in providers.items() if item.find_key() is not None}
        offers = [
            offer
            for offer in client.offers("*")
            if offer.name.partition("/")[0] in usable
            and not offer.retired
            and owner.may_use(offer.name)
        ]
        names = {offer.name: offer.name.partition("/")[0] for offer in offers}
        bare = {offer.model: "anyvideo" for offer in offers}
        routes = dict.fromkeys(config.routes, "anyvideo")
        return [
            {"id": name, "object": "model", "created": 0, "owned_by": seller}
            for name, seller in {**names, **bare, **routes}.items()
        ]

    async def health(self, _: Request) -> Response:
        """Answer `GET /healthz`: the process answers."""
        return PlainTextResponse("ok\n")

    async def readiness(self, _: Request) -> Response:
        """Answer `GET /readyz`: new jobs are taken, and the journal can be used."""
        if self.service.closing:
            return PlainTextResponse("closing\n", 503)
        try:
            await self.service.record("serve.ready", "none")
        except AnyVideoError as error:
            logger.warning("%s", error)
            return PlainTextResponse("the journal cannot be used\n", 503)
        return PlainTextResponse("ok\n")

    async def count(self, _: Request) -> Response:
        """Answer `GET /metrics`."""
        return PlainTextResponse(self.metrics.render(self.service.busy), media_type=MEDIA_TYPE)

    async def _show(self, job: Job) -> dict[str, object]:
        source: str | None = None
        if job.record.remixes is not None:
            provider = job.task.provider
            source = await self.service.find_by_task(job.owner, provider, job.record.remixes)
        return to_mapping(job, None if source is None else write_id(source))

"""The gateway as an ASGI application."""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Awaitable, Callable
from functools import partial
from urllib.parse import urlsplit

from attrs import frozen
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from anyvideo.gateway.creates import Creates
from anyvideo.gateway.failures import Failure, RefusedError, explain
from anyvideo.gateway.keys import Keyring, Owner
from anyvideo.gateway.metrics import Metrics
from anyvideo.gateway.repeats import Repeats
from anyvideo.gateway.routes import Routes
from anyvideo.service import Service

Answer = Callable[[Request, Owner], Awaitable[Response]]


def make_app(service: Service, keys: Keyring, *, is_open: bool = False) -> Starlette:
    """Return the application in front of a service that was entered.

    `is_open` says that, without keys, requests to other hosts than this machine are answered.
    """
    metrics = Metrics()
    client = service.client
    client.session.registry.add(metrics)
    routes = Routes(service, metrics)
    creates = Creates(service, Repeats(client.session.clock, service.find_begun))
    guard = _Guard(keys, metrics, service, is_open)

    def route(path: str, method: str, answer: Answer) -> Route:
        return Route(path, partial(guard.answer, path, answer), methods=[method])

    video, models = "/v1/videos/{video_id}", "/v1/models"
    return Starlette(
        routes=[
            route("/v1/videos", "POST", creates.create),
            route("/v1/videos", "GET", routes.list_videos),
            route("/v1/videos/quote", "POST", routes.quote),
            route(video, "GET", routes.retrieve),
            route(video, "DELETE", routes.delete),
            route(f"{video}/content", "GET", routes.content),
            route(f"{video}/remix", "POST", creates.remix),
            route(models, "GET", routes.list_models),
            route(models + "/{model:path}", "GET", routes.retrieve_model),
            Route("/healthz", routes.health),
            Route("/readyz", routes.readiness),
            Route("/metrics", routes.count),
        ],
        exception_handlers={HTTPException: _answer_unknown},
    )


@frozen
class _Guard:
    """Lets a request through to its answer, and puts every failure into OpenAI's envelope."""

    keys: Keyring
    metrics: Metrics
    service: Service
    is_open: bool

    async def answer(self, path: str, answer: Answer, request: Request) -> Response:
        """Answer a request."""
        begun = time.perf_counter()
        try:
            response = await answer(request, self._find_owner(request))
        except Exception as error:  # noqa: BLE001 (whatever it is, clients get the envelope)
            response = _write(explain(error), pays=request.method == "POST")
        status = str(response.status_code)
        took, method = time.perf_counter() - begun, request.method
        count = self.metrics.count
        count("anyvideo_http_requests_total", route=path, method=method, status=status)
        count("anyvideo_http_seconds_total", took, route=path, method=method)
        return response

    def _find_owner(self, request: Request) -> Owner:
        owner = self.keys.find_owner(request.headers.get("authorization"))
        if owner is None:
            message = (
                "Incorrect API key provided, or none. It is a key of this gateway, as a bearer."
            )
            raise RefusedError(Failure(401, message, "invalid_api_key"))
        if not self.keys.keys and not _is_own(request, is_open=self.is_open):
            message = "without keys, pages of other origins may not call this gateway"
            raise RefusedError(Failure(403, message, "foreign_origin"))
        if self.service.closing:
            message = "the gateway is stopping; nothing was sent"
            raise RefusedError(Failure(503, message, "closing", type="server_error", wait=5))
        return owner


def _is_own(request: Request, *, is_open: bool) -> bool:
    """Say whether a request without a key comes from no web page of another origin.

    A browser sends such a page's form to this machine without asking, and the page may give its own
    name this machine's address. It would spend money.
    """
    origin, host = request.headers.get("origin"), request.headers.get("host", "")
    if not is_open and not is_loopback(_find_name(f"//{host}")):
        return False
    return origin is None or urlsplit(origin).netloc == host


def _find_name(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def is_loopback(host: str) -> bool:
    """Say whether only this machine reaches a host."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


async def _answer_unknown(request: Request, error: Exception) -> Response:
    """Answer a path or a method that does not exist."""
    status = error.status_code if isinstance(error, HTTPException) else 404
    message = f"Invalid URL ({request.method} {request.url.path[:200]})"
    return _write(Failure(status, message, "unknown_url"), pays=False)


def _write(failure: Failure, *, pays: bool) -> Response:
    headers = failure.list_headers(pays=pays)
    return JSONResponse(failure.to_mapping(), failure.status, headers=headers)

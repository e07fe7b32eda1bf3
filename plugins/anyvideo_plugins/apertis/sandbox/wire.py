"""Apertis' wire: one host, on which three adapters call different endpoints.

Requests and answers follow the vendor's page "Video API", its errors the page on error codes.
"""

from __future__ import annotations

from collections.abc import Mapping

from anyvideo.sandbox import Route, Vendor, World
from anyvideo_plugins.apertis.sandbox import chat, create, videos
from anyvideo_plugins.apertis.sandbox.errors import no_route, refuse


def _list_limits(world: World) -> Mapping[str, str]:
    """Return the headers of every answer: 3,000 calls a minute for each key."""
    return {
        "x-ratelimit-limit": "3000",
        "x-ratelimit-remaining": "2999",
        "x-ratelimit-reset": str(world.now() + 60),
    }


VENDOR = Vendor(
    name="apertis",
    adapters=("apertis-create", "apertis-videos", "apertis-chat"),
    routes=(
        Route("POST", "/v1/video/create", "order", create.order),
        Route("GET", "/v1/video/query", "poll", create.show),
        Route("POST", "/v1/videos", "order", videos.order),
        Route("GET", "/v1/videos/{id}", "poll", videos.show),
        Route("GET", "/v1/videos/{id}/content", "file", videos.fetch),
        Route("POST", "/v1/videos/{id}/remix", "order", videos.remix),
        Route("POST", "/sora/v1/characters", "order", videos.create_character),
        Route("POST", "/v1/chat/completions", "order", chat.order),
    ),
    refusals={
        "no-key": refuse(401, "authentication_error", "missing_api_key", "Missing API key"),
        "wrong-key": refuse(401, "authentication_error", "invalid_api_key", "Invalid API key"),
        "no-money": refuse(402, "billing_error", "insufficient_balance", "Insufficient balance"),
        "no-task": refuse(404, "invalid_request_error", "task_not_found", "Task ID not found"),
        "no-file": refuse(404, "invalid_request_error", "task_not_found", "Task ID not found"),
        "not-ready": refuse(400, "invalid_request_error", "invalid_request", "Video is not ready"),
        "429": refuse(429, "rate_limit_error", "rate_limit_exceeded", "Rate limit exceeded"),
        "503": refuse(503, "server_error", "service_unavailable", "Service unavailable"),
        "moderated": refuse(
            400,
            "content_policy_error",
            "content_policy_violation",
            "The prompt violates the content policy",
        ),
    },
    no_route=no_route,
    headers=_list_limits,
)

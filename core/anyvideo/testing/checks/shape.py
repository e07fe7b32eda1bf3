"""Checks that an adapter has its attributes and operations, and well-formed offers and requests."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterator, Sequence

from anyvideo.adapters.checks import check_adapter
from anyvideo.errors import PluginError
from anyvideo.model.plan import Plan
from anyvideo.model.wire import Request, describe_request
from anyvideo.testing.checks.case import Case, plan_for
from anyvideo.testing.checks.jobs import make_job

_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]*")
_OPTIONAL = {
    "remix": ("task", "prompt", "size"),
    "create_character": ("character",),
    "cancel": ("task",),
    "find": ("task",),
    "stream": ("plan",),
    "authorize": ("request", "key", "body", "now"),
    "configure": ("settings",),
}


def check_form(case: Case) -> Iterator[str]:
    """Yield what is missing or misnamed in the adapter itself."""
    adapter = case.adapter
    try:
        check_adapter(adapter)
    except PluginError as error:
        yield str(error)
        return
    base_url = adapter.base_url
    if base_url and not base_url.startswith(("http://", "https://")):
        yield f"base_url {base_url!r} is not an http(s) URL"
    if base_url.rstrip("/") != base_url or base_url.endswith("/v1"):
        yield f"base_url {base_url!r} ends in / or /v1; paths of requests begin with /v1 instead"
    if not _VARIABLE.fullmatch(adapter.key_env):
        yield f"key_env {adapter.key_env!r} is not a variable name, such as 'ACME_API_KEY'"
    for name, arguments in _OPTIONAL.items():
        operation = getattr(adapter, name, None)
        if operation is not None and not _takes(operation, arguments):
            yield f"{name} must take ({', '.join(arguments)}); see anyvideo.plugin.Adapter"
    if hasattr(adapter, "configure") and not isinstance(getattr(adapter, "Settings", None), type):
        yield "configure needs `Settings`, an attrs class for what the config may say"


def _takes(operation: object, arguments: Sequence[str]) -> bool:
    try:
        inspect.signature(operation).bind(*arguments)  # type: ignore[arg-type]  # TypeError if it cannot be called
    except TypeError:
        return False
    return True


def check_offers(case: Case) -> Iterator[str]:
    """Yield what is wrong with the rows of the offers."""
    try:
        offers = case.offers
    except PluginError as error:
        yield str(error)
        return
    if not offers:
        yield "nothing is offered; return load_offers(__package__, name) from offers()"
    for offer in offers:
        if not offer.source:
            yield f"{offer.name} has no source; say where its limits are documented"
        for tier in offer.tiers:
            if tier.price is not None and not tier.price.source:
                yield f"{offer.name} has a price without a source; say where it is documented"
        plan = plan_for(offer, offer.tiers[0], make_job(offer.tiers[0]))
        if not isinstance(plan, Plan):
            yield f"{offer.name}: its simplest job cannot be planned: {plan}"


def check_requests(case: Case) -> Iterator[str]:
    """Yield what is wrong with the requests of a submit."""
    for plan in case.plans():
        for problem in _check_submit(case.encode(plan)):
            yield f"{plan.offer.name}: {problem}"


def _check_submit(requests: Sequence[Request]) -> Iterator[str]:
    if not requests or not requests[-1].paid:
        last = f"{requests[-1].method} {requests[-1].url}" if requests else "nothing"
        yield (
            f"submit ends with {last} and has no paid request; mark the one that may create a job "
            "with paid=True, and give each before it a rehearsal={...}: the JSON answer to assume "
            "when only planning"
        )
    for request in requests:
        yield from check_request(request)


def check_request(request: Request) -> Iterator[str]:
    """Yield what is wrong with one request."""
    shown = f"{request.method} {request.url}"
    if not request.url.startswith(("/", "http://", "https://")):
        yield f"{shown}: a URL begins with / (at the provider) or http"
    if request.method != request.method.upper():
        yield f"{shown}: write the method in capitals"
    if any(name.lower() == "authorization" for name in request.headers):
        yield f"{shown}: leave out the Authorization header; the core adds the key"
    bodies = (request.json, request.form or request.files or None, request.content)
    if sum(body is not None for body in bodies) > 1:
        yield f"{shown}: give either json, or form and files, or content"
    for name, value in {**request.query, **(request.form or {}), **request.headers}.items():
        if not isinstance(value, str):
            yield f"{shown}: {name} is {type(value).__name__}; query, form and headers are text"
    try:
        json.dumps([describe_request(request), request.rehearsal], allow_nan=False)
    except (TypeError, ValueError) as error:
        yield f"{shown}: its JSON cannot be encoded: {error}"

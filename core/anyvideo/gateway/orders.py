"""What a body asks for: OpenAI's fields, and beside them any field of a `VideoJob`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from attrs import evolve, fields, frozen

from anyvideo.errors import ConfigError, NegotiationError
from anyvideo.gateway.failures import refuse
from anyvideo.model.currency import Rates
from anyvideo.model.job import VideoJob
from anyvideo.model.plan import Plan
from anyvideo.negotiation.policy import POLICY_FIELDS, Policy
from anyvideo.validation import explain_unknown, is_list, is_object

OWN = "anyvideo"
_FIELDS = ("prompt", "model", "seconds", "size", "input_reference", OWN)
_JOB = tuple(attribute.name for attribute in fields(VideoJob))
_EXTRA = ("policy", "max_cost")
_WILD = re.compile(r"[*?\[,]")
_NUMBER = re.compile(r"\d{1,6}(\.\d{1,6})?", re.ASCII)
_AMOUNT = re.compile(r"(?P<amount>\d{1,12}(?:\.\d{1,12})?)\s*(?P<currency>[A-Z]{3})?", re.ASCII)
_FETCHED = ("http://", "https://", "data:image/")


@frozen
class Order:
    """What a body asks for.

    Attributes:
        job: The job.
        model: The selector; None for the config's default.
        policy: How far each field may change; None for the config's.
        limit: What the job may cost at most; None for no limit.
        currency: The currency of the limit.
    """

    job: VideoJob
    model: str | None = None
    policy: Policy | None = None
    limit: Decimal | None = None
    currency: str = "USD"

    def check_cost(self, plan: Plan, rates: Rates) -> None:
        """Raise a NegotiationError for a plan that can cost more than the limit."""
        if self.limit is None:
            return
        quote, most = plan.quote, f"max_cost is {self.limit} {self.currency}"
        amount = quote.amount
        cost = amount and rates.convert(amount, quote.currency, self.currency)
        if amount is None or cost is None or cost > self.limit or quote.confidence == "estimate":
            known = "its cost is unknown" if amount is None else f"it costs {quote}"
            message = f"{plan.offer.name}: {known}, and {most}"
            raise NegotiationError(message)


def read_order(body: Mapping[str, Any], policy: Policy, *, wild: bool = False) -> Order:
    """Return what a body asks for; only a comparison takes wildcards in `model`.

    Raises:
        RefusedError: a field is unknown or wrong.
        JobError: the job contradicts itself.
    """
    own = _read_own(body)
    data = {name: value for name, value in own.items() if name in _JOB}
    for name in ("prompt", "seconds", "size"):
        if body.get(name) is not None:
            data[name] = _read_seconds(body[name]) if name == "seconds" else body[name]
    images = data.get("images", [])
    listed = list(images) if is_list(images) else [images]
    if (reference := body.get("input_reference")) is not None:
        listed.append(_read_reference(reference))
    for image in listed:
        _check_image(image)
    if listed:
        data["images"] = listed
    if not data.get("prompt"):
        refuse("'prompt' is missing", code="missing_required_parameter", param="prompt")
    job = VideoJob.from_json(data)
    limit, currency = _read_limit(own.get("max_cost"))
    return Order(job, _read_model(body, wild=wild), _read_policy(own, policy), limit, currency)


def _read_own(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the fields that OpenAI's SDKs do not know, after a look at all names."""
    for name in body:
        if name not in _FIELDS:
            hint = f"; anyvideo.{name} is its place" if name in _JOB else ""
            message = explain_unknown(name, list(_FIELDS)) if not hint else "it is not OpenAI's"
            refuse(f"unknown field {name!r}: {message}{hint}", code="unknown_parameter", param=name)
    own: Any = body.get(OWN) or {}
    if not is_object(own):
        refuse("'anyvideo' takes an object", param=OWN)
    for name in own:
        param = f"{OWN}.{name}"
        if name not in (*_JOB, *_EXTRA):
            problem = explain_unknown(name, [*_JOB, *_EXTRA])
            refuse(f"{param}: {problem}", code="unknown_parameter", param=param)
        if body.get(name) is not None:
            refuse(f"{name!r} is given twice: in the body and in 'anyvideo'", param=param)
    return own


def _read_model(body: Mapping[str, Any], *, wild: bool) -> str | None:
    model = body.get("model")
    if model is None or model == "":
        return None
    if not isinstance(model, str):
        refuse("'model' takes a text", param="model")
    if not wild and _WILD.search(model):
        message = f"{model!r} names several models; name one, or a route of the config"
        refuse(message, code="model_not_found", param="model")
    return model


def _read_seconds(value: object) -> object:
    """Return seconds as a number; SDKs send them as text."""
    if not isinstance(value, str):
        return value
    if not _NUMBER.fullmatch(value):
        refuse(f"'seconds' takes a number of seconds, not {value[:40]!r}", param="seconds")
    return int(value) if value.isdecimal() else float(value)


def _read_reference(reference: object) -> Mapping[str, Any]:
    """Return the image of `input_reference`: a file, an object of the SDK, or its URL."""
    if is_object(reference):
        if "file_id" in reference:
            message = "files are not kept here; send the file itself, or its image_url"
            refuse(message, param="input_reference.file_id")
        reference = reference.get("image_url")
    return {"source": reference, "role": "first_frame"}


def _check_image(image: object) -> None:
    """Refuse an image that is neither sent along nor to be fetched: a path is one of this machine."""
    source: object = image.get("source") if is_object(image) else image
    if isinstance(source, bytes):
        return
    if not isinstance(source, str) or not source.startswith(_FETCHED):
        message = "an image is a file of the form, an http(s) URL, or a data: URL of an image"
        refuse(message, code="invalid_image", param="input_reference")


def _read_policy(own: Mapping[str, Any], policy: Policy) -> Policy | None:
    rules = own.get("policy")
    if rules is None:
        return None
    if not is_object(rules):
        refuse("'policy' takes an object of rules", param=f"{OWN}.policy")
    for name in rules:
        if name not in POLICY_FIELDS:
            problem = explain_unknown(name, list(POLICY_FIELDS))
            refuse(f"{OWN}.policy.{name}: {problem}", param=f"{OWN}.policy.{name}")
    try:
        return evolve(policy, **rules)
    except (ConfigError, TypeError) as error:
        refuse(str(error), param=f"{OWN}.policy")


def _read_limit(value: object) -> tuple[Decimal | None, str]:
    if value is None:
        return None, "USD"
    text = str(value) if isinstance(value, str | int | float) else ""
    found = None if isinstance(value, bool) else _AMOUNT.fullmatch(text.strip())
    if found is None:
        message = "'max_cost' takes an amount such as '2.00' or '2.00 EUR'"
        refuse(message, param=f"{OWN}.max_cost")
    return Decimal(found["amount"]), found["currency"] or "USD"

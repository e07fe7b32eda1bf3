"""A plan as JSON text: what a person reviews, and what a later submit is held to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from attrs import asdict, fields

from anyvideo.errors import ConfigError, JobError
from anyvideo.job import Character, VideoJob, dump_json
from anyvideo.offer import Offer, Tier
from anyvideo.plan import Adjustment, Plan
from anyvideo.quote import Quote
from anyvideo.wire import Request, Upload

_VERSION = 1


def write_plan(plan: Plan) -> str:
    """Return a plan as JSON text: requests as they are shown, files by name, size and hash."""
    parts = {name: value for name, value in plan.parts.items() if name != "price"}
    data = {
        "anyvideo_plan": _VERSION,
        "fingerprint": plan.fingerprint,
        "provider": plan.provider,
        "job": plan.job.to_mapping(),
        "asked": plan.asked.to_mapping(),
        "seconds": plan.seconds,
        "adjustments": [_write_adjustment(item) for item in plan.adjustments],
        "quote": plan.quote.to_mapping(),
        "retired": plan.retired,
        **parts,
    }
    return dump_json(data, indent=2)


def _write_adjustment(item: Adjustment) -> dict[str, Any]:
    asked = asdict(item.asked) if isinstance(item.asked, Character) else item.asked
    return {"field": item.field, "asked": asked, "granted": item.granted, "reason": item.reason}


def read_plan(text: str | bytes | Mapping[str, Any]) -> Plan:
    """Return the plan that `write_plan` wrote; its offer holds only what the file says.

    Raises:
        ConfigError: that is no plan, or it was changed after it was made.

    """
    try:
        data = text if isinstance(text, Mapping) else json.loads(text)
        plan = _read(data)
        genuine = plan.fingerprint == data["fingerprint"]
    except JobError as error:
        message = f"that is no plan: {error}"
        raise ConfigError(message) from error
    except (
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        ArithmeticError,
        RecursionError,
    ) as error:
        message = (
            f"that is no plan ({type(error).__name__}: {error}); save what plan.to_json() returns"
        )
        raise ConfigError(message) from error
    if not genuine:
        message = "the plan was changed after it was made; change the job, and plan again"
        raise ConfigError(message)
    return plan


def _read(data: Mapping[str, Any]) -> Plan:
    if data["anyvideo_plan"] != _VERSION:
        message = f"it has the version {data['anyvideo_plan']}, and this release reads {_VERSION}"
        raise ValueError(message)
    asked, job = VideoJob.from_json(data["asked"]), VideoJob.from_json(data["job"])
    requests = tuple(map(_read_request, data["requests"]))
    alias, _, model = data["offer"].partition("/")
    return Plan(
        asked=asked,
        offer=Offer(data["adapter"]["name"], model, data["model"], provider=alias),
        tier=Tier(name=data["tier"]["name"], default_seconds=data["seconds"]),
        quote=Quote.from_mapping(data["quote"]),
        adjustments=tuple(Adjustment(**item) for item in data["adjustments"]),
        granted=_find_granted(asked, job),
        provider=data["provider"],
        origin=data["adapter"]["base_url"],
        release=data["adapter"]["release"],
        number=data["tier"]["number"],
        retired=data["retired"],
        compose=lambda _: requests,
    )


def _find_granted(asked: VideoJob, job: VideoJob) -> dict[str, Any]:
    names = [attribute.name for attribute in fields(VideoJob)]
    return {
        name: getattr(job, name) for name in names if getattr(job, name) != getattr(asked, name)
    }


def _read_request(data: Mapping[str, Any]) -> Request:
    known = {name: value for name, value in data.items() if name != "files"}
    files: dict[str, list[Upload]] = {}
    for item in data.get("files", ()):
        upload = Upload(item["name"], item["type"], "", item["bytes"], item["sha256"], 0, 0)
        files.setdefault(item["field"], []).append(upload)
    return Request(**known, files=files)

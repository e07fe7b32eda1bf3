"""Names of jobs: each begins with its owner, so that the journal alone says whose job it is."""

from __future__ import annotations

import hashlib
import re
import uuid

from anyvideo.errors import ConfigError

# The last part of a ref, which the owner sees, and the longest that is looked up.
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_OWNER = re.compile(r"[a-z0-9][a-z0-9_-]*(\.[a-z0-9][a-z0-9_-]*)?", re.ASCII)


def check_owner(owner: str) -> str:
    """Return the name of an owner, such as "mcp" or "serve.app"; raise a ConfigError for another."""
    if not _OWNER.fullmatch(owner):
        message = f"{owner!r} is no name of an owner; use small letters, digits, - and _"
        raise ConfigError(message)
    return owner


def name_job(key: str | None = None) -> str:
    """Return the id of a new job: the same for the same key of one owner, else a new one.

    The key may be any text; its hash stands in the id.
    """
    if key is None:
        return uuid.uuid4().hex
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def join_ref(owner: str, job_id: str) -> str | None:
    """Return the ref of an owner's job; None where the id cannot be that of a job."""
    return f"{owner}.{job_id}" if _ID.fullmatch(job_id) else None


def split_ref(ref: str) -> tuple[str, str]:
    """Return the owner and the id in a ref."""
    owner, _, job_id = ref.rpartition(".")
    return owner, job_id

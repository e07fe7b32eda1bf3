"""The keys of the gateway's clients. Only their hashes are kept."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from fnmatch import fnmatchcase

from attrs import frozen

from anyvideo.config.serve import ServeKey
from anyvideo.model.plan import Plan
from anyvideo.service import Limit

FAMILY = "serve"
LOCAL = f"{FAMILY}.local"
"""The owner of all jobs where there are no keys."""


@frozen
class Owner:
    """Who makes a request, and which offers may be used."""

    name: str = LOCAL
    models: tuple[str, ...] = ("*",)

    def may_use(self, offer: str) -> bool:
        """Say whether an offer, such as "apiyi/sora-2", may be used."""
        return any(fnmatchcase(offer, pattern) for pattern in self.models)

    def may_send(self, plan: Plan) -> bool:
        """Say whether a plan may be sent."""
        return self.may_use(plan.offer.name)


def make_key() -> str:
    """Return a new key, which nobody can guess."""
    return f"av-{secrets.token_urlsafe(32)}"


def hash_key(key: str) -> str:
    """Return what the config has of a key. A key is random, so its hash needs no salt."""
    return "sha256:" + hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


@frozen
class Keyring:
    """The keys, by name; without keys, everybody is the one local owner."""

    keys: Mapping[str, ServeKey]

    def find_owner(self, authorization: str | None) -> Owner | None:
        """Return whose key a header holds; None where it is no key of this gateway.

        Every key is compared, and in constant time.
        """
        if not self.keys:
            return Owner()
        scheme, _, given = (authorization or "").partition(" ")
        digest, found = hash_key(given.strip()), None
        for name, key in self.keys.items():
            if hmac.compare_digest(key.hash, digest) and scheme.lower() == "bearer":
                found = Owner(f"{FAMILY}.{name}", key.models)
        return found

    def list_limits(self) -> dict[str, Limit]:
        """Return what each owner may have."""
        return {
            f"{FAMILY}.{name}": Limit(key.budget_a_day, key.jobs_at_once)
            for name, key in self.keys.items()
        }

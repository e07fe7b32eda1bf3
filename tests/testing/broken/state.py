"""Adapters that are not the same from call to call, or that keep a key."""

import os
from itertools import count

from tests.acme.sound import Sound


class Counts(Sound):
    caught_by, says = "test_repeatable", "the same call results first in {"
    numbers = count()

    def encode(self, plan, urls):
        return {**super().encode(plan, urls), "nonce": next(self.numbers)}


class ServesOneClientOnly(Counts):
    caught_by, says = "test_clients_agree", "the sync client sends POST /v1/videos {"
    numbers = count()


class SendsTheKey(Sound):
    caught_by, says = "test_key", "POST /v1/videos holds the key; leave it to the core"

    def encode(self, plan, urls):
        return {**super().encode(plan, urls), "key": os.environ.get(self.key_env)}

"""An adapter that puts the time into its requests."""

import time

from tests.acme.sound import Sound


class ReadsTheClock(Sound):
    caught_by, says = "test_imports", "reads_the_clock.py:3 imports time; yield a Request"

    def encode(self, plan, urls):
        return {**super().encode(plan, urls), "at": time.time()}

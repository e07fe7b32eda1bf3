"""An adapter that asks for the date, prints, and reads a file."""

from datetime import date
from urllib import parse as urls

from tests.acme.sound import Sound


class AsksToday(Sound):
    caught_by, says = "test_imports", "asks_today.py:13 reads the clock"

    def parameters(self, plan):
        return {**super().parameters(plan), "day": str(date.today())}  # noqa: DTZ011 (a fault on purpose)


class Prints(AsksToday):
    says = "asks_today.py:20 prints"

    def offers(self):
        print(urls.quote("loading"))  # noqa: T201 (a fault on purpose)
        return super().offers()

"""An adapter that cannot even make a request."""

from tests.acme.sound import Sound


class DividesByZero(Sound):
    caught_by, says = (
        "test_requests",
        "the check cannot go on: ZeroDivisionError: division by zero at",
    )

    def encode(self, plan, urls):
        return 1 / 0

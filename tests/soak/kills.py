"""kill -9 at random moments of a program that makes videos, and then `resume` for all of them."""

import signal
import subprocess
import time
from typing import Any

from tests.soak.orders import WORDS, Orders
from tests.soak.round import Round, run_sandbox

# Further than any lease lasts.
LATER = 7200.0


def play(round_: Round) -> None:
    """Kill one to three workers in turn; the last one resumes what they left."""
    rng = round_.rng
    with run_sandbox() as sandbox:
        orders = Orders(round_, sandbox, rng.randint(2, 8), WORDS)
        incarnations = rng.randint(1, 3)
        for number in range(incarnations):
            worker = orders.launch(LATER * number, resume=bool(number))
            wait_until_ready(worker)
            time.sleep(rng.uniform(0, rng.choice((0.15, 0.6, 2.0))))
            worker.send_signal(signal.SIGKILL)
            orders.finish(worker, (0, -signal.SIGKILL))
            orders.check_paid_once()
        said = orders.finish(orders.launch(LATER * incarnations, resume=True))
        again = orders.finish(orders.launch(LATER * (incarnations + 1)))
        orders.check_paid_once()
        orders.check_known([])
        check_home(round_, orders, said, again)


def wait_until_ready(worker: subprocess.Popen[str]) -> None:
    """Return when a worker has opened its client, or has ended."""
    assert worker.stdout is not None
    worker.stdout.readline()


def check_home(round_: Round, orders: Orders, said: list[Any], again: list[Any]) -> None:
    """Check that a job which nothing befell but kills comes home, or is ambiguous."""
    words = {line["key"]: line["said"] for line in (*said, *again) if "key" in line}
    for order in orders.orders:
        if "fault:" not in order["prompt"]:
            outcome = words.get(order["key"], "nothing")
            round_.check(
                outcome in {"downloaded", "AmbiguousSubmitError"}, f"{order} came to {outcome}"
            )

"""The journal's disk fails: it is full, nobody may write to it, or a file of it is taken away."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from anyvideo.sandbox import Sandbox
from tests.soak.orders import Orders
from tests.soak.round import Round, run_sandbox

# A paid request that had passed the last look at the journal may still be on its way, in seconds.
ON_ITS_WAY = 0.2
# A job of the sandbox writes some 2 KiB to the log; a new journal has about 50 KiB.
SIZES = (0, 4096, 30_000, 60_000, 100_000, 200_000)
# What lets root be refused as anybody else is.
UNPRIVILEGED = ("setpriv", "--bounding-set=-dac_override,-dac_read_search")


def play(round_: Round) -> None:
    """Play one fault."""
    with run_sandbox() as sandbox:
        orders = Orders(round_, sandbox, round_.rng.randint(3, 8), ())
        round_.rng.choice((play_full, play_read_only, play_removed, play_removed))(round_, orders)
        orders.check_paid_once()


def play_full(round_: Round, orders: Orders) -> None:
    """No file can become larger than a few pages."""
    said = orders.finish(orders.launch(most_bytes=round_.rng.choice(SIZES), at_once=2))
    orders.check_known(said)


def play_read_only(round_: Round, orders: Orders) -> None:
    """The folder, and in half of the rounds a journal in it, is nobody's to write."""
    round_.home.mkdir()
    if round_.rng.random() < 0.5:
        orders.finish(orders.launch(orders=[]))
    for path in (*round_.home.iterdir(), round_.home):
        path.chmod(0o555 if path.is_dir() else 0o444)
    said = orders.finish(orders.launch(prefix=() if os.geteuid() else UNPRIVILEGED))
    round_.home.chmod(0o755)
    round_.check(orders.sandbox.posts() == [], f"paid with a read-only journal: {said}")
    round_.check(said and "JournalError" in {line.get("said") for line in said}, f"{said}")


def play_removed(round_: Round, orders: Orders) -> None:
    """A file of the journal, or its folder, is removed after some orders were sent."""
    rng, sandbox = round_.rng, orders.sandbox
    remove = rng.choice((remove_one, remove_one, replace, shutil.rmtree))
    worker = orders.launch(at_once=1)
    wait_for_posts(worker, sandbox, rng.randrange(1, len(orders.orders)))
    time.sleep(rng.random() * rng.choice((0.01, 0.3)))
    copy = round_.folder / "copy"
    remove_from(round_, remove, copy)
    gone = time.time()
    said = orders.finish(worker)
    late = [call.at - gone for call in sandbox.posts() if call.at > gone + ON_ITS_WAY]
    round_.check(late == [], f"paid {late} s after the journal was gone; {said}")
    orders.journal = copy / "journal.sqlite"
    orders.check_known(said)


def remove_from(round_: Round, remove: Callable[[Path], None], copy: Path) -> None:
    """Remove from the journal's folder, and keep a copy of what a backup would have."""
    shutil.copytree(round_.home, copy, dirs_exist_ok=True)
    places = sorted(round_.home.glob("journal.sqlite*"))
    remove(round_.home if remove is shutil.rmtree else round_.rng.choice(places))


def remove_one(path: Path) -> None:
    path.unlink()


def replace(path: Path) -> None:
    """Put an older copy in the place of a file, as a restored backup would."""
    copy = path.with_name("older")
    shutil.copy(path, copy)
    copy.replace(path)


def wait_for_posts(worker: subprocess.Popen[str], sandbox: Sandbox, count: int) -> None:
    """Return when so many orders have arrived, or the worker has ended."""
    while worker.poll() is None and len(sandbox.posts()) < count:
        time.sleep(0.005)

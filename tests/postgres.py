"""A Postgres server of the machine's own binaries, on a socket, for as long as the tests run."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from attrs import define, field

MISSING = "Postgres is not installed; on Debian: apt-get install postgresql"


def find_binary(name: str) -> str:
    """The newest server program of a name; Debian keeps them out of the path."""
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=_read_version)
    found = str(installed[-1]) if installed else shutil.which(name)
    assert found, MISSING
    return found


def _read_version(path: Path) -> float:
    return float(path.parts[-3])


def run_as_nobody(*command: str) -> None:
    """Run a server program as a user who may: Postgres refuses to run as root."""
    prefix = ("runuser", "-u", "postgres", "--") if os.geteuid() == 0 else ()
    done = subprocess.run(
        [*prefix, *command], check=False, capture_output=True, text=True, cwd="/", timeout=60
    )
    assert done.returncode == 0, done.stdout + done.stderr


@define
class Postgres:
    """One server, with its data and its socket in a folder of its own.

    Attributes:
        folder: Where everything is; it is removed at the end.
        databases: How many databases have been made.
    """

    folder: Path = field(factory=lambda: Path(tempfile.mkdtemp(prefix="anyvideo-pg-")))
    databases: int = 0

    def __enter__(self) -> Self:
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres")
        self.folder.chmod(0o755)
        run_as_nobody(
            find_binary("initdb"), "-D", str(self.folder / "data"), "-U", "anyvideo", "-A", "trust",
            "--no-sync", "-E", "UTF8", "--locale=C",
        )  # fmt: skip
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self) -> None:
        """Start the server; it listens on no network."""
        options = f"-c listen_addresses='' -c unix_socket_directories={self.folder} -c fsync=off"
        self._control("start", "-w", "-o", options, "-l", str(self.folder / "log"))

    def stop(self) -> None:
        """Stop the server at once, as a crash does."""
        self._control("stop", "-m", "immediate")

    def make_database(self) -> str:
        """Make an empty database, and return its address."""
        import psycopg

        self.databases += 1
        name = f"journal_{self.databases}"
        with psycopg.connect(self.locate("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self.locate(name)

    def locate(self, database: str) -> str:
        """The address of a database."""
        return f"postgresql://anyvideo@/{database}?host={self.folder}"

    @contextmanager
    def allow(self, rule: str) -> Iterator[None]:
        """Let users in by a rule of its own for a while, such as "all guest password"."""
        rules = self.folder / "data" / "pg_hba.conf"
        before = rules.read_text("utf-8")
        try:
            rules.write_text(f"local {rule}\n{before}", "utf-8")
            self._control("reload")
            yield
        finally:
            rules.write_text(before, "utf-8")
            self._control("reload")

    def _control(self, *command: str) -> None:
        run_as_nobody(find_binary("pg_ctl"), "-D", str(self.folder / "data"), *command)

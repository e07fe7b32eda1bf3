"""The environments of the benchmark: one for each client, below .venv, made once."""

import hashlib
import re
import subprocess
import sys
import tomllib
from pathlib import Path

from attrs import frozen

ROOT = Path(__file__).parents[2]
PINS = Path(__file__).with_name("pins.toml")
_FOLDER = ROOT / ".venv" / "peers"


@frozen
class Environment:
    """The interpreter of one environment, and the version of what was installed there."""

    python: Path
    version: str


def read_pins(group: str) -> dict[str, str]:
    """Return the pinned version of each distribution of a group: `clients`, `gateways` or `chart`."""
    return dict(tomllib.loads(PINS.read_text("utf-8"))[group])


def make_environments() -> dict[str, Environment]:
    """Return an environment for anyvideo, for each pinned client, and for the chart.

    Raises:
        SystemExit: one could not be made, with the last line of pip.
    """
    own = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    print("Preparing the environments below .venv/peers", flush=True)
    made = {"anyvideo": make_environment("anyvideo", str(ROOT), "".join(own["dependencies"]))}
    for group in ("clients", "gateways", "chart"):
        made.update(make_pinned(group))
    return made


def make_pinned(group: str) -> dict[str, Environment]:
    """Return an environment for each pinned distribution of a group.

    Raises:
        SystemExit: one could not be made, with the last line of pip.
    """
    pins = read_pins(group)
    return {name: make_environment(name, f"{name}=={pin}") for name, pin in pins.items()}


def make_environment(name: str, source: str, facts: str = "") -> Environment:
    """Make one environment, unless it is there and was made from the same pin by the same Python."""
    folder = _FOLDER / re.sub(r"\W+", "-", name).strip("-")
    python, stamp = folder / "bin" / "python", folder / "stamp"
    wanted = hashlib.sha256(f"{source} {facts} {sys.version}".encode()).hexdigest()
    if not stamp.is_file() or stamp.read_text("utf-8") != wanted:
        editable = ["-e"] if source == str(ROOT) else []
        run([sys.executable, "-m", "venv", "--clear", str(folder)])
        pip = [str(python), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
        run([*pip, *editable, source])
        stamp.write_text(wanted, "utf-8")
    distribution = name.partition("[")[0]  # without its extras
    code = f"from importlib.metadata import version; print(version({distribution!r}))"
    return Environment(python, run([str(python), "-c", code]).strip())


def run(command: list[str]) -> str:
    """Run a command and return what it printed.

    Raises:
        SystemExit: it failed; its last line says why.
    """
    done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603 (our own commands)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        sys.exit(f"{' '.join(command[1:])} failed: {last}")
    return done.stdout

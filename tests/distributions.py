"""Distributions that tests put on the import path: metadata, an entry point and one module."""

import itertools
import os
import subprocess
import sys
import textwrap
import zipfile
from importlib.metadata import EntryPoint, PathDistribution
from types import ModuleType

_count = itertools.count()

ADAPTER = """
from anyvideo.plugin import Offer, hookimpl
from tests.acme.adapter import Acme as Simple

class {Name}(Simple):
    name, base_url, key_env = "{name}", "https://{name}.example", "{NAME}_KEY"
    asked = 0

    def offers(self):
        {Name}.asked += 1
        return [Offer(adapter="{name}", model="{name}-1")]

@hookimpl
def anyvideo_adapters():
    return [{Name}()]
"""


def write_adapter(name):
    """The source of a plugin with one adapter that works."""
    return ADAPTER.format(name=name, Name=name.title(), NAME=name.upper())


def install(folder, monkeypatch, source, *, name="acme", distribution=None, version="1.0"):
    """Put a distribution with one entry point on the import path and return the entry point."""
    distribution = distribution or f"anyvideo-{name}"
    module = f"plugin_{next(_count)}_{name}".replace("-", "_")
    monkeypatch.syspath_prepend(folder)
    (folder / f"{module}.py").write_text(textwrap.dedent(source), "utf-8")
    info = folder / f"{distribution.replace('-', '_')}-{version}.dist-info"
    info.mkdir(exist_ok=True)
    metadata = f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n"
    (info / "METADATA").write_text(metadata, "utf-8")
    (info / "RECORD").write_text(f"{module}.py,,\n", "utf-8")
    (info / "entry_points.txt").write_text(f"[anyvideo]\n{name} = {module}\n", "utf-8")
    (point,) = PathDistribution(info).entry_points
    assert isinstance(point, EntryPoint)
    return point


def load_file(path, name):
    """Run a file as a module of that name."""
    module = ModuleType(name)
    exec(compile(path.read_text("utf-8"), path, "exec"), vars(module))  # noqa: S102 (our own file)
    return module


def build_and_install(source, site):
    """Build a wheel of a source tree and unpack it, with its metadata, into a folder."""
    wheels = site.parent / f"{site.name}-wheels"
    build = ["-m", "build", "--wheel", "--no-isolation", "--outdir", wheels, source]
    run_python(site, *build, cwd=source.parent)
    (wheel,) = wheels.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    return site


def run_python(site, *arguments, cwd, **variables):
    """Run Python where the distributions in a folder are installed beside our own."""
    path = os.pathsep.join(filter(None, [str(site), os.environ.get("PYTHONPATH")]))
    environment = {**os.environ, "PYTHONPATH": path, "ANYVIDEO_HOME": str(cwd), **variables}
    done = subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=cwd, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done

"""The reference has every public name, every method of the clients, and every field of a value."""

import html
import re
import shutil
import subprocess
import sys
import zlib
from enum import Enum
from functools import cached_property
from inspect import isfunction, signature
from pathlib import Path

import attrs
import pytest

import anyvideo
from anyvideo import plugin, sandbox, testing

ROOT = Path(__file__).parents[2]
CLIENTS = (anyvideo.Client, anyvideo.AsyncClient)
MODULES = (anyvideo, plugin, sandbox, testing)


def find_classes():
    """Each public class but the clients, under the first of its names."""
    found: dict[type, str] = {}
    for module in MODULES:
        for name in module.__all__:
            value = getattr(module, name)
            if isinstance(value, type) and value not in {*CLIENTS, *found}:
                found[value] = f"{module.__name__}.{name}"
    return {name: value for value, name in found.items()}


CLASSES = find_classes()

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Build the documentation, and return the folder of its pages."""
    folder = tmp_path_factory.mktemp("docs")
    shutil.copy(ROOT / ".zensical.toml", folder)
    for name in ("core", "docs", "plugins"):
        shutil.copytree(ROOT / name, folder / name)
    zensical = str(Path(sys.executable).with_name("zensical"))
    build = [zensical, "build", "--strict", "-f", ".zensical.toml"]
    done = subprocess.run(build, cwd=folder, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / ".venv/site"


@pytest.fixture(scope="module")
def places(site):
    """The page and the anchor of each name in the inventory."""
    data = (site / "objects.inv").read_bytes().partition(b"using zlib.\n")[2]
    rows = [line.split(" ") for line in zlib.decompress(data).decode().splitlines()]
    return {row[0]: row[3].replace("$", row[0]).partition("#") for row in rows}


@pytest.fixture(scope="module")
def read_section(site, places):
    """Return the text of what stands on a page between the heading of a name and the next one."""
    pages = {path: path.read_text("utf-8") for path in site.glob("reference/*/index.html")}

    def read(name):
        page, _, anchor = places[name]
        text = pages[site / page / "index.html"].partition(f' id="{anchor}"')[2]
        section = re.split(r"<h\d id=", text)[0]
        return html.unescape(re.sub(r"<[^>]+>", "", section))

    return read


def list_members(owner):
    """The names of a class's own public methods and properties; an alias is not one."""
    kinds = (classmethod, property, cached_property)
    return [
        name
        for kind in owner.__mro__
        if kind.__module__.startswith("anyvideo")
        for name, value in vars(kind).items()
        if not name.startswith("_")
        and (isinstance(value, kinds) or (isfunction(value) and value.__name__ == name))
    ]


def list_fields(owner):
    """What the constructor of a class takes, and the members of an enum."""
    if issubclass(owner, Enum):
        return list(owner.__members__)
    if attrs.has(owner):
        return [field.alias for field in attrs.fields(owner) if field.init]
    own = "__init__" in vars(owner) and owner is not plugin.Adapter  # a protocol, not a value
    return [*signature(owner).parameters] if own else []


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_every_public_name_is_in_the_reference(module, places):
    names = [f"{module.__name__}.{name}" for name in module.__all__]

    assert [name for name in names if name not in places] == []
    assert {places[name][0] for name in names} <= {
        f"reference/{path.stem}/" for path in ROOT.glob("docs/reference/*.md")
    }


@pytest.mark.parametrize("client", CLIENTS)
def test_every_method_of_the_clients_is_in_the_reference(client, places):
    methods = list_members(client)

    assert {"submit", "compare", "resolve"} <= set(methods)
    names = [f"anyvideo.client.{client.__name__}.{name}" for name in methods]
    assert [name for name in names if name not in places] == []


@pytest.mark.parametrize("client", CLIENTS)
def test_the_constructors_of_the_clients_show_what_they_take(client, read_section):
    section = read_section(f"anyvideo.client.{client.__name__}")

    for name, parameter in signature(client).parameters.items():
        assert f"{name}: {parameter.annotation}" in " ".join(section.split()), name


def test_every_member_of_a_value_is_in_the_reference(places):
    values = {name: kind for name, kind in CLASSES.items() if attrs.has(kind)}
    names = [f"{owner}.{name}" for owner, kind in values.items() for name in list_members(kind)]

    assert "anyvideo.Task.to_json" in names
    assert [name for name in names if name not in places] == []


@pytest.mark.parametrize("name", CLASSES)
def test_every_field_of_a_value_is_in_the_reference(name, read_section):
    section = read_section(name)

    fields = list_fields(CLASSES[name])
    assert [field for field in fields if not re.search(rf"\b{field}\b", section)] == []

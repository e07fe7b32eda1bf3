"""Settings that nobody means: each is a ConfigError, at once and in little memory."""

import os
import re
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anyvideo.client.sync import Client
from anyvideo.config.load import MOST_ROWS, load_config, read_config
from anyvideo.errors import AnyVideoError, ConfigError

DEEP = 50_000


def nest(levels=DEEP):
    outer: dict[str, Any] = {}
    inner = outer
    for _ in range(levels):
        inner["a"] = {}
        inner = inner["a"]
    return outer


def loop():
    table: dict[str, Any] = {}
    table["providers"] = table
    return table


def row(**keys):
    return {"offers": [{"provider": "apiyi", "model": "x", **keys}]}


TABLES = {
    "deep": (nest(), "nested more than 64 levels deep"),
    "deep settings": ({"providers": {"apiyi": {"settings": nest()}}}, "64 levels"),
    "deep words": (row(wire=nest()), "64 levels"),
    "without end": (loop(), "64 levels"),
    "many values": (row(wire={"a": [0] * 200_001}), "more than 200000 values"),
    "a key that is a number": ({1: 2}, "config: a key is text, not 1"),
    "some keys that are": ({"model": "x", 1: 2}, "a key is text, not 1"),
    "of a provider": ({"providers": {1: {}}}, "providers: a key is text, not 1"),
    "of a setting": ({"providers": {"apiyi": {1: 2}}}, r"providers\.apiyi: a key is text"),
    "of a route": ({"routes": {1: {"models": ["*"]}}}, "routes: a key is text"),
    "of a row": ({"offers": [{1: 2}]}, r"offers\[0\]: a key is text"),
    "of a tier": (row(tiers=[{1: 2}]), r"offers\[0\]\.tiers\[0\]: a key is text"),
    "no key": ({None: 1}, "a key is text, not None"),
    "a key of bytes": ({b"model": "x"}, "a key is text, not b'model'"),
    "a huge number": ({"providers": {"apiyi": {"timeout": 10**400}}}, "the number is too large"),
    "a huge whole number": (row(prompt_max=10**5000), "the number is too large"),
    "a huge decimal": (row(wire={"a": Decimal("1e99999999")}), "the number is too large"),
    "a tiny decimal": (row(wire={"a": Decimal("1e-99999999")}), "the number is too large"),
    "a huge price": (row(price={"amount": "1e999999999"}), "at most 30 digits"),
    "a long price": (row(price={"amount": "9" * 5000}), "at most 30 digits"),
    "an exact price": (row(price={"amount": f"0.{'1' * 99}"}), "at most 30 digits"),
    "many lengths": (
        row(seconds={"min": 1, "max": 10**12}),
        r"tiers\[0\]\.seconds: 1 to 10{12} are more than 3600 lengths",
    ),
    "negative lengths": (row(seconds={"min": -(10**12), "max": 1}), "more than 3600 lengths"),
    "lengths of a tier": (row(tiers=[{"seconds": {"min": 1, "max": 10**12}}]), "3600 lengths"),
    "many formats": (
        row(
            aspect_ratios=[f"{n}:{n + 1}" for n in range(1, 3001)],
            resolutions=[f"{n}p" for n in range(100, 3100)],
        ),
        "9006001 formats; an offer has at most 20000",
    ),
    "many sizes": (row(sizes=["16x16"] * 20_001), "an offer has at most 20000"),
    "many shapes": (row(shapes=[{}] * 20_001), "an offer has at most 20000"),
    "formats of many tiers": (row(sizes=["16x16"] * 1000, tiers=[{}] * 100), "at most 20000"),
    "many tiers": (row(tiers=[{}] * 257), r"257 tiers; an offer has at most 256"),
    "many rows": ({"offers": [{}] * (MOST_ROWS + 1)}, "1001 rows; there are at most 1000"),
}


@pytest.mark.parametrize(("table", "words"), TABLES.values(), ids=TABLES)
def test_a_table_that_nobody_means_is_a_config_error(table, words):
    with pytest.raises(ConfigError, match=words):
        read_config(table, "config")


TEXTS = {
    "deep lists": f"x = {'[' * DEEP}{']' * DEEP}",
    "deep tables": f"x = {'{a=' * DEEP}1{'}' * DEEP}",
    "deep keys": f"{'.'.join('a' * DEEP)} = 1",
    "deep headers": f"[{'.'.join('a' * DEEP)}]",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_deep_toml_is_a_config_error(tmp_path, text):
    path = tmp_path / "anyvideo.toml"
    path.write_text(text)

    with pytest.raises(ConfigError, match="not valid TOML"):
        load_config(path)


def make_pipe(folder):
    os.mkfifo(folder / "pipe")
    return folder / "pipe"


def make_large(folder):
    path = folder / "large"
    with path.open("wb") as file:
        file.truncate(1 << 30)
    return path


FILES = {
    "a pipe": (make_pipe, "cannot be read: it is no file"),
    "a device": (lambda _: "/dev/zero", "cannot be read: it is no file"),
    "a folder": (lambda folder: folder, "cannot be read: Is a directory"),
    "a large file": (make_large, "cannot be read: it is larger than 1048576 bytes"),
    "a long name": (lambda _: "a" * 5000, "cannot be read: File name too long"),
    "nobody's home": (lambda _: "~nosuchuser/x.toml", "~nosuchuser/x.toml cannot be read: Could"),
    "no name": (lambda _: "a\0b", "embedded null byte"),
}


@pytest.mark.skipif(os.name != "posix", reason="pipes and devices of POSIX")
@pytest.mark.parametrize(("make", "words"), FILES.values(), ids=FILES)
def test_a_file_that_is_none_is_a_config_error(tmp_path, make, words):
    with pytest.raises(ConfigError, match=re.escape(words)):
        load_config(make(tmp_path))


def test_too_many_open_files_are_an_error_that_says_so(tmp_path, monkeypatch):
    path = tmp_path / "anyvideo.toml"
    path.write_text("")

    def refuse(*_):
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(ConfigError, match="cannot be read: Too many open files"):
        load_config(path)


def test_a_usual_place_that_is_closed_to_us_says_so(monkeypatch):
    def refuse(self):
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "is_file", refuse)
    with pytest.raises(ConfigError, match=r"anyvideo\.toml cannot be read: Permission denied"):
        load_config(environ={})


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.decimals()
WORDS = (
    "model providers routes policy plugins budget currencies offers apiyi provider adapter api_key"
    " timeout base_url settings models prefer seconds sizes aspect_ratios resolutions tiers price"
    " amount wire images min max step usd blocked money"
)
KEYS = st.sampled_from(WORDS.split())


def wrap(inner):
    """Values, or lists and tables of them."""
    tables = st.dictionaries(KEYS | st.integers(), inner, max_size=4)
    return inner | st.lists(inner, max_size=3) | tables


VALUES = wrap(wrap(wrap(SCALARS)))


@given(st.dictionaries(KEYS | st.integers(), VALUES, max_size=4))
def test_any_mapping_is_settings_or_a_config_error(table):
    with suppress(AnyVideoError):
        Client(table, journal=None).close()

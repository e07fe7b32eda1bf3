"""What a plugin's adapters and offers must keep to, and the words for those that do not."""

from decimal import Decimal
from importlib import metadata
from types import SimpleNamespace

import pytest

from anyvideo.adapters.checks import (
    ask_offers,
    describe_error,
    find_distribution,
    raise_plugin_error,
)
from anyvideo.errors import PluginError
from anyvideo.plugin import Offer, load_offers
from anyvideo_plugins.apiyi.videos import Videos

ADAPTER = SimpleNamespace(name="acme")
ROW = Offer(adapter="acme", model="acme-1")
CATALOGS = {
    "raises": (lambda: 1 / 0, "offers raised ZeroDivisionError: .*; return a sequence"),
    "nothing": (lambda: None, "offers raised TypeError: .*; return a sequence"),
    "foreign": (lambda: ["acme-1"], "offers holds str; return a sequence of anyvideo.plugin.Offer"),
    "other": (
        lambda: [Offer(adapter="acne", model="x")],
        "the offer x says adapter 'acne'; it must",
    ),
    "twice": (lambda: [ROW, ROW], "offers has the model acme-1 twice; keep one"),
    "no file": (
        lambda: load_offers("anyvideo", "acme", "no.toml"),
        "offers cannot be read: anyvideo/no.toml .*; pack it into",
    ),
    "bad": (
        lambda: load_offers("anyvideo_plugins.apiyi.sandbox", "acme", "models.toml"),
        "offers cannot be read: .*; correct the rows",
    ),
}


@pytest.mark.parametrize("case", CATALOGS)
def test_offers_that_cannot_be_used_name_the_adapter_and_the_cure(case):
    offers, message = CATALOGS[case]

    with pytest.raises(PluginError, match=r"^adapter acme \(types\): " + message):
        ask_offers(SimpleNamespace(name="acme", offers=offers))


def test_offers_are_returned_as_they_are():
    assert ask_offers(SimpleNamespace(name="acme", offers=lambda: [ROW])) == (ROW,)
    assert ask_offers(Videos())


def test_the_origin_of_what_nobody_packed_is_its_module():
    assert find_distribution(pytest.MonkeyPatch()).startswith("pytest ")
    assert find_distribution(ADAPTER) == "types"


def test_a_distribution_that_is_gone_is_no_origin(monkeypatch):
    monkeypatch.setattr(metadata, "packages_distributions", lambda: {"decimal": ["gone"]})

    assert find_distribution(Decimal(1)) == "decimal"


def test_what_has_no_name_is_named_by_its_type():
    with pytest.raises(PluginError, match=r"^adapter int \(builtins\): x; y"):
        raise_plugin_error(5, "x", "y")


def test_an_error_is_shown_with_its_line_if_it_was_raised():
    assert describe_error(ValueError("x")) == "ValueError: x"
    with pytest.raises(ZeroDivisionError) as caught:
        _ = 1 / 0
    assert describe_error(caught.value).startswith("ZeroDivisionError: division by zero at test_")

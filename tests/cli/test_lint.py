"""`anyvideo lint`."""

from importlib.metadata import EntryPoint

import pytest

from anyvideo.cli.lint.capabilities import find_gaps
from anyvideo.model.offer import Images, Offer, Shape, Tier

LIVE = "apiyi/grok-imagine-video-1.5"


@pytest.fixture
def lint(call, tmp_path, monkeypatch):
    """Lint a config, with every key there."""
    for name in ("APIYI", "APIMART", "APERTIS"):
        monkeypatch.setenv(f"{name}_API_KEY", "a-key")

    def run(text):
        path = tmp_path / "anyvideo.toml"
        path.write_text(text, "utf-8")
        result = call("lint", "--json")
        assert result.code == bool(result.json)
        return [(item["kind"], item["where"], item["message"]) for item in result.json]

    return run


def test_no_problems_are_code_0(lint, call, tmp_path):
    assert lint(f'model = "{LIVE}"') == []
    result = call("lint")
    assert (result.code, result.out) == (0, "no problems found (anyvideo.toml)\n")
    (tmp_path / "anyvideo.toml").unlink()
    assert call("lint").out == "no problems found (no config file; using defaults)\n"


def test_findings_are_a_table_and_code_1(lint, call):
    lint('model = "apiyi/sora-2"')
    result = call("lint")

    assert result.code == 1
    assert result.lines[1].startswith("retired  model  apiyi/sora-2: retired on 2026-09-24")


def test_retired_models_in_the_default_and_in_routes(lint):
    found = lint('model = "hero"\n[routes.hero]\nmodels = ["apiyi/sora-2", "apiyi/sora-2-pro"]')

    assert [item[:2] for item in found if item[0] == "retired"] == [
        ("retired", "routes.hero.models[0]"),
        ("retired", "routes.hero.models[1]"),
    ]


def test_a_model_that_will_soon_be_retired(lint):
    row = '[[offers]]\nadapter = "apiyi"\nmodel = "m"\nchecked = 2026-11-01\nretired = { on = %s }'
    soon, far = (lint(f'model = "apiyi/m"\n{row % day}') for day in ("2027-01-01", "2028-01-01"))

    assert soon == [("retired", "model", "apiyi/m: will be retired on 2027-01-01; no replacement")]
    assert far == []


def test_a_selector_that_outlives_one_of_its_models_is_fine(lint):
    assert [item for item in lint('model = "apiyi/*"') if item[0] == "retired"] == []


def test_stale_prices(lint):
    row = (
        '[[offers]]\nadapter = "apiyi"\nmodel = "m"\nprice = { amount = "1", checked = 2026-08-01 }'
    )
    ((kind, where, message),) = lint(f'model = "apiyi/m"\n{row}')

    assert (kind, where) == ("stale", "model")
    assert "last checked on 2026-08-01" in message


def test_names_that_name_nothing(lint, monkeypatch):
    monkeypatch.setenv("ANYVIDEO_MODLE", "x")
    monkeypatch.setenv("ANYVIDEO_XYZZY", "x")
    found = lint(
        'model = "apiyi/sora2"\n[plugins]\nblocked = ["acme", "apertis"]\n'
        '[[offers]]\nprovider = "acme"\nmodel = "m"\n'
        '[routes.hero]\nmodels = ["nobody/nothing"]'
    )

    assert {item[:2] for item in found} == {
        ("unknown", "$ANYVIDEO_MODLE"),
        ("unknown", "$ANYVIDEO_XYZZY"),
        ("unknown", "offers[0]"),
        ("unknown", "plugins.blocked"),
        ("unknown", "model"),
        ("unknown", "routes.hero.models[0]"),
    }
    assert ("unknown", "$ANYVIDEO_MODLE", "did you mean ANYVIDEO_MODEL?") in found
    (message,) = [item[2] for item in found if item[1] == "model"]
    assert message.endswith("; `anyvideo models` lists all models")


def test_a_route_whose_second_choice_can_do_less(lint):
    found = lint(f'[routes.hero]\nmodels = ["{LIVE}", "apiyi/grok-imagine-video"]')

    assert found == [
        (
            "route",
            "routes.hero",
            f"apiyi/grok-imagine-video, choice 2, cannot do what {LIVE} can: resolution 1080p",
        )
    ]


def test_missing_keys(lint, monkeypatch):
    monkeypatch.delenv("APIYI_API_KEY")
    found = lint(
        f'model = "{LIVE}"\n[providers.mine]\nadapter = "apiyi"\napi_key = {{ env = "MY" }}'
    )

    assert found == [
        ("key", "providers.mine", "mine has no key: set MY"),
        ("key", "model", "apiyi has no key: set APIYI_API_KEY"),
    ]


def test_a_config_that_cannot_be_used_is_a_list_of_findings_too(lint, call):
    found = lint('modle = "x"\n[policy]\nsecnds = "up"')

    assert [item[0] for item in found] == ["wrong", "wrong"]
    assert "did you mean seconds?" in found[1][2]
    assert "did you mean model?" in found[0][2]
    assert call("lint").code == 1


def test_jobs_with_options_of_unknown_adapters_or_that_the_default_refuses(lint, call, tmp_path):
    lint(f'model = "{LIVE}"')
    jobs = {
        "fine": '{"prompt": "a fox", "options": {"apiyi": {"a": 1}}}',
        "typo": '{"prompt": "a fox", "options": {"apimrt": {"a": 1}}}',
        "long": '{"prompt": "a fox", "seconds": 99}',
        "broken": "{",
    }
    for name, text in jobs.items():
        (tmp_path / name).write_text(text, "utf-8")
    result = call("lint", *jobs, "missing", "--json")

    assert [(item["kind"], item["where"]) for item in result.json] == [
        ("unknown", "typo: options"),
        ("wrong", "long"),
        ("wrong", "broken"),
        ("wrong", "missing"),
    ]
    assert "did you mean apimart?" in result.json[0]["message"]
    (tmp_path / "anyvideo.toml").unlink()
    assert call("lint", "long").code == 0


def test_plugins_that_do_not_work(lint, monkeypatch):
    broken = EntryPoint("acme", "anyvideo_acme", "anyvideo")
    monkeypatch.setattr("anyvideo.adapters.registry.entry_points", lambda group: [broken])

    assert lint("")[0][:2] == ("plugin", "acme")
    assert [item[:2] for item in lint("[providers.acme]")] == [("plugin", "acme")]


def test_settings_that_open_no_client_are_findings_too(lint):
    ((kind, where, message),) = lint("model = 3")

    assert (kind, where) == ("wrong", "")
    assert "model" in message


FULL = Offer(
    "a",
    "full",
    tiers=(
        Tier(
            seconds=(4, 5, 6, 7),
            shapes=(Shape("16:9", "720p"), Shape("9:16", "1080p")),
            audio=(True, False),
            images=Images(first_frame=1, reference=3),
            accepts=frozenset({"seed", "style"}),
        ),
    ),
)
BARE = Offer("a", "bare", prompt_max=500, tiers=(Tier(images=Images(min=1)),))


def test_gaps_are_named_field_by_field():
    assert list(find_gaps(FULL, FULL)) == []
    assert list(find_gaps(FULL, BARE)) == [
        "seconds 4-7",
        "aspect ratio 16:9 9:16",
        "resolution 720p 1080p",
        "sound on and off",
        "a first_frame image",
        "3 reference images",
        "jobs without an image",
        "seed, style",
        "prompts of more than 500 characters",
    ]
    assert list(find_gaps(BARE, FULL)) == []

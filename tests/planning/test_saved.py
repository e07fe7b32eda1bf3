"""A saved plan is taken as it is, or refused with what changed since."""

import pytest

from anyvideo.errors import ConfigError, DriftError
from anyvideo.model.job import VideoJob
from anyvideo.model.plan import Plan
from anyvideo.planning import saved
from anyvideo.testing import draw_picture
from tests.acme.adapter import CLIPS, QUICK, Clips
from tests.acme.plugin import open_session, plan


def test_a_plan_that_still_holds_is_taken_from_memory_and_from_text():
    made = plan(open_session(), VideoJob("a fox", seconds=7), seconds="up")
    session = open_session()
    for kept in (
        saved.check_drift(session, made),
        saved.read_plan(session, made.to_json()),
    ):
        assert kept.fingerprint == made.fingerprint
        assert (kept.job, kept.asked, kept.tier) == (made.job, made.asked, made.tier)
        assert [str(item) for item in kept.adjustments] == ["seconds 7 -> 8 (accepted: 4, 8, 12)"]
        assert kept.offer.finishes_in == 60


def drift(text, session):
    with pytest.raises(DriftError) as caught:
        saved.read_plan(session, text)
    return str(caught.value)


@pytest.mark.parametrize(
    ("config", "adapter", "why"),
    [
        ({}, Clips(text=CLIPS.replace('"0.10"', '"0.20"')),
         "price.amount was 0.80 and is 1.60; price.basis was 8 s x 0.10 USD/s and is 8 s x 0.20 USD/s"),
        ({}, Clips(text=CLIPS.replace('model = "clip"', 'model = "clip"\nwire_model = "v2"')),
         "model was clip and is v2; requests[0].json.model was clip and is v2"),
        ({}, Clips(base_url="https://new.example"),
         "adapter.base_url was https://api.acme.example and is https://new.example"),
        ({"providers": {"acme": {"base_url": "http://127.0.0.1:9"}}}, Clips(),
         "adapter.base_url was https://api.acme.example and is http://127.0.0.1:9"),
        ({}, Clips(text=CLIPS.replace("accepts", 'wire = { mode = "pro" }\naccepts')),
         "requests[0].json.mode was nothing and is pro"),
        ({}, Clips(text=CLIPS.replace('name = "720p"', 'name = "hd"')), "tier.name was 720p and is hd"),
    ],
)  # fmt: skip
def test_drift_is_refused_and_named(config, adapter, why):
    made = plan(open_session()).to_json()
    assert (
        drift(made, open_session(config, adapter))
        == f"the plan is out of date: {why}; plan again and review it"
    )


def test_another_release_of_the_adapter_is_drift():
    made = plan(open_session()).to_json()
    assert "adapter.release was anyvideo-acme 1.0 and is anyvideo-acme 2.0" in drift(
        made, open_session(version="2.0")
    )


@pytest.mark.parametrize(
    ("sold", "why"),
    [
        (QUICK, "acme/clip is gone; plan again"),
        (CLIPS.replace("seconds = [4, 8, 12]", "seconds = [4, 12]"), "seconds 8 is not available; accepted: 4, 12; plan again"),
        (CLIPS.replace("seconds = [4", "retired = { on = 2026-11-20 }\nseconds = [4"), "retired on 2026-11-20; no replacement"),
    ],
)  # fmt: skip
def test_what_is_no_longer_sold_is_refused(sold, why):
    made = plan(open_session()).to_json()
    assert why in drift(made, open_session({}, Clips(text=sold)))


def test_a_tier_or_a_provider_that_is_gone_is_named():
    made = plan(open_session(), VideoJob("a fox", size="1920x1080"))
    lesser = CLIPS.partition('[[offers.tiers]]\nname = "1080p"')[0]
    with pytest.raises(DriftError, match="the tier '1080p' of acme/clip is gone"):
        saved.check_drift(open_session({}, Clips(text=lesser)), made)
    with pytest.raises(DriftError, match="acme/clip is gone"):
        saved.check_drift(open_session({}, Clips("other")), made)


def test_a_retired_offer_stays_allowed_where_the_plan_allowed_it():
    made = plan(open_session(), VideoJob("a fox"), "acme/old", retired="allow")
    assert made.retired
    assert saved.read_plan(open_session(), made.to_json()).job == made.job


def test_a_file_that_changed_or_vanished_is_named(tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(draw_picture(8, 8))
    made = plan(open_session(), VideoJob("a fox", images=[path]))
    text = made.to_json()
    path.write_bytes(draw_picture(9, 9))
    assert drift(text, open_session()) == (
        "the plan is out of date: the file a.png is another one now; plan again and review it"
    )
    path.unlink()
    assert "the plan is out of date: image" in drift(text, open_session())


def test_a_plan_for_the_sandbox_holds_in_another_one_but_not_outside():
    made = plan(open_session(sandbox="http://127.0.0.1:1"))
    assert made.origin == "sandbox:"
    kept = saved.read_plan(open_session(sandbox="http://127.0.0.1:2"), made.to_json())
    assert kept.fingerprint == made.fingerprint
    assert "adapter.base_url was sandbox: and is https://api.acme.example" in drift(
        made.to_json(), open_session()
    )


def test_an_edited_job_is_drift_and_an_edited_request_no_plan():
    made = plan(open_session())
    assert "prompt was a fox and is a wolf" in drift(
        made.to_json().replace(
            '"prompt": "a fox",\n    "seconds"', '"prompt": "a wolf",\n    "seconds"', 1
        ),
        open_session(),
    )
    with pytest.raises(ConfigError, match="changed after it was made"):
        Plan.from_json(made.to_json().replace('"url": "/v1/videos"', '"url": "/v1/gifts"'))

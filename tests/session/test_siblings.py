"""What was switched off names where its family is still sold."""

from anyvideo.model.job import VideoJob
from anyvideo.planning.candidates import compare
from tests.acme.adapter import Acme
from tests.acme.plugin import open_session

OLD = """
[[offers]]
model = "sun-2-pro"
retired = { on = 2026-09-24, use = ["acme/other"] }

[[offers]]
model = "other"
"""
NEW = """
[[offers]]
model = "sun-2"

[[offers]]
model = "sun-2-lite"

[[offers]]
model = "sun-2-pro"

[[offers]]
model = "sun-2-ultra"

[[offers]]
model = "sun-3"
"""


def test_the_same_model_stands_before_its_siblings_and_these_before_others():
    session = open_session({}, Acme(text=OLD), Acme("best", NEW))
    (refusal,) = compare(session, VideoJob("a fox"), "acme/sun-2-pro").refusals

    (reason,) = refusal.reasons
    assert reason.accepted == ("best/sun-2-pro", "best/sun-2", "best/sun-2-lite", "acme/other")
    assert "use best/sun-2-pro or best/sun-2 or best/sun-2-lite or acme/other instead" in str(
        reason
    )


def test_what_is_sold_nowhere_else_names_what_its_row_names():
    session = open_session({}, Acme(text=OLD))
    (refusal,) = compare(session, VideoJob("a fox"), "acme/sun-2-pro").refusals

    assert refusal.reasons[0].accepted == ("acme/other",)

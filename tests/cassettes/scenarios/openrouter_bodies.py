"""Every body of OpenRouter, family by family: those of the pages, and those that reach every tier."""

from pathlib import Path

from anyvideo import Image, VideoJob
from anyvideo.testing import adapter
from tests.cassettes.scenario import Scenario, are_new, submit_all
from tests.cassettes.scenarios.tiers import list_jobs
from tests.plugins.openrouter.bodies import BODIES

PHOTO = Path(__file__).parents[2] / "images/plain-1280x720.png"
PAGES = "openrouter.ai/docs: samples of its pages, one job more for each tier; answered like the openapi's POST /videos"
FAMILIES = {
    "alibaba": ("wan", "happyhorse"),
    "bytedance": ("seedance",),
    "kling": ("kling",),
    "minimax": ("minimax", "hailuo"),
    "grok": ("grok",),
    "veo": ("veo",),
    "others": ("heygen", "flux", "runway", "sora"),
}
WEBHOOK = {"openrouter": {"callback_url": "https://example.com/webhook", "resolution": None}}
MORE = {
    "grok": [("grok-imagine-video", VideoJob("p", images=[Image(PHOTO)]))],
    "kling": [("kling-v3", VideoJob("p", options=WEBHOOK))],
    "minimax": [("minimax-h3", VideoJob("p", images=[Image(PHOTO, "reference")]))],
}


def list_family(name):
    offers = [o for o in adapter("openrouter").offers() if o.model.startswith(FAMILIES[name])]
    documented = [(model, job) for model, job, _ in BODIES.values()]
    derived = [(offer.model, job) for offer in offers for job in list_jobs(offer)]
    return [
        *((model, job) for model, job in documented if model.startswith(FAMILIES[name])),
        *derived,
        *MORE.get(name, ()),
    ]


SCENARIOS = [
    Scenario(
        "openrouter", f"bodies-{name}", submit_all("openrouter", list_family, name), are_new, PAGES
    )
    for name in FAMILIES
]

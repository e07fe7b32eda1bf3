"""Every body of APIMart, family by family: those of the pages, and those that reach every tier."""

from pathlib import Path

from anyvideo import Image, VideoJob
from anyvideo.testing import adapter
from tests.cassettes.scenario import Scenario, are_new, submit_all
from tests.cassettes.scenarios.tiers import list_jobs
from tests.plugins.apimart.bodies import BODIES

IMAGES = Path(__file__).parents[2] / "images"
PHOTO = IMAGES / "plain-1280x720.png"
PAGES = "docs.apimart.ai: the pages of the models, one job more for each tier; answered like videos/generations"
FAMILIES = {
    "sora": ("sora",),
    "veo": ("veo",),
    "omni": ("gemini",),
    "kling": ("kling",),
    "seedance": ("seedance", "doubao"),
    "wan": ("wan",),
    "minimax": ("hailuo", "minimax"),
    "vidu": ("vidu",),
    "pixverse": ("pixverse",),
    "others": ("grok", "happyhorse", "skyreels", "flux"),
}
OPTIONS = {"apimart": {"duration": None, "webhook": "https://a.b"}}
MORE = {
    "omni": [("gemini-omni-1.1-flash-ext", VideoJob("p", options=OPTIONS))],
}


def list_family(name):
    documented = [(model, job) for model, (job, _) in BODIES.items()]
    offers = [o for o in adapter("apimart").offers() if o.model.lower().startswith(FAMILIES[name])]
    derived = [(offer.model, job) for offer in offers for job in list_jobs(offer)]
    every = [*documented, *derived, *MORE.get(name, ())]
    return [(model, job) for model, job in every if model.lower().startswith(FAMILIES[name])]


def submit_local(client, _):
    """Two frames from this machine, and one image twice, which is uploaded once."""
    frames = [Image(IMAGES / "rocket-1280x720.webp"), Image(PHOTO, "last_frame")]
    twice = [Image(PHOTO, "reference")] * 2
    return [
        client.submit(VideoJob("p", images=frames), "apimart/seedance-2.0"),
        client.submit(VideoJob("p", images=twice), "apimart/seedance-2.0"),
    ]


OWN = {
    "provider": "apimart",
    "model": "new-model",
    "source": "https://docs.apimart.ai",
    "images": {"first_frame": 1},
}
OWN_JOB = VideoJob("p", images=[Image("https://example.com/first.png")])
SCENARIOS = [
    Scenario(
        "apimart",
        "own-offer",
        submit_all("apimart", [("new-model", OWN_JOB)]),
        are_new,
        "made up: an offer of the config; answered like videos/generations",
        {"offers": [OWN]},
    ),
    *(
        Scenario(
            "apimart", f"bodies-{name}", submit_all("apimart", list_family, name), are_new, PAGES
        )
        for name in FAMILIES
    ),
    Scenario(
        "apimart",
        "upload-frames",
        submit_local,
        are_new,
        "docs.apimart.ai, uploads/images; the second answer has it in data; docs.apimart.ai, videos/generations",
    ),
]

"""What the tests of Apertis' offers share: the offers by wire and vendor's name, and a job put to one."""

from anyvideo.files.images import read_uploads
from anyvideo.model.job import VideoJob
from anyvideo.negotiation.negotiate import negotiate
from anyvideo_plugins.apertis.chat import Chat
from anyvideo_plugins.apertis.create import Create
from anyvideo_plugins.apertis.videos import Videos
from tests.plugins.apertis.answers import ALLOW, PNG

ADAPTERS = {adapter.name: adapter for adapter in (Create(), Videos(), Chat())}
OFFERS = {
    (adapter.name, offer.wire_model): offer
    for adapter in ADAPTERS.values()
    for offer in adapter.offers()
}
URL = "https://example.com/a.png"


def ask(offer, **preferences):
    """Put a job to an offer, with the least images that the offer demands."""
    limits = offer.tiers[0].images
    if limits.min:
        preferences.setdefault("images", URL if "url" in limits.via else PNG)
    job = VideoJob("x", **preferences)
    return negotiate(job, offer, ALLOW, uploads=read_uploads(job))

"""Every scenario, of all adapters; the bodies first, because most mistakes show there."""

from tests.cassettes.scenarios import (
    apertis,
    apertis_bodies,
    apertis_chat,
    apimart,
    apimart_bodies,
    apiyi,
    apiyi_bodies,
    openai_videos,
)

SCENARIOS = (
    *apiyi_bodies.SCENARIOS,
    *apertis_bodies.SCENARIOS,
    *apimart_bodies.SCENARIOS,
    *openai_videos.SCENARIOS,
    *apiyi.SCENARIOS,
    *apertis.SCENARIOS,
    *apertis_chat.SCENARIOS,
    *apimart.SCENARIOS,
)

"""Every scenario, of all adapters."""

from tests.cassettes.scenarios import (
    apertis,
    apertis_bodies,
    apimart,
    apimart_bodies,
    apiyi,
    apiyi_bodies,
    openai_videos,
)

SCENARIOS = (
    *apiyi.SCENARIOS,
    *apiyi_bodies.SCENARIOS,
    *apertis.SCENARIOS,
    *apertis_bodies.SCENARIOS,
    *apimart.SCENARIOS,
    *apimart_bodies.SCENARIOS,
    *openai_videos.SCENARIOS,
)

"""Mistakes that the cassettes must notice."""

from tests.mutants import apertis, apimart, apiyi, gemini, openai_videos, wire
from tests.mutants import apertis, apimart, apiyi, kling, openai_videos, wire

MUTANTS = (
    *apertis.MUTANTS,
    *apimart.MUTANTS,
    *apiyi.MUTANTS,
    *gemini.MUTANTS,
    *kling.MUTANTS,
    *openai_videos.MUTANTS,
    *wire.MUTANTS,
)

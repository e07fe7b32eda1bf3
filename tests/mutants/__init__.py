"""Mistakes that the cassettes must notice."""

from tests.mutants import apertis, apimart, apiyi, kling, openai_videos, wire

MUTANTS = (
    *apertis.MUTANTS,
    *apimart.MUTANTS,
    *apiyi.MUTANTS,
    *kling.MUTANTS,
    *openai_videos.MUTANTS,
    *wire.MUTANTS,
)

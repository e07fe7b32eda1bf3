"""Mistakes that the cassettes must notice."""

from tests.mutants import apertis, apimart, apiyi, fal, openai_videos, wire

MUTANTS = (
    *apertis.MUTANTS,
    *apimart.MUTANTS,
    *apiyi.MUTANTS,
    *fal.MUTANTS,
    *openai_videos.MUTANTS,
    *wire.MUTANTS,
)

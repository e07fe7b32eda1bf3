"""Mistakes that the cassettes must notice."""

from tests.mutants import apertis, apimart, apiyi, fal, gemini, kling, luma, openai_videos, wire

MUTANTS = (
    *apertis.MUTANTS,
    *apimart.MUTANTS,
    *apiyi.MUTANTS,
    *gemini.MUTANTS,
    *kling.MUTANTS,
    *fal.MUTANTS,
    *luma.MUTANTS,
    *openai_videos.MUTANTS,
    *wire.MUTANTS,
)

"""Mistakes that the cassettes must notice."""

from tests.mutants import (
    apertis,
    apimart,
    apiyi,
    fal,
    gemini,
    kling,
    openai_videos,
    replicate,
    wire,
)

MUTANTS = (
    *apertis.MUTANTS,
    *apimart.MUTANTS,
    *apiyi.MUTANTS,
    *gemini.MUTANTS,
    *kling.MUTANTS,
    *fal.MUTANTS,
    *openai_videos.MUTANTS,
    *replicate.MUTANTS,
    *wire.MUTANTS,
)

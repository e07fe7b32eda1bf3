"""Mistakes that the cassettes must notice."""

from tests.mutants import (
    apertis,
    apimart,
    apiyi,
    dashscope,
    fal,
    gemini,
    kling,
    luma,
    openai_videos,
    replicate,
    vidu,
    wire,
)

MUTANTS = (
    *apertis.MUTANTS,
    *apimart.MUTANTS,
    *apiyi.MUTANTS,
    *dashscope.MUTANTS,
    *fal.MUTANTS,
    *gemini.MUTANTS,
    *kling.MUTANTS,
    *luma.MUTANTS,
    *openai_videos.MUTANTS,
    *replicate.MUTANTS,
    *vidu.MUTANTS,
    *wire.MUTANTS,
)

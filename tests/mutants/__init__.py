"""Mistakes that the cassettes must notice."""

from tests.mutants import (
    apertis,
    apimart,
    apiyi,
    dashscope,
    fal,
    gemini,
    kling,
    openai_videos,
    wire,
)
from tests.mutants import apertis, apimart, apiyi, fal, gemini, kling, openai_videos, vidu, wire
    replicate,
    wire,
)
from tests.mutants import apertis, apimart, apiyi, fal, gemini, kling, luma, openai_videos, wire

MUTANTS = (
    *apertis.MUTANTS,
    *apimart.MUTANTS,
    *apiyi.MUTANTS,
    *gemini.MUTANTS,
    *kling.MUTANTS,
    *fal.MUTANTS,
    *dashscope.MUTANTS,
    *luma.MUTANTS,
    *openai_videos.MUTANTS,
    *vidu.MUTANTS,
    *replicate.MUTANTS,
    *wire.MUTANTS,
)

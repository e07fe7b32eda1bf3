"""Fits one job to one offer: a plan or a refusal. Pure."""

"""Performs steps over httpx; the only package that imports it."""

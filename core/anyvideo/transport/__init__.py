"""Performs the steps of operations over HTTP; the only package that imports httpx and httpcore."""

"""Replicate in the sandbox."""

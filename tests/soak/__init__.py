"""Rounds of random trouble: `make soak`."""

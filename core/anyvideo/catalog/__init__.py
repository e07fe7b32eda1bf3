"""Reads what vendors sell from offers.toml."""

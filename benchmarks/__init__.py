"""What anyvideo costs, as ratios within one run.

Each module has `measure()`, which yields (title, value, unit, target). A value in a unit of time or
memory, or a ratio "x of ...", is good at or below its target; any other at or above it.
"""

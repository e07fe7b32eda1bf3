"""The checks behind `Conformance`: each yields in words what is wrong with an adapter."""

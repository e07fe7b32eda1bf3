"""A paid job from submit to file: generators of steps, no I/O."""

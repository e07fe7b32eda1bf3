"""fal in the sandbox."""

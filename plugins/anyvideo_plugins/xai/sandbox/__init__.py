"""xAI in the sandbox: what its documents say, without the adapter's code."""

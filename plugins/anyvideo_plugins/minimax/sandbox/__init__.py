"""MiniMax's wires in the sandbox."""

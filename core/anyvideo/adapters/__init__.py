"""The plugin side of the core: what an adapter is, how it is found, checked and called."""

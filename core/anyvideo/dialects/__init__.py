"""Wire formats that several vendors share; public, for authors of adapters."""

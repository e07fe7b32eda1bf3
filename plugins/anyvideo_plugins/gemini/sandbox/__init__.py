"""The Gemini API in the sandbox: what Google's documents say, without the adapter's code."""

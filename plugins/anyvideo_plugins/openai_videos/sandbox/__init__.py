"""A gateway of OpenAI's wire in the sandbox: what OpenAI documented, without the adapter's code."""

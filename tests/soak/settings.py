"""What the programs of a round may use: every adapter, with models that were retired too."""

from typing import Any

SETTINGS: dict[str, Any] = {
    "policy": {"retired": "allow"},
    "offers": [{"adapter": "openai-videos", "model": "sora-2", "source": "the sandbox"}],
}

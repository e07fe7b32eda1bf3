"""What happens at openrouter."""

from tests.cassettes.scenario import Scenario

SCENARIOS: list[Scenario] = []

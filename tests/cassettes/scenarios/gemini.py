"""What happens at gemini."""

from tests.cassettes.scenario import Scenario

SCENARIOS: list[Scenario] = []

"""What happens at fal."""

from tests.cassettes.scenario import Scenario

SCENARIOS: list[Scenario] = []

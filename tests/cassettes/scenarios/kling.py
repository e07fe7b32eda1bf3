"""What happens at kling."""

from tests.cassettes.scenario import Scenario

SCENARIOS: list[Scenario] = []

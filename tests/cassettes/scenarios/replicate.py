"""What happens at replicate."""

from tests.cassettes.scenario import Scenario

SCENARIOS: list[Scenario] = []

"""What happens at minimax."""

from tests.cassettes.scenario import Scenario

SCENARIOS: list[Scenario] = []

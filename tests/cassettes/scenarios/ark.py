"""What happens at ark."""

from tests.cassettes.scenario import Scenario

SCENARIOS: list[Scenario] = []

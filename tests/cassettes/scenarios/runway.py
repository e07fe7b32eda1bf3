"""What happens at runway."""

from tests.cassettes.scenario import Scenario

SCENARIOS: list[Scenario] = []

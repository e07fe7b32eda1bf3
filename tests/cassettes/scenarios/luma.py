"""What happens at luma."""

from tests.cassettes.scenario import Scenario

SCENARIOS: list[Scenario] = []

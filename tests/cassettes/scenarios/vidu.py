"""What happens at vidu."""

from tests.cassettes.scenario import Scenario

SCENARIOS: list[Scenario] = []

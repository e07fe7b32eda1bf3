"""What happens at xai."""

from tests.cassettes.scenario import Scenario

SCENARIOS: list[Scenario] = []

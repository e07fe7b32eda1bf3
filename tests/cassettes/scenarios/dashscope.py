"""What happens at dashscope."""

from tests.cassettes.scenario import Scenario

SCENARIOS: list[Scenario] = []

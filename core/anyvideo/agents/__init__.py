"""`anyvideo mcp`: the tools of agents, in front of every vendor."""

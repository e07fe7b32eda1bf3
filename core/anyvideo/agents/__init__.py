"""`anyvideo mcp`: the tools of agents in front of a service, with a guard on what they spend."""

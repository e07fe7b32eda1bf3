"""From a job and a selector to plans; nothing is sent."""

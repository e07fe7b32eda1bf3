"""What `anyvideo lint` checks."""

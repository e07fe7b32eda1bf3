"""What one client knows and all its operations share."""

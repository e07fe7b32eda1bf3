"""What a vendor in the sandbox is made of; the vendors themselves are in plugins."""

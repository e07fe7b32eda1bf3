"""What the user wrote: the config file, the environment, the accounts."""

"""The vendor's running job: its states, what one answer says of it, and the delivered file."""

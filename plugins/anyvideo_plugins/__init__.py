"""The vendors that anyvideo brings along; each is a plugin like anybody else's."""

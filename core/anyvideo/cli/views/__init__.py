"""What the commands print: for a person, and as plain JSON values for a program."""

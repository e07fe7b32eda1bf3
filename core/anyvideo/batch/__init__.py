"""Lists of jobs: read from a file, quoted as a whole, run side by side, safe to run again."""

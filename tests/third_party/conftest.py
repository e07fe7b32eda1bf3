"""The distributions here have tests of their own, which one test runs."""

collect_ignore_glob = ["anyvideo_*"]  # distributions with tests of their own, which a test runs

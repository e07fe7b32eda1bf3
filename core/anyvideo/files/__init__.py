"""Local files: a job's images, the unfinished download, and the delivered video."""

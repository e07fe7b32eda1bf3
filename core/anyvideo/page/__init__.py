"""Reports to look at: one HTML page that holds its clips, its numbers, its chart and its scripts."""

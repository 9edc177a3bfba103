"""Relations between the numbers of tables: declared or proposed, checked, and explained where they fail."""

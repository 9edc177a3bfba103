"""What is stale, and how a chapter is run."""

"""Floor 2, pure functions from what is known to what is computed, each value with its origin."""

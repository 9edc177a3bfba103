"""Two editions, or two builds, held against each other: what differs, and what caused it."""

"""Floor 1, what is known: printed tables, corrections, facts, open data; exact intervals."""

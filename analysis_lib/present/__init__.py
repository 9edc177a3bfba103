"""Floor 3, from values to what a reader sees: numbers, prose, tables, charts."""

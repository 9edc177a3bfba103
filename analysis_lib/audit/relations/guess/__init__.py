"""Likely relations of tables of which nothing is known but what they print."""

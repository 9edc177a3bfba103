"""Verdicts: what a result allows to be said, and the guard of causal language."""

"""Slips planted one at a time (`plants`), to tell what the audit would find (`measure`)."""

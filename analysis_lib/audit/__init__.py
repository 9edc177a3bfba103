"""Audit of a report: printed numbers against each other, claims against tables, editions against editions."""

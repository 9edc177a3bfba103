"""Audit of a report: printed numbers against each other, claims against tables, editions against editions.

An edition (`tables`) or any report's text (`text` → `document`) becomes grids of cells. `relations` says what
must hold between cells, `claims` what prose says of them, `references` what points where; each failure is a
`Finding`. `handled` marks those that somebody has accounted for, `stops` says what must not be published.
"""

"""Likely relations of tables of which nothing is known but what they print.

`sums`, `shares`, `changes` and `pairs` propose, by labels and headers; `confirm` keeps what the table's own
numbers bear out, and `proposed` weaves the rest into a web. A proposal alone never accuses a number.
"""

"""Relations between the numbers of tables: declared or proposed, checked, and explained where they fail.

Descriptors (`declared`, `checks`, `facts`, `hidden`) or the tables themselves (`guess`) give `equations`; a
`web` holds them against the cells. What is broken is gathered by cause (`causes`: `shifts` of columns, else
one cell), gets its likely reasons (`reasons`, `slips` of digits) and is put into words (`explain`).
"""

from __future__ import annotations

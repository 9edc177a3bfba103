"""Relations between the numbers of tables: declared or proposed, checked, and explained where they fail.

Descriptors (`declared`), the text's numbers (`printed`) or the tables themselves (`guess`) give `equations`
between cells (`printed`); a `web` holds them against print. What is broken is gathered by cause (`causes`:
`shifts` of columns and headers, else one cell) and gets its likely `reasons`.
"""

from __future__ import annotations

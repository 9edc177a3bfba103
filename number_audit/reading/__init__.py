"""Reading any report's extracted text: lines, tables, prose, and what could not be read.

A file (`source`, with `pdf` and `html`) becomes lines; `rows` and `aligned` find the tables, `table` and
`cell` read them; `items` and `flow` sort the rest into headings, captions, paragraphs. `reading` leads.
"""

from __future__ import annotations

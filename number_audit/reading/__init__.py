"""Reading any report's text, into what the audit checks.

A file becomes lines (`source`), which `parse` takes apart. `columns` finds the tables in the lines, `grid`
gives them headers and labels, `cells` reads what stands in them; `lines` sorts the rest into headings,
captions, notes and paragraphs.
"""

"""Two editions, or two builds, held against each other: what differs, and what caused it.

Each side is a `Snapshot` of `records`, one a number (`diff` makes an edition's, `built` a build's); `compare`
pairs them by identity and names the cause, `revisions` reads what is accounted for, `sentences` finds what
has turned.
"""

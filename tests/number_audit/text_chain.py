"""The whole way of a text, from file to files, and what the properties of texts are made of."""

import re
from pathlib import Path

from hypothesis import strategies as st

from number_audit.audit import Audit, audit_text, summary, write

# Numbers, and what looks like them: digits that are no numbers, signs that are no letters, endless ones.
ODD = re.findall(
    r"\S+",
    """
    0 00 1 12 1,5 −0 0,0 -1 +5 1/0 0/5 100 2024 2025 2019–2025 2025-2019 0000 9999 1.1 1A 8.A 1.2.3.4
    ² ²⁰⁰ ٣ ① ⅷ ⓐ Ⅳ .. : – %
    """,
)
ODD += ["1 234", "4 79", "0 %", "\u0345", "e\u0301", "\ufeff", "\u202e", "9" * 400, "0," + "0" * 400 + "1"]
WORDS = re.findall(
    r"\S+",
    """
    Tabell figur Kapittel Innhold Kilde: Sum Andel Antall prosent kroner mill. økte fra til og av i mot
    Katter katter hus- https://a halvparten
    """,
)
WORDS += ["I 2024 var", "Tabell 1.1 Dyr", "tre av ti"]
BETWEEN = [
    " ",
    "   ",
    "\t",
    "|",
    ";",
    "\n",
    "\n\n",
    ". ",
    ", ",
    " (",
    ")",
    "*",
    "«",
    "-",
    "\u00a0",
    "\u2028",
    "\x1c",
]

PIECES = st.tuples(st.sampled_from(ODD + WORDS), st.sampled_from(BETWEEN)).map("".join)
TEXTS = st.lists(PIECES, max_size=40).map("".join)


def audited(folder: Path, text: str, name: str = "tekst.txt") -> Audit:
    """The audit of a text, which could be summed up and written."""
    path = folder / name
    path.write_text(text, encoding="utf-8", errors="replace")
    audit = audit_text(path)
    assert all(summary(audit))
    assert all(written.is_file() for written in write(audit, folder / "ut"))
    return audit

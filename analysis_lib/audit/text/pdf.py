"""The text of a PDF, set out as on the page, so that columns stand under each other."""

from __future__ import annotations

import re
from collections import Counter
from io import BytesIO
from pathlib import Path

from analysis_lib.audit.text.pages import in_reading_order
from analysis_lib.errors import DataFeil

# Wide enough that a bold number does not run into the next column.
_SCALE = 2.0


def pdf_lines(path: Path) -> list[str]:
    """Return the lines of all pages, with a blank line between pages.

    Raises
    ------
    DataFeil
        A file that is no PDF, is damaged, or asks for a password.
    """
    # Only a PDF needs the libraries: whoever audits a text does not wait for them.
    import pikepdf
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, PyPdfError

    # On a damaged file pypdf stumbles over whatever it meets: a missing key, a name where a number should be.
    stumbles = (PyPdfError, LookupError, TypeError, ValueError, AttributeError, RecursionError)
    try:
        try:
            reader = PdfReader(path)
        except DependencyError:  # encrypted in a way that pypdf alone does not know
            reader = PdfReader(_unlocked(path))
        pages = [
            page.extract_text(extraction_mode="layout", layout_mode_scale_weight=_SCALE)
            for page in reader.pages
        ]
    except pikepdf.PasswordError:
        raise DataFeil("PDF-en er låst med passord", where=path, hint="Lever den uten passord.") from None
    except (*stumbles, pikepdf.PdfError) as error:
        raise DataFeil(
            f"PDF-en kan ikke leses: {error}", where=path, hint="Lever teksten som .txt."
        ) from error
    bare = _without_heads([page.splitlines() for page in pages])
    return [line for page in bare for line in [*in_reading_order(page), ""]]


def _unlocked(path: Path) -> BytesIO:
    """Return a PDF that anyone may open, but not copy from or change, without that lock."""
    import pikepdf

    free = BytesIO()
    with pikepdf.open(path) as pdf:
        pdf.save(free)
    free.seek(0)
    return free


def _without_heads(pages: list[list[str]]) -> list[list[str]]:
    """Leave out running heads and feet: first and last lines that begin alike on three pages or more."""
    pages = [page for lines in pages if (page := "\n".join(lines).strip("\n").splitlines())]
    heads = Counter(_beginning(page[0]) for page in pages)
    feet = Counter(_beginning(page[-1]) for page in pages)
    kept = []
    for page in pages:
        start = 1 if heads[_beginning(page[0])] >= 3 else 0
        end = len(page) - 1 if feet[_beginning(page[-1])] >= 3 else len(page)
        kept.append(page[start:end])
    return kept


def _beginning(line: str) -> str:
    return re.sub(r"[\d\W]", "", line)[:20]

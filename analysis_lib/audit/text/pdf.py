"""The text of a PDF, set out as on the page, so that columns stand under each other."""

from __future__ import annotations

from pathlib import Path

from analysis_lib.errors import DataFeil


def pdf_lines(path: Path) -> list[str]:
    """Return the lines of all pages, with a blank line between pages.

    Raises
    ------
    DataFeil
        A file that is no PDF, is damaged, or asks for a password.
    """
    # Only a PDF needs the library: whoever audits a text does not wait for it.
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        pages = [page.extract_text(extraction_mode="layout") for page in PdfReader(path).pages]
    except PyPdfError as error:
        raise DataFeil(
            f"PDF-en kan ikke leses: {error}", where=path, hint="Lever teksten som .txt."
        ) from error
    return [line for page in pages for line in [*page.splitlines(), ""]]

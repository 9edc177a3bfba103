"""References of a report: what points to nothing, to two things or to the wrong one, and what was left in.

`mentions` finds every reference of the prose, `targets` what can be pointed to; each check holds them
together in its own way, and `kinds` says what a finding weighs.
"""

from __future__ import annotations

from analysis_lib.audit.document import Document
from analysis_lib.audit.findings import Finding, by_importance
from analysis_lib.audit.references.captions import check_captions
from analysis_lib.audit.references.contents import check_contents
from analysis_lib.audit.references.footnotes import check_footnotes
from analysis_lib.audit.references.headers import check_headers
from analysis_lib.audit.references.mentions import mentions
from analysis_lib.audit.references.numbering import check_numbering
from analysis_lib.audit.references.pointing import check_pointing
from analysis_lib.audit.references.remarks import check_remarks
from analysis_lib.audit.references.targets import Targets


def check_references(document: Document) -> list[Finding]:
    """Return what is wrong or doubtful with the references of a document, the weightiest first."""
    found, targets = mentions(document), Targets(document)
    return by_importance(
        [
            *check_pointing(document, found, targets),
            *check_numbering(document, found, targets),
            *check_captions(document, found),
            *check_headers(document),
            *check_footnotes(document),
            *check_contents(document),
            *check_remarks(document),
        ]
    )

"""References of a report: what points to nothing, to two things or to the wrong one, and what was left in.

`mentions` finds every reference of the prose, `targets` what can be pointed to and what words fit best,
`pointing` what is missing or meant instead; `captions` checks what tables are called and numbered, `remarks`
what an editor forgot.
"""

from __future__ import annotations

from number_audit.document import Document
from number_audit.findings import Finding, by_importance
from number_audit.references.captions import check_captions, check_contents, check_headers, check_numbering
from number_audit.references.mentions import cross_references
from number_audit.references.pointing import check_pointing
from number_audit.references.remarks import check_footnotes, check_remarks
from number_audit.references.targets import Targets


def check_references(document: Document) -> list[Finding]:
    """Return what is wrong or doubtful with the references of a document, the weightiest first."""
    found, targets = cross_references(document), Targets(document)
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

"""The kinds of findings about references: what each weighs for the reader, and how one is made."""

from __future__ import annotations

from analysis_lib.audit.findings import Finding, Verdict

# A number that cannot be read or a wrong period misleads; a word set twice does not.
WEIGHTS = {
    "unreadable_number": 0.5,
    "caption_period": 0.4,
    "header": 0.4,
    "missing_target": 0.3,
    "duplicate_number": 0.3,
    "caption_unit": 0.3,
    "wrong_topic": 0.2,
    "editors_remark": 0.2,
    "empty_reference": 0.2,
    "footnote": 0.1,
    "numbering": 0.1,
    "contents": 0.05,
    "repeated_text": 0.05,
    "never_mentioned": 0.03,
    "typography": 0.01,
}
# However sure, these mislead nobody about a number, and stop no build.
HARMLESS = frozenset({"numbering", "contents", "repeated_text", "never_mentioned", "typography"})


def slip(
    kind: str,
    line: int,
    printed: str,
    explanation: str,
    *,
    sure: float = 0.9,
    cells: tuple[str, ...] = (),
    cause: str = "",
) -> Finding:
    """Return a finding at a line; one that is harmless, or less than 0.8 sure, is doubtful."""
    certain = sure >= 0.8 and kind not in HARMLESS
    return Finding(
        kind=kind,
        where=f"linje {line}",
        cells=cells or (f"linje {line} = {printed}",),
        printed=printed,
        verdict=Verdict.CONTRADICTION if certain else Verdict.DOUBTFUL,
        explanation=explanation,
        confidence=sure,
        cause=cause,
        weight=WEIGHTS[kind],
    )

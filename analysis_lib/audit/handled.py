"""Findings that somebody has looked at: mended or kept by a correction, or judged in ``audit.yml``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from analysis_lib.audit.findings import Finding
from analysis_lib.audit.grid import Grid, Ref
from analysis_lib.audit.relations.causes import Slip
from analysis_lib.data.corrections import HEADER, Correction, read_corrections
from analysis_lib.data.models import Model, Text, read_entries

FILE = "audit.yml"


class Judgement(Model):
    """One entry of ``audit.yml``: a finding by its id, and why it may stand."""

    finding: str
    why: Text


def by_reasons(findings: Sequence[Finding], folder: Path) -> tuple[list[Finding], tuple[str, ...]]:
    """Return the findings, those that ``audit.yml`` judges with its reason, and the ids that fit none.

    Raises
    ------
    DataFeil
        If the file cannot be read; a missing one has no reasons.
    """
    path = folder / FILE
    entries = read_entries(Judgement, path, "vurdering") if path.exists() else []
    reasons = {entry.finding: entry.why for _, entry in entries}
    marked = [
        replace(finding, handled=f"vurdert: {reasons[finding.id]}") if finding.id in reasons else finding
        for finding in findings
    ]
    known = {finding.id for finding in findings}
    return marked, tuple(name for name in reasons if name not in known)


def by_corrections(
    printed: Sequence[Slip], corrected: Sequence[Slip], grids: Mapping[str, Grid], folder: Path
) -> list[Finding]:
    """Return what the printed tables contradict, marked where a correction mends or keeps it.

    A correction counts as mending a finding only if the finding is gone from the corrected tables.
    What the corrections themselves bring about is a finding too.
    """
    corrections = {key: read_corrections(folder / "corrections.yml", key).reasons for key in grids}
    left = {slip.refs[0] for slip in corrected}
    found = [
        replace(slip.finding, handled=_handled(slip, slip.refs[0] in left, corrections, grids))
        for slip in printed
    ]
    before = {slip.refs[0] for slip in printed if slip.finding.kind not in ("shift", "header", "unreadable")}
    return [*found, *(slip.finding for slip in corrected if slip.refs[0] not in before)]


def _handled(
    slip: Slip,
    still_there: bool,
    corrections: Mapping[str, Mapping[tuple[str, str], Correction]],
    grids: Mapping[str, Grid],
) -> str:
    """Return what a correction says of a finding; a kept cell must be the result or the slip itself."""
    cells = [(ref.grid, _keys(grids, ref)) for ref in slip.refs]
    cells += [(key, (HEADER, grids[key].columns[column].key)) for key, column in slip.headers]
    for number, (key, cell) in enumerate(cells):
        entry = corrections.get(key, {}).get(cell)
        if entry is None:
            continue
        if entry.keep and (number == 0 or slip.finding.kind == "same"):
            return f"står: {entry.why}"
        if not entry.keep and not still_there:
            return f"rettet: {entry.why}"
    return ""


def _keys(grids: Mapping[str, Grid], ref: Ref) -> tuple[str, str]:
    grid = grids[ref.grid]
    return grid.rows[ref.row].key, grid.columns[ref.column].key

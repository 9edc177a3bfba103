"""From contradictions to findings: contradictions that one slip explains are one finding.

In this order, each on what the ones before have mended: headers of other years, moved columns,
cells that are no number, a cell that mends several relations at once, and what is left, relation
by relation.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from analysis_lib.data.interval import Interval
from number_audit.document import Ref
from number_audit.findings import Finding, Judgement
from number_audit.relations.equations import Check
from number_audit.relations.printed import is_unreadable
from number_audit.relations.reasons import explained
from number_audit.relations.shifts import OtherHeader, Shift, other_headers, shifts
from number_audit.relations.web import Web
from number_audit.relations.wording import (
    because,
    header_text,
    line_name,
    sentence,
    shift_text,
    unreadable_text,
)

SURE, DOUBTFUL, ALONE = 0.98, 0.5, 0.9
ROW = 3


@dataclass(frozen=True, slots=True)
class Slip:
    """A finding and the cells that it is about; `headers` are columns whose header is the slip."""

    finding: Finding
    refs: tuple[Ref, ...]
    headers: tuple[tuple[str, int], ...] = ()


def slips(web: Web) -> list[Slip]:
    """Return everything that contradicts print, gathered by cause."""
    headers, mended = other_headers(web)
    moved, mended = shifts(mended)
    return [
        *(_header(web, header) for header in headers),
        *(_shift(web, shift) for shift in moved),
        *(_unreadable(mended, ref) for ref, cell in mended.cells.items() if is_unreadable(cell)),
        *_by_root(mended),
    ]


def _header(web: Web, header: OtherHeader) -> Slip:
    grid = web.grids[header.grid]
    refs = tuple(item.result for item in header.equations)
    before = [item for item in web.given if item.result in refs and item.kind == header.equations[0].kind]
    finding = Finding(
        "header",
        f"tabell {grid.number}, overskriften «{grid.columns[header.column].header}»",
        tuple(web.said(ref) for ref in refs),
        grid.columns[header.column].header,
        Judgement.CONTRADICTION,
        header_text(web, header),
        confidence=SURE,
        cause=f"overskriftene over endringer i tabell {grid.number}",
        weight=_heaviest(web, web.broken(before)),
    )
    return Slip(finding, refs, ((header.grid, header.column),))


def _shift(web: Web, shift: Shift) -> Slip:
    grid = web.grids[shift.line.grid]
    refs = tuple(shift.cells)
    what = line_name(web, shift.line)
    finding = Finding(
        "shift",
        f"tabell {grid.number}, {what}",
        tuple(web.said(ref) for ref in refs),
        "; ".join(web[ref].text.strip() for ref in refs),
        Judgement.CONTRADICTION,
        shift_text(web, shift),
        confidence=SURE,
        cause=f"forskjøvne {'kolonner' if shift.line.is_column else 'rader'} i tabell {grid.number}",
        weight=_heaviest(web, web.broken(web.touching(refs))),
    )
    return Slip(finding, refs)


def _unreadable(web: Web, ref: Ref) -> Slip:
    may_be = web.allowed(ref)
    finding = Finding(
        "unreadable",
        web.place(ref),
        (web.said(ref),),
        web[ref].text.strip(),
        Judgement.CONTRADICTION,
        unreadable_text(web, ref, may_be),
        low=may_be.low if may_be else None,
        high=may_be.high if may_be else None,
        cause=web.place(ref),
        weight=1.0,
    )
    return Slip(finding, (ref,))


def _by_root(web: Web) -> Iterator[Slip]:
    """Yield a finding for every cell that mends several relations, then one for each relation left."""
    left = web.broken(web.equations)
    while root := _root(web, left):
        ref, outcomes = root
        left = [outcome for outcome in left if outcome not in outcomes]
        yield _slip(web, outcomes, ref)
    causes = _common_causes(web, left)
    for outcome in left:
        slip = _slip(web, [outcome], _only_suspect(web, outcome))
        cause = causes.get(outcome.equation.result, slip.finding.cause)
        yield replace(slip, finding=replace(slip.finding, cause=cause))


def _common_causes(web: Web, left: Sequence[Check]) -> dict[Ref, str]:
    """Return one cause for contradictions of one kind in one row: it is the row that is made otherwise."""
    rows: dict[tuple[str, str, int], list[Ref]] = {}
    for outcome in left:
        ref = outcome.equation.result
        rows.setdefault((outcome.equation.kind, ref.grid, ref.row), []).append(ref)
    return {
        ref: f"raden «{web.grids[key].rows[row].label}» i tabell {web.grids[key].number}"
        for (_, key, row), refs in rows.items()
        if len(refs) >= ROW
        for ref in refs
    }


def _only_suspect(web: Web, outcome: Check) -> Ref | None:
    """Return the one cell of a relation that could be another number and break nothing else.

    Where the text's number is the result it is the text that is at odds with its table.
    """
    if outcome.equation.bounds or not outcome.equation.firm or "/" in outcome.equation.result.grid:
        return None
    suspects = [ref for ref in outcome.equation.cells if "/" not in ref.grid and web.allowed(ref)]
    return suspects[0] if len(suspects) == 1 else None


def _root(web: Web, left: Sequence[Check]) -> tuple[Ref, list[Check]] | None:
    """Return the cell that, changed, mends most of what is left and breaks nothing: at least two."""
    at: dict[Ref, list[Check]] = {}
    for outcome in left:
        for ref in outcome.equation.cells:
            at.setdefault(ref, []).append(outcome)
    several = [(ref, outcomes) for ref, outcomes in at.items() if len(outcomes) > 1]
    for ref, outcomes in sorted(several, key=lambda item: -len(item[1])):
        if web.allowed(ref) is not None and all(not item.equation.bounds for item in outcomes):
            return ref, outcomes
    return None


def _slip(web: Web, outcomes: Sequence[Check], root: Ref | None) -> Slip:
    """Return the finding of relations that one cell, or none in particular, explains."""
    outcome = min(outcomes, key=lambda item: (not item.equation.firm, item.allowed.width))
    item = outcome.equation
    firm = any(other.equation.firm for other in outcomes)
    may_be = (web.allowed(root) if root else None) or outcome.allowed
    where = root or item.result
    reasons = explained(web, outcome, root)
    text = " ".join(part for part in (sentence(web, outcome, root), because(reasons), item.note) if part)
    if len(outcomes) > 1:
        text += f" Tallet strider mot {len(outcomes)} sammenhenger i alt."
    # The finding says itself where it is.
    text = text.replace(f" i {web.place(where)}", "")
    finding = Finding(
        item.kind,
        web.place(where),
        tuple(web.said(ref) for ref in item.cells),
        web[where].text.strip(),
        Judgement.CONTRADICTION if firm else Judgement.DOUBTFUL,
        text,
        low=may_be.low,
        high=may_be.high,
        confidence=(SURE if len(outcomes) > 1 else ALONE) if firm else DOUBTFUL,
        cause=web.place(where),
        weight=_weight(web[where].interval, may_be),
    )
    return Slip(finding, tuple(dict.fromkeys((where, *item.cells))))


def _heaviest(web: Web, outcomes: Sequence[Check]) -> float:
    return max((_weight(web[item.equation.result].interval, item.allowed) for item in outcomes), default=0.0)


def _weight(printed: Interval | None, allowed: Interval) -> float:
    """Return the relative error: how far print is from what is allowed; at most 1."""
    if printed is None:
        return 1.0
    gap = max(printed.low - allowed.high, allowed.low - printed.high, 0 * allowed.low)
    size = max(abs(allowed.middle), abs(printed.middle))
    return min(float(gap / size), 1.0) if size else 1.0

"""From contradictions to findings in words: contradictions that one slip explains are one finding.

In this order, each on what the ones before have mended: headers of other years, moved columns,
cells that are no number, a cell that mends several relations at once, and what is left, relation
by relation. Each says what is wrong, the likely reason and its alternatives.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from analysis_lib.data.interval import Interval
from analysis_lib.data.norwegian import format_exact, format_number, format_range
from number_audit.document import Ref
from number_audit.findings import CheckKind, Finding, Judgement
from number_audit.reading.cells import is_number, is_unreadable
from number_audit.relations.equations import Check
from number_audit.relations.reasons import FEW, Explanation, digit_slips, explained
from number_audit.relations.shifts import Line, OtherHeader, Shift, other_headers, shifts
from number_audit.relations.web import Web

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
        CheckKind.HEADER,
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
        CheckKind.SHIFT,
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
        CheckKind.UNREADABLE,
        web.place(ref),
        (web.said(ref),),
        web[ref].text.strip(),
        Judgement.CONTRADICTION,
        unreadable_text(web, ref, may_be),
        allowed=may_be,
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
    if outcome.equation.bounds or not outcome.equation.firm or not web.audited(outcome.equation.result):
        return None
    suspects = [ref for ref in outcome.equation.cells if web.audited(ref) and web.allowed(ref)]
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
        allowed=may_be,
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


WORDS = {
    CheckKind.SUM: "Delene gir til sammen {allowed}, men {printed} er trykt.",
    CheckKind.PARTS: "Andelene skal summere til 100; de andre levner {allowed}, men {printed} er trykt.",
    CheckKind.SAME: "Samme størrelse er trykt som {printed} her og som {other} i {elsewhere}.",
    CheckKind.UNION: (
        "Tallet må være fra den største delen til summen av dem, {allowed}, men {printed} er trykt."
    ),
    CheckKind.AT_MOST: "En del er større enn det hele: {printed} er trykt, og høyst {allowed} er mulig.",
    CheckKind.BETWEEN: "Et gjennomsnitt må ligge mellom gruppene, {allowed}, men {printed} er trykt.",
    CheckKind.POPULATION: (
        "Med folkemengden som de andre tallene gir, blir det {allowed}; {printed} er trykt."
    ),
    CheckKind.TEXT: "Teksten sier {printed}; tallene som det bygger på, gir {allowed}.",
    CheckKind.CONSTANT_PRICES: (
        "Med deflatoren som de andre tallene gir, blir det {allowed}; {printed} er trykt."
    ),
}
# A reason less likely than this is not worth a reader's time.
LEAST = 0.05
OTHERWISE = "Regnet av de andre tallene blir det {allowed}, men {printed} er trykt."


def sentence(web: Web, outcome: Check, root: Ref | None = None) -> str:
    """Say what is wrong: what the other numbers allow, and what is printed."""
    item = outcome.equation
    if root and root != item.result and (may_be := web.allowed(root)):
        return f"De andre tallene gir {span(may_be)}, men {web[root].text.strip()} er trykt."
    words = WORDS.get(item.kind, OTHERWISE)
    first = item.terms[0]
    return words.format(
        allowed=format_exact(outcome.allowed.high, 2)
        if item.kind == CheckKind.AT_MOST
        else span(outcome.allowed),
        printed=web[item.result].text.strip(),
        other=web[first].text.strip(),
        elsewhere=web.place(first),
    )


def span(interval: Interval) -> str:
    """Write what is allowed: one number, or from one to another.

    >>> span(Interval.exact(5)), span(Interval(Interval.exact(2).low, Interval.exact(4).high))
    ('5', 'fra 2 til 4')
    """
    if interval.width == 0:
        return format_exact(interval.low, 2)
    low, _, high = format_range(interval).partition("–")
    return f"fra {low} til {high}" if low != high else f"om lag {low}"


def because(reasons: Sequence[Explanation]) -> str:
    """Say the likeliest reason, and the alternatives in order."""
    worth = [reason for reason in reasons if reason.confidence >= LEAST]
    ordered = sorted(worth, key=lambda reason: -reason.confidence)[: FEW + 1]
    if not ordered:
        return ""
    first, *others = (
        f"{reason.text} ({format_number(Fraction(reason.confidence), 1)})" for reason in ordered
    )
    head = "Mest trolig" if ordered[0].confidence >= 0.5 else "Mulig"
    return f"{head}: {first}." + (f" Ellers: {'; '.join(others)}." if others else "")


def header_text(web: Web, header: OtherHeader) -> str:
    """Say which years a column of changes names, and which it fits."""
    columns = web.grids[header.grid].columns
    named, fits = ([columns[j].header for j in pair] for pair in (header.named, header.fits))
    return (
        f"Tallene er ikke endringen fra {named[0]} til {named[1]}: {header.broken} av "
        f"{len(header.equations)} rader sier imot. I alle rader er de endringen fra {fits[0]} til {fits[1]}; "
        "overskriften er trolig fra en tidligere utgave."
    )


def line_name(web: Web, line: Line) -> str:
    """Return a column's or a row's name for a reader."""
    grid = web.grids[line.grid]
    if line.is_column:
        return f"kolonnen «{grid.columns[line.position].header}»"
    return f"raden «{grid.rows[line.position].label}»"


def shift_text(web: Web, shift: Shift) -> str:
    """Say which cells of a column or row stand in the wrong place."""
    grid, first = web.grids[shift.line.grid], min(shift.cells)
    if shift.line.is_column:
        name, place = "kolonnen", grid.rows[first.row].label
        stands, moved = ("én rad for høyt", "ned") if shift.step == 1 else ("én rad for lavt", "opp")
    else:
        name, place = "raden", grid.columns[first.column].header
        stands, moved = (
            ("én kolonne for langt til venstre", "mot høyre")
            if shift.step == 1
            else ("én kolonne for langt til høyre", "mot venstre")
        )
    return (
        f"Tallene i {name} står {stands} fra og med «{place}». Flyttet {moved} stemmer de med resten "
        f"({shift.mended} sammenhenger flere)."
    )


def unreadable_text(web: Web, ref: Ref, may_be: Interval | None) -> str:
    """Say that a cell is no number, what the others allow, and what it may have been."""
    rounded = is_number(web[ref].text)
    why = "går ikke opp i det som tallene er avrundet til" if rounded else "er ikke et tall"
    text = f"«{web[ref].text.strip()}» {why}."
    if may_be is None:
        return text
    reasons = digit_slips(web[ref], may_be)
    return " ".join(
        part for part in (text, f"De andre tallene gir {span(may_be)}.", because(reasons)) if part
    )

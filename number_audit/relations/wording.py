"""Findings in words: what is wrong, the likely reason, and its alternatives."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from analysis_lib.data.interval import Interval
from analysis_lib.data.norwegian import format_exact, format_number, format_range
from number_audit.document import Ref
from number_audit.relations.equations import Check
from number_audit.relations.reasons import FEW, Explanation, digit_slips
from number_audit.relations.shifts import Line, OtherHeader, Shift
from number_audit.relations.web import Web

NAMES = {
    "at_most": "del av en helhet",
    "between": "gjennomsnitt mellom gruppene",
    "change": "endring i prosent",
    "constant_prices": "faste priser",
    "difference": "differanse",
    "growth": "vekst fra året før",
    "header": "overskrift",
    "index": "indeks",
    "mean": "gjennomsnitt",
    "net_change": "endring fra året før",
    "parts": "andeler som summerer til 100",
    "per_capita": "per innbygger",
    "population": "folkemengde",
    "possible": "andel av et lite antall",
    "rate": "rate",
    "same": "samme størrelse to steder",
    "share": "andel",
    "share_of_column": "andel av kolonnen",
    "shift": "forskjøvet kolonne",
    "sum": "sum",
    "text": "tall i teksten",
    "union": "unike i flere grupper",
    "unreadable": "ikke et tall",
}
WORDS = {
    "sum": "Delene gir til sammen {allowed}, men {printed} er trykt.",
    "parts": "Andelene skal summere til 100; de andre levner {allowed}, men {printed} er trykt.",
    "same": "Samme størrelse er trykt som {printed} her og som {other} i {elsewhere}.",
    "union": "Tallet må være fra den største delen til summen av dem, {allowed}, men {printed} er trykt.",
    "at_most": "En del er større enn det hele: {printed} er trykt, og høyst {allowed} er mulig.",
    "between": "Et gjennomsnitt må ligge mellom gruppene, {allowed}, men {printed} er trykt.",
    "population": "Med folkemengden som de andre tallene gir, blir det {allowed}; {printed} er trykt.",
    "text": "Teksten sier {printed}; tallene som det bygger på, gir {allowed}.",
    "constant_prices": "Med deflatoren som de andre tallene gir, blir det {allowed}; {printed} er trykt.",
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
        allowed=format_exact(outcome.allowed.high, 2) if item.kind == "at_most" else span(outcome.allowed),
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
    text = f"«{web[ref].text.strip()}» er ikke et tall."
    if may_be is None:
        return text
    reasons = digit_slips(web[ref], may_be)
    return " ".join(
        part for part in (text, f"De andre tallene gir {span(may_be)}.", because(reasons)) if part
    )

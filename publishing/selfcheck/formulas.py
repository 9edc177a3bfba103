"""Every number of the register computed again from its terms, by the formula that the reader is shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from analysis_lib.data.interval import Interval
from analysis_lib.data.norwegian import format_exact
from analysis_lib.indicators.arithmetic import AND, evaluate
from analysis_lib.indicators.values import PrintVerdict
from analysis_lib.present.register import Entry
from number_audit.findings import Finding, Judgement
from publishing.book.assemble import ChapterPage
from publishing.book.ledger import Registered


def wrong_numbers(numbers: Mapping[str, Registered]) -> Iterator[Finding]:
    """Yield the numbers that lie outside their own interval, or that their formula does not give.

    Parameters
    ----------
    numbers : mapping
        The register's entries by ref; see `full_register`.
    """
    for ref, entry in numbers.items():
        point, interval = entry.exact.point, entry.exact.interval
        if point is None or interval is None:
            continue
        if point not in interval:
            yield _finding(ref, entry, "Tallet ligger utenfor det som avrundingen tillater.", interval)
        elif (formula := entry.arithmetic) is not None:
            terms = [numbers[term.ref] for term in entry.terms or ()]
            if why := _fault(entry, formula, point, interval, terms):
                yield _finding(ref, entry, why, interval)


def _fault(
    entry: Registered, formula: str, point: Fraction, interval: Interval, terms: Sequence[Registered]
) -> str:
    points = [term.exact.point for term in terms if term.exact.point is not None]
    intervals = [term.exact.interval for term in terms if term.exact.interval is not None]
    if not len(points) == len(intervals) == len(terms):
        return "Et ledd er ikke kjent, men tallet er det."
    try:
        if AND in formula:
            # Two quotients that bind: what both allow.
            parts = [evaluate(part, intervals) for part in formula.split(AND)]
            return "" if all(point in part for part in parts) else f"Formelen «{formula}» gir det ikke."
        given = evaluate(formula, points)
        range_ = evaluate(formula, intervals)
    except (ValueError, ZeroDivisionError) as error:
        return f"Formelen kan ikke regnes ut: {error}."
    return _disagreement(entry, point, interval, given, range_)


def _disagreement(
    entry: Registered, point: Fraction, interval: Interval, given: Fraction, range_: Interval | Fraction
) -> str:
    """Hold the formula's result against the value, as its verdict on the printed number demands."""
    allows = range_ if isinstance(range_, Interval) else Interval.exact(range_)
    if entry.verdict is PrintVerdict.DEVIATES:
        right = entry.exact.contradicted == given and (point == given or bool(entry.note))
    elif entry.verdict is PrintVerdict.REPRODUCED:
        right = allows.intersect(interval) == interval
    else:
        right = point == given and allows == interval
    return "" if right else f"Formelen gir {format_exact(given)}, men tallet er {format_exact(point)}."


def _finding(ref: str, entry: Registered, why: str, interval: Interval) -> Finding:
    terms = tuple(f"{term.label} = {term.value}" for term in entry.terms or ())
    return Finding(
        kind="formel",
        where=", ".join(entry.places) or "ledd i en beregning",
        cells=(f"{entry.label} = {entry.text}", *terms),
        printed=entry.text,
        verdict=Judgement.CONTRADICTION,
        explanation=f"{entry.label}: {why[:1].lower()}{why[1:]}",
        allowed=interval,
        cause=ref,
    )


def two_values(chapters: Iterable[ChapterPage]) -> Iterator[Finding]:
    """Yield the refs that two parts of the report know as two different values."""
    first: dict[str, tuple[Entry, str]] = {}
    for chapter in chapters:
        for block in chapter.blocks:
            for ref, entry in block.payload.numbers.items():
                before, where = first.setdefault(ref, (entry, chapter.name))
                if _quantity(before) != _quantity(entry):
                    why = f"Det samme tallet er «{before.text}» i {where} og «{entry.text}» her."
                    yield Finding(
                        "to_verdier", chapter.name, (), entry.text, Judgement.CONTRADICTION, why, cause=ref
                    )


def _quantity(entry: Entry) -> tuple[object, ...]:
    exact = entry.exact
    return exact.identity, exact.kind, exact.point, exact.interval

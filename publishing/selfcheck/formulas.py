"""Every number of the register computed again from its terms, by the formula that the reader is shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from analysis_lib.data.interval import Interval
from analysis_lib.data.norwegian import format_exact
from analysis_lib.indicators.arithmetic import AND, evaluate
from analysis_lib.indicators.values import read_interval, read_number
from number_audit.findings import Finding, Judgement
from publishing.book.assemble import ChapterPage

Entry = Mapping[str, Any]


def wrong_numbers(numbers: Mapping[str, Entry]) -> Iterator[Finding]:
    """Yield the numbers that lie outside their own interval, or that their formula does not give.

    Parameters
    ----------
    numbers : mapping
        The register's entries by ref; see `full_register`.
    """
    for ref, entry in numbers.items():
        point, interval = _known(entry)
        if point is None or interval is None:
            continue
        if point not in interval:
            yield _finding(ref, entry, "Tallet ligger utenfor det som avrundingen tillater.", interval)
        elif "formula" in entry["exact"]:
            terms = [numbers[term["ref"]] for term in entry["terms"]]
            if why := _fault(entry, point, interval, terms):
                yield _finding(ref, entry, why, interval)


def _known(entry: Entry) -> tuple[Fraction | None, Interval | None]:
    return read_number(entry["exact"]["point"]), read_interval(entry["exact"]["interval"])


def _fault(entry: Entry, point: Fraction, interval: Interval, terms: list[Entry]) -> str:
    points, intervals = zip(*map(_known, terms), strict=True) if terms else ((), ())
    if None in points or None in intervals:
        return "Et ledd er ikke kjent, men tallet er det."
    formula = entry["exact"]["formula"]
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
    entry: Entry, point: Fraction, interval: Interval, given: Fraction, range_: Interval | Fraction
) -> str:
    """Hold the formula's result against the value, as its verdict on the printed number demands."""
    allows = range_ if isinstance(range_, Interval) else Interval.exact(range_)
    verdict = entry.get("verdict")
    if verdict == "avviker":
        contradicted = read_number(entry["exact"].get("contradicted"))
        right = contradicted == given and (point == given or bool(entry.get("note")))
    elif verdict == "gjengitt":
        right = allows.intersect(interval) == interval
    else:
        right = point == given and allows == interval
    return "" if right else f"Formelen gir {format_exact(given)}, men tallet er {format_exact(point)}."


def _finding(ref: str, entry: Entry, why: str, interval: Interval) -> Finding:
    terms = tuple(f"{term['label']} = {term['value']}" for term in entry.get("terms", []))
    return Finding(
        kind="formel",
        where=", ".join(entry["places"]) or "ledd i en beregning",
        cells=(f"{entry['label']} = {entry['text']}", *terms),
        printed=entry["text"],
        verdict=Judgement.CONTRADICTION,
        explanation=f"{entry['label']}: {why[:1].lower()}{why[1:]}",
        low=interval.low,
        high=interval.high,
        cause=ref,
    )


def two_values(chapters: Iterable[ChapterPage]) -> Iterator[Finding]:
    """Yield the refs that two parts of the report know as two different values."""
    first: dict[str, tuple[Entry, str]] = {}
    for chapter in chapters:
        for block in chapter.blocks:
            for ref, entry in block.content.get("numbers", {}).items():
                before, where = first.setdefault(ref, (entry, chapter.name))
                keys = ("identity", "kind", "point", "interval")
                if any(before["exact"][key] != entry["exact"][key] for key in keys):
                    why = f"Det samme tallet er «{before['text']}» i {where} og «{entry['text']}» her."
                    yield Finding(
                        "to_verdier", chapter.name, (), entry["text"], Judgement.CONTRADICTION, why, cause=ref
                    )

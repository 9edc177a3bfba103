"""What a computed number is called: in the words of its terms, as an analyst would say it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from analysis_lib.data.periods import YEAR

_CHANGES = ("endring", "endring i prosent", "endring i prosentpoeng", "differanse")


def title(how: str, labels: Sequence[str]) -> str:
    """Return what a number is, by the operation that made it and the names of its terms.

    Examples
    --------
    >>> title("andel i prosent", ["Tabell 8.1: Legevakt, 2025", "Tabell 8.1: Totalt, 2025"])
    'Andel: Legevakt av Totalt, 2025 (tabell 8.1)'
    >>> title("differanse", ["Tabell 11.1: Venteliste, 2024", "Tabell 11.1: Venteliste, 2025"])
    'Endring fra 2024 til 2025: Venteliste (tabell 11.1)'
    >>> title("endring i prosent", ["Sats før", "Sats etter"])
    'Endring fra Sats før til Sats etter'
    """
    names, table = _without_table(labels)
    return _said(how, names) + (f" (tabell {table})" if table else "")


def _without_table(labels: Sequence[str]) -> tuple[list[str], str]:
    """Return the names with the table that they share said apart, "" where they share none."""
    numbers = {_table(label) for label in labels}
    if len(numbers) != 1 or not (number := numbers.pop()):
        return list(labels), ""
    head, tail = f"Tabell {number}: ", f" (tabell {number})"
    return [label.replace(head, "").removesuffix(tail) for label in labels], number


def _table(label: str) -> str:
    found = re.match(r"Tabell ([^:]+): ", label) or re.search(r" \(tabell ([^)]+)\)$", label)
    return found[1] if found else ""


def _said(how: str, names: Sequence[str]) -> str:
    if len(names) == 2 and how in _CHANGES:
        return _change(names[0], names[1], unlike=how == "differanse")
    if len(names) == 2 and how.startswith("per "):
        return f"{names[0]}, {how}"
    bare, end = _without_end(names)
    if len(bare) == 2 and how == "andel i prosent":
        return f"Andel: {bare[0]} av {bare[1]}{end}"
    return f"{how[:1].upper()}{how[1:]}: {_listed(bare)}{end}"


def _listed(names: Sequence[str]) -> str:
    return " og ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _without_end(names: Sequence[str]) -> tuple[list[str], str]:
    """Take the period that every name ends with off them: «, 2025»."""
    ends = {name.rpartition(", ")[2] for name in names}
    if len(ends) != 1 or not YEAR.search(end := ends.pop()) or any(", " not in name for name in names):
        return list(names), ""
    return [name.removesuffix(f", {end}") for name in names], f", {end}"


def _change(old: str, new: str, *, unlike: bool) -> str:
    """Say a change by its two periods where nothing else differs, else by its two names."""
    (what, _, before), (other, _, after) = old.rpartition(", "), new.rpartition(", ")
    if what and what == other and YEAR.search(before):
        return f"Endring fra {before} til {after}: {what}"
    first, last = (set(YEAR.findall(name)) for name in (old, new))
    if len(first) == len(last) == 1 and first != last:
        (year,), (later,) = first, last
        bare = old.replace(f", {year}", "")
        if old.replace(year, later) == new and year not in bare:
            return f"Endring fra {year} til {later}: {bare}"
    return f"Forskjell mellom {old} og {new}" if unlike else f"Endring fra {old} til {new}"

"""The comparison: two mappings from identity to record in, differences with their causes out.

A cause is looked for in a fixed order, the most particular first: a revision that somebody has accounted for,
a notebook that binds something else (which nothing excuses), a correction, a period that has moved, a changed
unit, relation or price basis, terms that differ, rounding, a changed title or note. What none of them
explains is an unexplained revision.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from functools import cached_property

from analysis_lib.data import municipalities
from analysis_lib.data.periods import YEAR
from publishing.diff.matching import match
from publishing.diff.records import Bound, Cause, Difference, Record, Snapshot, stands, without_years
from publishing.revisions import spaced

Verdict = tuple[Cause, str, tuple[str, ...]]

# Fields that make another quantity of a number; the rest are words about it, blamed only as a last resort.
QUANTITY = ("enhet", "relasjon", "eksakt", "prisgrunnlag", "periode")
# Where a year in the field is part of the quantity, and not of a text that has rolled forward.
_YEAR_COUNTS = ("enhet", "prisgrunnlag", "periode")
# Two processors, or two versions of Python, add floating-point numbers in other orders.
_NOISE = Fraction(1, 10**9)


def compare(old: Snapshot, new: Snapshot) -> list[Difference]:
    """Return what differs, roots before what follows from them, the largest relative change first.

    Parameters
    ----------
    old, new : Snapshot
        The older and the newer edition or build.

    Examples
    --------
    >>> from publishing.diff.records import Record, Snapshot
    >>> before = Snapshot("A", 2024, {"8.1/a/2024": Record("8.1/a/2024", "Tabell 8.1: A, 2024", "118")})
    >>> after = Snapshot("B", 2025, {"8.1/a/2024": Record("8.1/a/2024", "Tabell 8.1: A, 2024", "119")})
    >>> [(d.old, d.new, d.cause.value) for d in compare(before, after)]
    [('118', '119', 'uforklart')]
    """
    matched, told = match(old, new)
    return sorted([*told, *explained(matched, new)], key=importance)


def explained(old: Snapshot, new: Snapshot) -> list[Difference]:
    """Return what differs between two sides whose quantities have the same names; see `match`."""
    return _Comparison(old, new).differences()


class _Comparison:
    """Keeps the causes that have been found, since one follows from another."""

    def __init__(self, old: Snapshot, new: Snapshot) -> None:
        self.old, self.new = old, new
        self.causes: dict[str, Verdict] = {}
        identities = {**old.records, **new.records}
        shift = new.last_year - old.last_year
        self.changed = {i for i in identities if _differ(old.records.get(i), new.records.get(i), shift)}

    def differences(self) -> list[Difference]:
        found = [self._difference(identity) for identity in self.changed]
        followers = Counter(root for difference in found for root in difference.roots)
        counted = [replace(item, dependants=followers[item.identity]) for item in found]
        return sorted((item for item in counted if self._is_news(item)), key=importance)

    def _is_news(self, item: Difference) -> bool:
        """Leave out decimals that nobody sees and nothing hangs on; a place is told by its numbers."""
        if item.identity.startswith(("tekst/", "celle/")) and not (item.old or item.new):
            return item.cause is Cause.UNEXPLAINED
        return item.old != item.new or item.dependants > 0 or item.cause is not Cause.DERIVED

    def _difference(self, identity: str) -> Difference:
        a, b = self.old.records.get(identity), self.new.records.get(identity)
        shown = b or a
        assert shown is not None
        cause, explanation, roots = self._cause(identity)
        texts = (a.text if a else "", b.text if b else "")
        if a and b and texts[0] == texts[1] and a.printed != b.printed:
            texts = (a.printed, b.printed)
        return Difference(
            identity, shown.label, shown.place, *texts, _relative(a, b), cause, explanation, roots
        )

    def _cause(self, identity: str) -> Verdict:
        if identity not in self.causes:
            a, b = self.old.records.get(identity), self.new.records.get(identity)
            self.causes[identity] = self._changed(a, b) if a and b else self._come_or_gone(a, b)
        return self.causes[identity]

    def _changed(self, a: Record, b: Record) -> Verdict:
        decided = self._revised(a, b) or self._rebound(a, b) or self._corrected(a, b)
        decided = decided or self._moved(a, b) or self._defined(a, b, QUANTITY)
        # A new print that its own parts do not allow is excused by nothing milder than the above.
        if decided is None and not (b.contradicted and a.printed != b.printed):
            decided = self._derived(a, b) or self._rounded(a, b) or self._defined(a, b)
        return decided or self._unexplained(a, b)

    @cached_property
    def _periods(self) -> tuple[dict[str, set[int]], dict[str, set[int]]]:
        """The years that each side has, by identity and label with their years blanked."""
        found: tuple[dict[str, set[int]], ...] = ({}, {})
        for side, years in zip((self.old, self.new), found, strict=True):
            for record in side.records.values():
                for name in _names(record):
                    years.setdefault(name, set()).update(record.years or ())
        return found[0], found[1]

    def _come_or_gone(self, a: Record | None, b: Record | None) -> Verdict:
        record = b or a
        assert record is not None
        if b is not None and b.years is not None and b.years[1] > self.old.last_year:
            return Cause.PERIOD, f"etter {self.old.last_year}, det siste året i {self.old.name}", ()
        if a is not None and a.years is not None and self._rolled(a):
            return Cause.PERIOD, "den samme størrelsen finnes for et senere år", ()
        other, cause = (self.old, Cause.ADDED) if b else (self.new, Cause.REMOVED)
        table = other.table(record)
        if table and (reform := municipalities.told(record.at[0], table.rows)):
            return Cause.DEFINITION, reform, ()
        return cause, f"finnes ikke i {other.name}", ()

    def _rolled(self, gone: Record) -> bool:
        """Tell whether the last years of a series have made way for later ones."""
        for name in _names(gone):
            before, after = (side.get(name, set()) for side in self._periods)
            if (
                after
                and max(after) > max(before)
                and (not before & after or max(before) in (gone.years or ()))
            ):
                return True
        return False

    def _revised(self, a: Record, b: Record) -> Verdict | None:
        revision = self.new.revisions.get(a.identity)
        if revision is None or (stands(a), stands(b)) != (spaced(revision.old), spaced(revision.new)):
            return None
        return Cause.REVISED, revision.why, ()

    def _corrected(self, a: Record, b: Record) -> Verdict | None:
        before, after = (side.corrections.get(a.identity) for side in (self.old, self.new))
        same_print, same_number = a.printed == b.printed, a.point == b.point
        if after and after != before and same_print:
            return Cause.CORRECTED, f"rettelse i {self.new.name}: {after}", ()
        if (before or after) and same_number and not same_print:
            side = self.new if after else self.old
            return Cause.CORRECTED, f"rettelse i {side.name}: {after or before}", ()
        if a.contradicted and not b.contradicted and not self.changed & {*a.terms, *b.terms}:
            return Cause.CORRECTED, f"det trykte tallet i {self.old.name} stemte ikke med leddene", ()
        return None

    def _defined(self, a: Record, b: Record, fields: tuple[str, ...] = ()) -> Verdict | None:
        """Blame a changed field, of the table before that of the number."""
        before, after = self.old.records.get(a.parent), self.new.records.get(a.parent)
        if before and after and (texts := changed_fields(before.definition, after.definition, fields)):
            return Cause.DEFINITION, texts, (a.parent,)
        texts = changed_fields(a.definition, b.definition, fields)
        return (Cause.DEFINITION, texts, ()) if texts else None

    def _moved(self, a: Record, b: Record) -> Verdict | None:
        if a.point is None and b.years is not None and b.years[1] > self.old.last_year:
            return Cause.PERIOD, f"etter {self.old.last_year}, det siste året i {self.old.name}", ()
        if a.years is None or b.years is None or a.years == b.years:
            return None
        before, after = ("–".join(str(year) for year in dict.fromkeys(r.years or ())) for r in (a, b))
        if a.years[1] == b.years[1] and a.years[0] != b.years[0]:
            return Cause.DEFINITION, f"periode: {before} → {after}", ()
        return Cause.PERIOD, f"{before} → {after}", ()

    def _derived(self, a: Record, b: Record) -> Verdict | None:
        """Point to the roots of a computed number."""
        terms = [term for term in dict.fromkeys((*a.terms, *b.terms)) if term in self.changed]
        if not terms:
            return None
        roots: dict[str, None] = {}
        for term in terms:
            roots.update(dict.fromkeys(self._cause(term)[2] or (term,)))
        return Cause.DERIVED, "beregnet av tall som er endret", tuple(roots)

    def _rounded(self, a: Record, b: Record) -> Verdict | None:
        if _noise(a, b):
            return Cause.ROUNDING, "støy i siste siffer av en beregning", ()
        if a.interval is None or b.interval is None or a.interval.intersect(b.interval) is None:
            return None
        return Cause.ROUNDING, "den samme størrelsen, trykt med en annen nøyaktighet", ()

    def _rebound(self, a: Record, b: Record) -> Verdict | None:
        """Demand a reason of a notebook that shows something else in the same place."""
        if a.bound is None or b.bound is None:
            return None
        if self.new.last_year != self.old.last_year:
            # Another year's report computes what this one reads in a table, and the other way round.
            return Cause.PERIOD, f"teksten følger året, {self.new.last_year}", ()
        why = rebound(a.bound, b.bound)
        return (Cause.UNEXPLAINED, why, ()) if why else None

    def _unexplained(self, a: Record, b: Record) -> Verdict:
        if a.identity in self.old.corrections and a.identity not in self.new.corrections:
            why = f"rettelsen i {self.old.name} mangler i {self.new.name}"
        elif b.contradicted and a.printed != b.printed:
            why = "det trykte tallet er endret, men leddene gir det ikke"
        elif a.sha256 and a.sha256 != b.sha256:
            why = f"{b.file} er endret, men revisjoner.yml nevner ikke cellen"
        elif a.sha256:
            why = f"{b.file} er den samme, men tallet er et annet"
        elif not a.terms and not b.terms:
            why = "tallet er telt i rapporten og har ingen ledd å vise til"
        else:
            why = "ingen av leddene er endret"
        return Cause.UNEXPLAINED, why, ()


def _names(record: Record) -> set[str]:
    return {without_years(record.identity), without_years(record.label)}


def _differ(a: Record | None, b: Record | None, shift: int = 0) -> bool:
    if a is None or b is None:
        return True
    same = (a.text, a.printed) == (b.text, b.printed) and (
        (a.point, a.interval) == (b.point, b.interval) or _noise(a, b)
    )
    other = a.bound and b.bound and rebound(a.bound, b.bound, shift)
    return not same or bool(other or changed_fields(a.definition, b.definition))


def _noise(a: Record, b: Record) -> bool:
    """Tell whether two numbers differ only as floating-point arithmetic does from machine to machine."""
    if a.point is None or b.point is None:
        return False
    # A method's estimate has no interval: what is shown of it is what it says.
    if a.interval is None and b.interval is None and a.text == b.text:
        return True
    return abs(a.point - b.point) <= _NOISE * max(abs(a.point), abs(b.point))


def rebound(old: Bound, new: Bound, shift: int = 0) -> str:
    """Say how a number is bound otherwise; "" if it is not.

    Parameters
    ----------
    shift : int
        Years between the two reports: a year that has moved by as much is the same.

    Examples
    --------
    >>> change = Bound("({1} − {0})(8.1/a/2024, 8.1/a/2025)", "{1} − {0}", ("8.1/a/2024", "8.1/a/2025"))
    >>> swapped = Bound("({1} − {0})(8.1/a/2025, 8.1/a/2024)", "{1} − {0}", ("8.1/a/2025", "8.1/a/2024"))
    >>> rebound(change, swapped)
    'argumentene har byttet plass: 8.1/a/2024, 8.1/a/2025 → 8.1/a/2025, 8.1/a/2024'
    >>> before, after = Bound("8.1/a/2024"), Bound("8.1/a/2025")
    >>> rebound(before, after), rebound(before, after, 1)
    ('celle: 8.1/a/2024 → 8.1/a/2025', '')
    """
    if shift and max(len(old.cells), len(new.cells)) > 2 and _of_one_table(old, new):
        # A sum or a rank over a whole table or series has other terms in another year.
        return ""
    found = []
    if not _same_years(old.quantity, new.quantity, shift):
        if old.formula != new.formula:
            found.append(f"formel: {old.formula or old.quantity} → {new.formula or new.quantity}")
        elif len(old.cells) > 1 and sorted(old.cells) == sorted(new.cells):
            found.append(f"argumentene har byttet plass: {', '.join(old.cells)} → {', '.join(new.cells)}")
        else:
            a, b = (_without(*pair) for pair in ((old, new), (new, old)))
            found.append(f"celle: {a} → {b}")
    for name, before, after in (("enhet", old.unit, new.unit), ("format", old.format, new.format)):
        if before != after:
            found.append(f"{name}: {before or '(ingen)'} → {after or '(ingen)'}")
    return "; ".join(found)


def _without(side: Bound, other: Bound) -> str:
    """Return the terms that the other has not, as many as a line takes."""
    only = [cell for cell in side.cells if cell not in other.cells] or side.cells or (side.quantity,)
    return ", ".join(only[:4]) + (" …" if len(only) > 4 else "")


def _of_one_table(old: Bound, new: Bound) -> bool:
    """Tell whether most of the terms are of the same rows, whatever their year."""
    a, b = (set(map(without_years, side.cells)) for side in (old, new))
    return 2 * len(a & b) > min(len(a), len(b))


def _same_years(old: str, new: str, shift: int) -> bool:
    years = zip(YEAR.findall(old), YEAR.findall(new), strict=False)
    moved = all(int(b) - int(a) in (0, shift) for a, b in years)
    return moved and without_years(old) == without_years(new)


def changed_fields(old: Mapping[str, str], new: Mapping[str, str], fields: tuple[str, ...] = ()) -> str:
    """Name the fields of a definition that differ, of some or of all, with both texts; "" if none does.

    A year that has rolled forward in a title or a note changes nothing.

    >>> changed_fields({"enhet": "mill. kroner"}, {"enhet": "mrd. kroner"}, ("enhet",))
    'enhet: mill. kroner → mrd. kroner'
    >>> changed_fields({"tittel": "Leger 2019–2024"}, {"tittel": "Leger 2019–2025"}, ("tittel",))
    ''
    """
    found = []
    for name in fields or {**old, **new}:
        a, b = old.get(name, ""), new.get(name, "")
        if (a != b) if name in _YEAR_COUNTS else (without_years(a) != without_years(b)):
            found.append(f"{name}: {a or '(ingen)'} → {b or '(ingen)'}")
    return "; ".join(found)


def _relative(a: Record | None, b: Record | None) -> float | None:
    if a is None or b is None or a.point is None or b.point is None or a.point == 0:
        return None
    return abs(float((b.point - a.point) / a.point))


def importance(item: Difference) -> tuple[bool, bool, float, int, str]:
    """Return the sorting key: unexplained first, then roots, then by relative change and what hangs on it."""
    return (
        item.cause is not Cause.UNEXPLAINED,
        bool(item.roots),
        -(item.relative or 0.0),
        -item.dependants,
        item.identity,
    )

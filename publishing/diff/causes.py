"""The comparison: two mappings from identity to record in, differences with their causes out.

A cause is looked for in a fixed order, the most particular first: a revision that somebody has accounted for,
a correction, a period that has moved, a changed unit, relation or price basis, terms that differ, rounding,
a changed title or note. What none of them explains is an unexplained revision.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property

from publishing.diff.records import Cause, Difference, Record, Snapshot, stands, without_years
from publishing.revisions import spaced

Verdict = tuple[Cause, str, tuple[str, ...]]

# Fields that make another quantity of a number; the rest are words about it, blamed only as a last resort.
QUANTITY = ("enhet", "relasjon", "eksakt", "prisgrunnlag", "periode")
# Where a year in the field is part of the quantity, and not of a text that has rolled forward.
_YEAR_COUNTS = ("enhet", "prisgrunnlag", "periode")


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
    return _Comparison(old, new).differences()


class _Comparison:
    """Keeps the causes that have been found, since one follows from another."""

    def __init__(self, old: Snapshot, new: Snapshot) -> None:
        self.old, self.new = old, new
        self.causes: dict[str, Verdict] = {}
        identities = {**old.records, **new.records}
        self.changed = {i for i in identities if _differ(old.records.get(i), new.records.get(i))}

    def differences(self) -> list[Difference]:
        found = [self._difference(identity) for identity in self.changed]
        followers = Counter(root for difference in found for root in difference.roots)
        counted = [replace(item, dependants=followers[item.identity]) for item in found]
        return sorted((item for item in counted if self._is_news(item)), key=importance)

    def _is_news(self, item: Difference) -> bool:
        """Leave out what differs in decimals that nobody sees, unless something hangs on it."""
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
        decided = self._revised(a, b) or self._corrected(a, b) or self._moved(a, b) or self._defined(a, b)
        # A new print that its own parts do not allow is excused by nothing milder than the above.
        if decided is None and not (b.contradicted and a.printed != b.printed):
            decided = self._derived(a, b) or self._rounded(a, b) or self._described(a, b)
        return decided or self._unexplained(a, b)

    @cached_property
    def _patterns(self) -> tuple[set[str], set[str]]:
        """The identities and labels of each side with their years blanked."""
        sides = (self.old.records.values(), self.new.records.values())
        first, second = (
            {without_years(text) for r in side for text in (r.identity, r.label)} for side in sides
        )
        return first, second

    def _come_or_gone(self, a: Record | None, b: Record | None) -> Verdict:
        record = b or a
        assert record is not None
        later = b is not None and b.years is not None and b.years[1] > self.old.last_year
        names = {without_years(record.identity), without_years(record.label)}
        if later:
            return Cause.PERIOD, f"etter {self.old.last_year}, det siste året i {self.old.name}", ()
        if record.years is not None and names & self._patterns[0 if b else 1]:
            return Cause.PERIOD, "den samme størrelsen finnes for et annet år", ()
        other, cause = (self.old, Cause.ADDED) if b else (self.new, Cause.REMOVED)
        return cause, f"finnes ikke i {other.name}", ()

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

    def _defined(self, a: Record, b: Record) -> Verdict | None:
        if decided := self._by_parent(a, QUANTITY):
            return decided
        texts = changed_fields(a.definition, b.definition, QUANTITY)
        return (Cause.DEFINITION, texts, ()) if texts else None

    def _described(self, a: Record, b: Record) -> Verdict | None:
        if decided := self._by_parent(a, ()):
            return decided
        texts = changed_fields(a.definition, b.definition, tuple({**a.definition, **b.definition}))
        return (Cause.DEFINITION, texts, ()) if texts else None

    def _by_parent(self, a: Record, fields: tuple[str, ...]) -> Verdict | None:
        before, after = self.old.records.get(a.parent), self.new.records.get(a.parent)
        if before is None or after is None:
            return None
        fields = fields or tuple({**before.definition, **after.definition})
        texts = changed_fields(before.definition, after.definition, fields)
        return (Cause.DEFINITION, texts, (a.parent,)) if texts else None

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
        if a.interval is None or b.interval is None or a.interval.intersect(b.interval) is None:
            return None
        return Cause.ROUNDING, "den samme størrelsen, trykt med en annen nøyaktighet", ()

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


def _differ(a: Record | None, b: Record | None) -> bool:
    if a is None or b is None:
        return True
    fields = tuple({**a.definition, **b.definition})
    return (a.text, a.point, a.interval, a.printed) != (b.text, b.point, b.interval, b.printed) or bool(
        changed_fields(a.definition, b.definition, fields)
    )


def changed_fields(old: Mapping[str, str], new: Mapping[str, str], fields: tuple[str, ...]) -> str:
    """Name the fields of a definition that differ, with both texts; "" if none does.

    A year that has rolled forward in a title or a note changes nothing.

    >>> changed_fields({"enhet": "mill. kroner"}, {"enhet": "mrd. kroner"}, ("enhet",))
    'enhet: mill. kroner → mrd. kroner'
    >>> changed_fields({"tittel": "Leger 2019–2024"}, {"tittel": "Leger 2019–2025"}, ("tittel",))
    ''
    """
    found = []
    for name in fields:
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

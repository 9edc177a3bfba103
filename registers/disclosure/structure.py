"""Which cells add up to which: the equations that anyone can set up over tables of one family.

A cell is a set of labels, one an axis; a margin is the whole axis. County, class of centrality and «øvrige
kommuner» are sets of municipalities on one axis, age groups sets of years on another, so that different
divisions meet in what they have in common. What a table leaves out of a sum is a cell too, never published.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from analysis_lib.errors import DataFeil, nearest
from registers.cells import TOTAL
from registers.disclosure.published import Family, Published
from registers.disclosure.rules import Dimension, Kind, Rules, indicator_of

Part = frozenset[str]
Label = str | Part
Key = tuple[Label, ...]
UNKNOWN, OTHER = "ukjent", "?"
AGES = re.compile(r"(\d+)(?:\s*[–-]\s*(\d+)|(\s*\+|\s*år og (?:over|eldre)))?(?:\s*år)?")
OLDEST = 120


class Geography:
    """Municipalities by county, centrality and any other column of ``kommuner_2024.csv``.

    Parameters
    ----------
    frame : pandas.DataFrame
        Text columns `nummer`, `fylke`, `fylkesnavn`, and others that dimensions name; one row a municipality.
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        self.whole: Part = frozenset(frame["nummer"])
        self.county = dict(zip(frame["nummer"], frame["fylkesnavn"], strict=True))
        self.sets: dict[str, dict[str, Part]] = {
            str(column): {str(k): frozenset(v) for k, v in frame.groupby(column)["nummer"]}
            for column in frame.columns
        }
        # A county may stand among the municipalities, by its number, and go by its name among counties.
        self.sets["nummer"] |= self.sets["fylke"]
        self.sets["fylke"] |= self.sets["fylkesnavn"]

    def part(self, dim: str, column: str, label: str) -> Part:
        """Return the municipalities of a label; ``301`` is ``0301``, and what is unknown is its own."""
        known = self.sets.get(column, {})
        wide = {"nummer": 4, "fylke": 2}.get(column, 1)
        for text in (label, label.zfill(wide)):
            if text in known:
                return known[text]
        if label.lower() in (UNKNOWN, "-1"):
            return frozenset({UNKNOWN})
        raise DataFeil(f"ukjent verdi av «{dim}»", hint="Kodene er de i kommuner_2024.csv.")


@dataclass(frozen=True)
class Slab:
    """One table as the equations see it: its labels, what is fixed, and who is in «øvrige kommuner»."""

    name: str
    frame: pd.DataFrame
    by: tuple[str, ...]
    family: Family
    merged: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, name: str, table: Published) -> Slab:
        """Return a published table as the equations see it."""
        frame = table.frame.astype(dict.fromkeys(table.by, str))
        return cls(name, frame, table.by, table.family, table.merged)


@dataclass(frozen=True)
class System:
    """Cells and their sums: ``equations @ value == 0``, +1 for the whole and −1 for its parts.

    The first `listed` keys are published somewhere, shown or hidden; the others are remainders.
    """

    keys: tuple[Key, ...]
    index: Mapping[Key, int]
    listed: int
    equations: csr_array
    axis: np.ndarray
    total: np.ndarray
    remainder: tuple[int, ...]


def keys_of(slabs: Sequence[Slab], rules: Rules, geography: Geography) -> tuple[list[str], list[list[Key]]]:
    """Return the axes of a family, and the key of each row of each of its tables.

    Raises
    ------
    DataFeil
        If a label is unknown, two divisions of one axis have no known relation, a dimension without sums has
        a total, or only some tables say which value of it they are of.
    """
    named = [set(slab.by) | set(slab.family.fixed) for slab in slabs]
    family = slabs[0].family.name
    dims = {dim: _known(dim, family, rules) for dim in sorted(set().union(*named))}
    on_axis: dict[str, list[str]] = defaultdict(list)
    for dim, known in dims.items():
        on_axis[known.axis].append(dim)
        if known.kind is Kind.OWN and known.column != TOTAL and not all(dim in names for names in named):
            raise DataFeil(
                f"bare noen av tabellene sier hvilken «{dim}» de gjelder",
                where=family,
                hint="Oppgi den som fast.",
            )
    for axis, names in on_axis.items():
        if len(names) > 1 and any(dims[name].kind is not Kind.GEOGRAPHY for name in names):
            raise DataFeil(f"sammenhengen mellom {' og '.join(names)} er ukjent ({axis})", where=family)
    keys: list[list[Key]] = []
    for slab in slabs:
        columns = [_labels(slab, [(n, dims[n]) for n in names], geography) for names in on_axis.values()]
        keys.append(list(zip(*columns, strict=True)) if columns else [()] * len(slab.frame))
    return list(on_axis), keys


def _known(dim: str, family: str, rules: Rules) -> Dimension:
    if dim not in rules.dimensions:
        raise DataFeil(f"ukjent inndeling «{dim}»", where=family, hint=nearest(dim, rules.dimensions))
    overlaps = dim in rules.overlapping.get(indicator_of(family), ())
    # What overlaps has a total, but no sum.
    return Dimension(Kind.OWN, dim, TOTAL) if overlaps else rules.dimensions[dim]


def _labels(slab: Slab, dims: list[tuple[str, Dimension]], geography: Geography) -> list[Label]:
    found: list[Label] = [TOTAL] * len(slab.frame)
    for dim, known in dims:
        if dim in slab.by:
            parts = {text: _part(slab, dim, known, text, geography) for text in slab.frame[dim].unique()}
            given = [parts[text] for text in slab.frame[dim]]
        else:
            fixed = slab.family.fixed.get(dim, TOTAL)
            several = (fixed,) if isinstance(fixed, str | int) else fixed
            each = [_part(slab, dim, known, str(text), geography) for text in several]
            given = [_union(each)] * len(slab.frame)
        found = [_meet(one, other) for one, other in zip(found, given, strict=True)]
    return found


def _part(slab: Slab, dim: str, known: Dimension, text: str, geography: Geography) -> Label:
    if known.kind is Kind.OWN:
        if text == TOTAL and known.column != TOTAL:
            raise DataFeil(f"«{dim}» har ingen sum", where=slab.name)
        return text
    if text == TOTAL:
        return TOTAL
    if known.kind is Kind.SUM:
        return frozenset({text})
    if known.kind is Kind.GEOGRAPHY:
        members = slab.merged.get(text)
        return frozenset(members) if members else geography.part(dim, known.column, text)
    if text.lower() == UNKNOWN:
        return frozenset({UNKNOWN})
    ages = AGES.fullmatch(text)
    if ages is None:
        raise DataFeil(f"en verdi av «{dim}» er ingen aldersgruppe", where=slab.name)
    first = int(ages[1])
    last = OLDEST if ages[3] else int(ages[2] or first)
    return frozenset(str(age) for age in range(first, last + 1))


def _union(labels: list[Label]) -> Label:
    if len(labels) == 1:
        return labels[0]
    return (
        TOTAL if TOTAL in labels else frozenset[str]().union(*(x for x in labels if isinstance(x, frozenset)))
    )


def _meet(one: Label, other: Label) -> Label:
    if isinstance(one, frozenset) and isinstance(other, frozenset):
        return one & other
    return other if one == TOTAL else one


def system(keys: Iterable[Key], whole: Part = frozenset(), remainder: Iterable[int] = ()) -> System:
    """Set up all sums among cells.

    Parameters
    ----------
    keys : iterable of Key
        All cells of all tables of the family.
    whole : frozenset of str
        What the geographic axis consists of.
    remainder : iterable of int
        Axes, by number, whose total has more in it than its parts.
    """
    index: dict[Key, int] = {}
    for key in keys:
        index.setdefault(key, len(index))
    listed, open_axes = len(index), set(remainder)
    rows: list[tuple[int, int, list[int]]] = []
    for axis in range(len(next(iter(index), ()))):
        slices: dict[Key, list[Label]] = defaultdict(list)
        for key in list(index)[:listed]:
            slices[key[:axis] + key[axis + 1 :]].append(key[axis])
        known = frozenset[str]().union(*(k[axis] for k in index if isinstance(k[axis], frozenset)))
        # Every municipality is somewhere, also where a table does not name it.
        universe = known | whole if known & whole else known
        universe |= {OTHER} if axis in open_axes else frozenset()
        sums: dict[frozenset[Label], list[tuple[Label, list[Label]]]] = {}
        for rest, labels in slices.items():
            pattern = frozenset(labels)
            if pattern not in sums:
                sums[pattern] = decompose(pattern, universe)
            for parent, parts in sums[pattern]:
                place = [(*rest[:axis], part, *rest[axis:]) for part in parts]
                parent_key = (*rest[:axis], parent, *rest[axis:])
                rows.append((axis, index[parent_key], [index.setdefault(key, len(index)) for key in place]))
    return _assembled(index, listed, rows, tuple(sorted(open_axes)))


def _assembled(
    index: dict[Key, int], listed: int, rows: list[tuple[int, int, list[int]]], remainder: tuple[int, ...]
) -> System:
    sizes = np.array([1 + len(parts) for _, _, parts in rows], dtype=np.int64)
    columns = np.array([j for _, parent, parts in rows for j in (parent, *parts)], dtype=np.int64)
    data = np.full(len(columns), -1.0)
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    data[starts[:-1]] = 1.0
    keys = tuple(index)
    equations = csr_array((data, columns, starts), shape=(len(rows), len(keys)))
    total = np.array([keys[parent][axis] == TOTAL for axis, parent, _ in rows], dtype=bool)
    return System(
        keys, index, listed, equations, np.array([a for a, _, _ in rows], dtype=int), total, remainder
    )


def decompose(labels: frozenset[Label], universe: Part) -> list[tuple[Label, list[Label]]]:
    """Split every label that meets others into disjoint parts: labels that are there, and what is left.

    Examples
    --------
    >>> a, b = frozenset("a"), frozenset("b")
    >>> decompose(frozenset({TOTAL, a, b}), a | b) == [(TOTAL, [a, b])]
    True
    >>> decompose(frozenset({TOTAL, a}), a | b) == [(TOTAL, [a, b])]  # b is never published, and follows
    True
    """
    sets = [label for label in labels if isinstance(label, frozenset)]
    ordered = sorted(sets, key=lambda part: (-len(part), sorted(part)))
    if TOTAL in labels:
        ordered.insert(0, universe)
    homes: dict[str, list[int]] = defaultdict(list)
    for number, part in enumerate(ordered):
        for atom in part:
            homes[atom].append(number)
    found = []
    for number, part in enumerate(ordered):
        label: Label = TOTAL if TOTAL in labels and number == 0 else part
        near = {other for atom in part for other in homes[atom]} - {number}
        # A set that only lies inside others is no sum; one that crosses another is split where they part.
        if all(ordered[other] >= part and (other < number) for other in near):
            continue
        parts: list[Label] = []
        left = set(part)
        for other in sorted(near):
            inside = ordered[other]
            if other > number and inside <= left:
                parts.append(inside)
                left -= inside
        classes: dict[tuple[int, ...], set[str]] = defaultdict(set)
        for atom in left:
            classes[tuple(homes[atom])].add(atom)
        parts += sorted((frozenset(atoms) for atoms in classes.values()), key=sorted)
        if parts != [label]:
            found.append((label, parts))
    return found

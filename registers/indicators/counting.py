"""Counting: a long table of counts and sketches, summed over whatever is not asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations, pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis_lib.errors import ParameterFeil, nearest
from registers.aggregates import PATIENTS
from registers.cells import TOTAL, Cells, Measure

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Axis:
    """A dimension: what each row belongs to, as a place in `labels`; -1 belongs to none.

    Attributes
    ----------
    codes : ndarray of int
    labels : tuple
    """

    codes: Ints
    labels: tuple[object, ...]


@dataclass(frozen=True)
class Counts:
    """Rows of counts.

    Attributes
    ----------
    axes : mapping of str to Axis
    n : ndarray of int
    sketch : ndarray of int
        Of patients and doctors, as `registers.aggregates.sketch`.
    """

    axes: Mapping[str, Axis]
    n: Ints
    sketch: Ints

    def where(self, keep: npt.NDArray[np.bool_]) -> Counts:
        """Return some of the rows."""
        axes = {name: Axis(axis.codes[keep], axis.labels) for name, axis in self.axes.items()}
        return Counts(axes, self.n[keep], self.sketch[keep])

    def only(self, name: str, labels: Iterable[object]) -> Counts:
        """Return the rows of some labels of a dimension; all rows where none is named.

        Raises
        ------
        ParameterFeil
            If the dimension has no such label.
        """
        wanted = list(labels)
        if not wanted:
            return self
        axis = self.axes[name]
        for label in wanted:
            if label not in axis.labels:
                raise ParameterFeil(f"«{label}» er ingen {name}", hint=nearest(label, axis.labels))
        return self.where(np.isin(axis.codes, [axis.labels.index(label) for label in wanted]))

    def with_axis(self, name: str, axis: Axis) -> Counts:
        """Return the same rows with one more dimension."""
        return Counts({**self.axes, name: axis}, self.n, self.sketch)

    def by(self, names: Sequence[str], totals: Sequence[str] = ()) -> pd.DataFrame:
        """Sum over all other dimensions.

        Parameters
        ----------
        names : sequence of str
        totals : sequence of str
            Those of `names` that also get a line `TOTAL`.

        Returns
        -------
        pandas.DataFrame
            Columns `names`, ``n``, ``pasienter`` and ``leger``; a row for every combination of labels, those
            without a count too.

        Raises
        ------
        ParameterFeil
            If there is no such dimension.
        """
        for name in (*names, *totals):
            if name not in self.axes:
                raise ParameterFeil(f"det finnes ingen inndeling «{name}»", hint=nearest(name, self.axes))
        subsets = chain.from_iterable(combinations(totals, size) for size in range(len(totals) + 1))
        return pd.concat([self._summed(names, frozenset(subset)) for subset in subsets], ignore_index=True)

    def _summed(self, names: Sequence[str], over: frozenset[str]) -> pd.DataFrame:
        kept = [name for name in names if name not in over]
        axes = [self.axes[name] for name in kept]
        shape = tuple(len(axis.labels) for axis in axes)
        inside = np.logical_and.reduce([axis.codes >= 0 for axis in (self.axes[name] for name in names)])
        inside = np.broadcast_to(inside, self.n.shape)
        cells = int(np.prod(shape, dtype=np.int64))
        flat = np.zeros(int(inside.sum()), dtype=np.int64)
        for axis, size in zip(axes, shape, strict=True):
            flat = flat * size + axis.codes[inside]
        n = np.bincount(flat, weights=self.n[inside], minlength=cells).astype(np.int64)
        sketch = np.zeros(cells, dtype=np.int64)
        np.bitwise_or.at(sketch, flat, self.sketch[inside])
        places = np.unravel_index(np.arange(cells), shape) if shape else ()
        columns: dict[str, object] = {
            name: np.array(axis.labels, dtype=object)[place]
            for name, axis, place in zip(kept, axes, places, strict=True)
        }
        patients, doctors = distinct(sketch)
        return pd.DataFrame(
            {name: columns.get(name, TOTAL) for name in names}
            | {"n": n, "pasienter": patients, "leger": doctors},
            index=range(cells),
        )


def distinct(sketch: Ints) -> tuple[Ints, Ints]:
    """Return at least how many patients and how many doctors each sketch has.

    Examples
    --------
    >>> [found.tolist() for found in distinct(np.array([0b111 | 0b11 << PATIENTS, 0]))]
    [[3, 0], [2, 0]]
    """
    low = np.int64((1 << PATIENTS) - 1)
    return (
        np.bitwise_count(sketch & low).astype(np.int64),
        np.bitwise_count(sketch >> PATIENTS).astype(np.int64),
    )


def grouped(starts: Sequence[int], oldest: int) -> tuple[Ints, tuple[str, ...]]:
    """Return which group each five-year group belongs to, and the groups' names.

    Parameters
    ----------
    starts : sequence of int
        The first year of each group, multiples of five, from 0.
    oldest : int
        The first year of the last five-year group.

    Raises
    ------
    ParameterFeil
        If a group begins inside of five years.

    Examples
    --------
    >>> grouped((0, 20, 80), 90)[1], grouped((0, 20, 80), 90)[0].tolist()[:6]
    (('0–19', '20–79', '80+'), [0, 0, 0, 0, 1, 1])
    """
    if list(starts) != sorted({0, *starts}) or any(start % 5 or start > oldest for start in starts):
        raise ParameterFeil(
            "aldersgruppene må begynne på hele fem år, fra 0", where="aldersgrupper", hint="(0, 20, 40)"
        )
    names = [f"{one}–{other - 1}" for one, other in pairwise(starts)]
    ages = np.arange(0, oldest + 1, 5)
    return np.searchsorted(np.array(starts), ages, side="right") - 1, (*names, f"{starts[-1]}+")


def axis_of(values: pd.Series, labels: Sequence[object] | None = None) -> Axis:
    """Return a dimension of a column; its labels in order, where they are not given.

    Examples
    --------
    >>> axis_of(pd.Series(["b", "a", "ukjent"]), ("a", "b"))
    Axis(codes=array([ 1,  0, -1]), labels=('a', 'b'))
    """
    known = sorted(values.unique()) if labels is None else list(labels)
    return Axis(pd.Index(known).get_indexer(pd.Index(values)).astype(np.int64), tuple(known))


def collapsed(frame: pd.DataFrame, keys: Sequence[str], sums: Sequence[str] = ("n",)) -> pd.DataFrame:
    """Add up `sums` and put ``skisse`` together over all columns but `keys`."""
    frame = frame.reset_index(drop=True)
    groups = frame.groupby(list(keys), sort=True) if keys else frame.groupby(np.zeros(len(frame)))
    place = groups.ngroup().to_numpy()
    order, first = np.unique(place, return_index=True)
    sketch = np.zeros(len(order), dtype=np.int64)
    np.bitwise_or.at(sketch, place, frame["skisse"].to_numpy(dtype=np.int64))
    # Sums of whole numbers, far below 2^53.
    added = {
        name: np.bincount(place, weights=frame[name].to_numpy(dtype=float), minlength=len(order))
        for name in sums
    }
    found = frame.loc[first, list(keys)].reset_index(drop=True)
    return found.assign(**{name: sum_.astype(np.int64) for name, sum_ in added.items()}, skisse=sketch)


def with_totals(
    frame: pd.DataFrame, by: Sequence[str], totals: Sequence[str], sums: Sequence[str]
) -> pd.DataFrame:
    """Add up a table by some of its columns, with a line `TOTAL` of those that get one."""
    subsets = chain.from_iterable(combinations(totals, size) for size in range(len(totals) + 1))
    lines = [collapsed(frame.assign(**dict.fromkeys(over, TOTAL)), by, sums) for over in subsets]
    return pd.concat(lines, ignore_index=True)


def as_cells(found: pd.DataFrame, by: tuple[str, ...], measure: Measure, unit: str) -> Cells:
    """Put an indicator's numbers into their types."""
    numbers = {name: found[name].to_numpy(dtype=float) for name in ("verdi", "teller", "nevner")}
    behind = {name: pd.array(found[name].to_numpy(), dtype="Int64") for name in ("pasienter", "leger")}
    typed = pd.DataFrame({name: found[name].to_numpy() for name in by} | numbers | behind)
    return Cells(typed, by, measure, unit)


def words(value: str | Sequence[str]) -> tuple[str, ...]:
    """Return one word or several as several."""
    return (value,) if isinstance(value, str) else tuple(value)

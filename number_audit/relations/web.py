"""All relations of a set of tables, and which of them each cell stands in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from analysis_lib.data.cells import Cell
from analysis_lib.data.interval import Interval
from number_audit.document import Grid, Ref
from number_audit.relations import hidden
from number_audit.relations.equations import Cells, Check, Equation, check, common, contradicted, solve
from number_audit.relations.hidden import Family


@dataclass(frozen=True)
class Web:
    """Cells and the relations between them.

    Attributes
    ----------
    grids : mapping from key to Grid
    cells : mapping from Ref to Cell
        Every cell of the grids; some may be tried with another content than is printed.
    given : tuple of Equation
        The relations between cells alone.
    families : tuple of Family
        The hidden parameters.
    equations : tuple of Equation
        The given ones, and those of the hidden parameters that the cells agree on.
    at : mapping from Ref to the equations that a cell stands in
    """

    grids: Mapping[str, Grid]
    cells: Cells
    given: tuple[Equation, ...]
    families: tuple[Family, ...]
    equations: tuple[Equation, ...]
    at: Mapping[Ref, tuple[Equation, ...]]

    def __getitem__(self, ref: Ref) -> Cell:
        return self.cells[ref]

    def place(self, ref: Ref) -> str:
        """Return a cell's address for a reader."""
        return self.grids[ref.grid].place(ref)

    def said(self, ref: Ref) -> str:
        """Return «place = printed»."""
        return f"{self.place(ref)} = {self.cells[ref].text.strip() or 'tomt'}"

    def touching(self, refs: Iterable[Ref]) -> list[Equation]:
        """Return the equations in which any of the cells stands, each once."""
        return list({id(item): item for ref in refs for item in self.at.get(ref, ())}.values())

    def outcomes(self, equations: Iterable[Equation], tried: Mapping[Ref, Cell] | None = None) -> list[Check]:
        """Check equations, with some cells tried as something else; leave out what cannot be checked."""
        if tried is None:
            found = (check(item, self.cells) for item in equations)
        else:
            found = (
                check(item, {ref: tried.get(ref) or self.cells[ref] for ref in item.cells})
                for item in equations
            )
        return [outcome for outcome in found if outcome]

    def broken(self, equations: Iterable[Equation], tried: Mapping[Ref, Cell] | None = None) -> list[Check]:
        """Return what contradicts print, with some cells tried as something else."""
        return [outcome for outcome in self.outcomes(equations, tried) if contradicted(outcome)]

    def allowed(self, ref: Ref) -> Interval | None:
        """Return what all other cells together allow for one; None where they allow nothing."""
        answers = [solve(item, ref, self.cells) for item in self.at.get(ref, ())]
        return common(answer for answer in answers if answer is not None)

    def with_cells(self, cells: Mapping[Ref, Cell]) -> Web:
        """Return the web as it would be with other cells, its hidden parameters agreed on anew."""
        return _tie(replace(self, cells={**self.cells, **cells}))

    def with_given(self, given: Iterable[Equation]) -> Web:
        """Return the web with other relations."""
        return _tie(replace(self, given=tuple(given)))


def weave(grids: Sequence[Grid], given: Sequence[Equation], families: Sequence[Family] = ()) -> Web:
    """Return the web of tables, their relations and their hidden parameters."""
    cells = {
        Ref(grid.key, i, j): cell
        for grid in grids
        for i, row in enumerate(grid.rows)
        for j, cell in enumerate(row.cells)
    }
    return _tie(Web({grid.key: grid for grid in grids}, cells, tuple(given), tuple(families), (), {}))


def _tie(web: Web) -> Web:
    hidden_ones = (item for family in web.families for item in hidden.equations(family, web.cells))
    every = (*web.given, *hidden_ones)
    at: dict[Ref, list[Equation]] = {}
    for item in every:
        for ref in item.cells:
            at.setdefault(ref, []).append(item)
    return replace(web, equations=every, at={ref: tuple(items) for ref, items in at.items()})

"""All relations of a set of tables, and which of them each cell stands in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from analysis_lib.audit.grid import Grid, Ref
from analysis_lib.audit.relations import hidden
from analysis_lib.audit.relations.equations import (
    Cells,
    Equation,
    Outcome,
    check,
    common,
    contradicted,
    solve,
)
from analysis_lib.audit.relations.hidden import Family
from analysis_lib.data.cells import Cell
from analysis_lib.data.interval import Interval


@dataclass(frozen=True)
class Web:
    """Cells and the relations between them.

    Attributes
    ----------
    grids : mapping from key to Grid
    cells : mapping from Ref to Cell
        Every cell of the grids; some may be tried with another content than is printed.
    equations : tuple of Equation
        Those of hidden parameters too, with the parameter that the cells agree on.
    families : tuple of Family
    at : mapping from Ref to the equations that a cell stands in
    """

    grids: Mapping[str, Grid]
    cells: Cells
    equations: tuple[Equation, ...]
    families: tuple[Family, ...]
    at: Mapping[Ref, tuple[Equation, ...]]

    def __getitem__(self, ref: Ref) -> Cell:
        return self.cells[ref]

    def place(self, ref: Ref) -> str:
        """Return a cell's address for a reader."""
        return self.grids[ref.grid].place(ref)

    def said(self, ref: Ref) -> str:
        """Return «place = printed»."""
        return f"{self.place(ref)} = {self.cells[ref].text}"

    def touching(self, refs: Iterable[Ref]) -> list[Equation]:
        """Return the equations in which any of the cells stands, each once."""
        return list({id(item): item for ref in refs for item in self.at.get(ref, ())}.values())

    def broken(self, equations: Iterable[Equation], tried: Mapping[Ref, Cell] | None = None) -> list[Outcome]:
        """Return what contradicts print, with some cells tried as something else."""
        cells = {**{ref: self.cells[ref] for item in equations for ref in item.cells}, **(tried or {})}
        return [found for item in equations if contradicted(found := check(item, cells)) and found]

    def allowed(self, ref: Ref) -> Interval | None:
        """Return what all other cells together allow for one; None where they allow nothing."""
        answers = [solve(item, ref, self.cells) for item in self.at.get(ref, ())]
        return common(answer for answer in answers if answer is not None)


def weave(grids: Sequence[Grid], equations: Sequence[Equation], families: Sequence[Family] = ()) -> Web:
    """Return the web of tables, their relations and their hidden parameters."""
    cells = {
        Ref(grid.key, i, j): cell
        for grid in grids
        for i, row in enumerate(grid.rows)
        for j, cell in enumerate(row.cells)
    }
    every = [*equations, *(item for family in families for item in hidden.equations(family, cells))]
    at: dict[Ref, list[Equation]] = {}
    for item in every:
        for ref in item.cells:
            at.setdefault(ref, []).append(item)
    return Web(
        {grid.key: grid for grid in grids},
        cells,
        tuple(every),
        tuple(families),
        {ref: tuple(items) for ref, items in at.items()},
    )

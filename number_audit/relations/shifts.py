"""Numbers that stand in the wrong place: a column moved by a row, a header of other years."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import permutations
from typing import NamedTuple

from analysis_lib.data.cells import Cell, Kind
from number_audit.document import Grid, Ref
from number_audit.findings import CheckKind, Judgement
from number_audit.language.periods import year_of
from number_audit.relations.equations import Equation, contradicted
from number_audit.relations.web import Web

CHANGES = (CheckKind.CHANGE, CheckKind.DIFFERENCE, CheckKind.NET_CHANGE, CheckKind.GROWTH)
FEWEST = 3
# Net relations that a move must mend to be believed: fewer may mend by chance.
GAIN = 4


class Line(NamedTuple):
    """A column of a grid, or a row, by its position."""

    grid: str
    is_column: bool
    position: int

    def refs(self, web: Web) -> list[Ref]:
        """Return the addresses of its cells, in order."""
        grid = web.grids[self.grid]
        if self.is_column:
            return [Ref(self.grid, row, self.position) for row in range(len(grid.rows))]
        return [Ref(self.grid, self.position, column) for column in range(len(grid.columns))]


@dataclass(frozen=True, slots=True)
class Shift:
    """A column or row of which cells stand one place too early (`step` 1) or too late (−1).

    `cells` is where they belong, `mended` how many relations that mends.
    """

    line: Line
    step: int
    cells: Mapping[Ref, Cell]
    mended: int


@dataclass(frozen=True, slots=True)
class OtherHeader:
    """A column of changes that fit other columns than its header names.

    `named` are the positions of the columns that it names, `fits` of those that make every row true.
    """

    grid: str
    column: int
    named: tuple[int, int]
    fits: tuple[int, int]
    broken: int
    equations: tuple[Equation, ...]


def shifts(web: Web) -> tuple[list[Shift], Web]:
    """Find columns moved by a row and rows moved by a column, and return the web with them moved back.

    The move that mends most goes first: where two columns are moved, a change between them
    is only mended by both.
    """
    found: list[Shift] = []
    moves = {line: _best_move(web, line) for line in _suspects(web)}
    while best := max((move for move in moves.values() if move), key=lambda move: move.mended, default=None):
        found.append(best)
        web = web.with_cells(best.cells)
        # Only what shares a relation with the moved cells can have changed.
        near = {line for item in web.touching(best.cells) for line in _lines(item)}
        moves |= {line: _best_move(web, line) for line in near & moves.keys()}
    return found, web


def _suspects(web: Web) -> list[Line]:
    """Return the columns and rows that several contradictions touch; what stands in a text is neither."""
    touched = Counter(
        line
        for outcome in web.broken(web.equations)
        for line in _lines(outcome.equation)
        if web.grids[line.grid].audited
    )
    return [line for line, broken in touched.items() if broken >= FEWEST]


def _lines(equation: Equation) -> set[Line]:
    columns = {Line(ref.grid, True, ref.column) for ref in equation.cells}
    return columns | {Line(ref.grid, False, ref.row) for ref in equation.cells}


def _best_move(web: Web, line: Line) -> Shift | None:
    refs = line.refs(web)
    equations = web.touching(refs)
    before = _score(web, equations, {})
    moves = [
        Shift(line, step, cells, _score(web, equations, cells) - before) for step, cells in _moves(web, refs)
    ]
    best = max(moves, key=lambda shift: shift.mended, default=None)
    return best if best and best.mended >= GAIN else None


def _score(web: Web, equations: list[Equation], tried: Mapping[Ref, Cell]) -> int:
    outcomes = web.outcomes(equations, tried)
    return sum(-1 if contradicted(outcome) else 1 for outcome in outcomes)


def _moves(web: Web, line: list[Ref]) -> Iterator[tuple[int, dict[Ref, Cell]]]:
    """Yield every move by one place of the cells from one on; the end falls off."""
    cells = [web[ref] for ref in line]
    for start in range(len(line) - FEWEST):
        down = [_left_open(web, line[start]), *cells[start:-1]]
        up = [*cells[start + 1 :], _left_open(web, line[-1])]
        for step, moved in ((1, down), (-1, up)):
            yield step, dict(zip(line[start:], moved, strict=True))


def _left_open(web: Web, ref: Ref) -> Cell:
    """Return what stands where a cell is moved from: nothing in a heading, else a number that is lost."""
    row = web.grids[ref.grid].rows[ref.row]
    silent = sum(cell.number is None for cell in row.cells)
    return Cell(Kind.BLANK if 2 * silent > len(row.cells) else Kind.NOT_AVAILABLE, "")


def other_headers(web: Web) -> tuple[list[OtherHeader], Web]:
    """Find columns of changes whose header names other years than the cells fit, and the web with those."""
    found: list[OtherHeader] = []
    for (key, column, *named), group in _change_columns(web).items():
        outcomes = web.outcomes(group)
        broken = sum(map(contradicted, outcomes))
        if broken < FEWEST or 2 * broken < len(outcomes):
            continue
        fitting = _fitting(web, web.grids[key], group, len(outcomes))
        if fitting:
            terms, equations = fitting
            found.append(OtherHeader(key, column, (named[0], named[1]), terms, broken, equations))
    old = {id(item) for header in found for item in _change_columns(web)[_name(header)]}
    given = [item for item in web.given if id(item) not in old]
    return found, web.with_given([*given, *(item for header in found for item in header.equations)])


def _name(header: OtherHeader) -> tuple[str, int, int, int]:
    return (header.grid, header.column, *header.named)


def _change_columns(web: Web) -> dict[tuple[str, int, int, int], list[Equation]]:
    """Return the changes between two columns, by the column that they stand in and those two."""
    groups: dict[tuple[str, int, int, int], list[Equation]] = {}
    for item in web.given:
        if item.kind in CHANGES and len({(ref.grid, ref.row) for ref in item.cells}) == 1:
            old, new = item.terms
            groups.setdefault((old.grid, item.result.column, old.column, new.column), []).append(item)
    return groups


def _fitting(
    web: Web, grid: Grid, group: list[Equation], checked: int
) -> tuple[tuple[int, int], tuple[Equation, ...]] | None:
    """Return the two columns of years that make every row true, those that hold most exactly first."""
    years = [j for j, column in enumerate(grid.columns) if year_of(column.header)]
    best: tuple[int, tuple[int, int], tuple[Equation, ...]] | None = None
    for old, new in permutations(years, 2):
        moved = tuple(_between(item, old, new) for item in group)
        outcomes = web.outcomes(moved)
        if len(outcomes) < checked or any(map(contradicted, outcomes)):
            continue
        holding = sum(outcome.verdict is Judgement.HOLDS for outcome in outcomes)
        if best is None or holding > best[0]:
            best = (holding, (old, new), moved)
    return best and best[1:]


def _between(item: Equation, old: int, new: int) -> Equation:
    grid, row, _ = item.result
    return replace(item, terms=(Ref(grid, row, old), Ref(grid, row, new)))

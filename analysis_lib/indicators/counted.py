"""Values that were computed from rows or open statistics: cells of tables, numbers of figures and panels."""

from __future__ import annotations

from dataclasses import replace

from analysis_lib.data.cells import Cell
from analysis_lib.data.cleared import Cleared, FigureData, PanelData, PanelRow, Point
from analysis_lib.data.periods import Period
from analysis_lib.data.tables import Table
from analysis_lib.indicators.values import Source, Value, from_cell


def from_cleared(cleared: Cleared, table: Table, row: str, column: str) -> Value | None:
    """Return a cell as it was computed from rows or open statistics; None where it was not."""
    own = cleared.table(table.key, table.columns)
    cell = own.cells.get((row, column)) if own else None
    if own is None or cell is None:
        return None
    like = from_cell(table, row, column)
    assert isinstance(like.origin, Source)
    return replace(
        like,
        kind=cell.kind,
        point=cell.number,
        interval=cell.interval,
        origin=replace(
            like.origin,
            document=f"{like.origin.document}, {cleared.words}",
            file=own.path,
            sha256=own.sha256,
            line=cell.line,
            printed=cell.printed,
            corrected=None,
            synthetic=cleared.synthetic,
        ),
    )


def from_panel(cleared: Cleared, data: PanelData, row: PanelRow) -> Value:
    """Return one number of a panel that was computed from rows."""
    return _counted(
        cleared, data, f"Panelet {data.name}", f"panel/{data.name}", [row.unit, row.period], row.cell
    )


def from_figure(cleared: Cleared, data: FigureData, point: Point) -> Value:
    """Return one number of a figure that was computed from rows or open statistics."""
    place = [part for part in (point.panel, point.series, point.column) if part]
    value = _counted(cleared, data, f"Figur {data.number}", f"figur/{data.number}", place, point.cell)
    return replace(value, period=Period.printed(point.column))


def _counted(
    cleared: Cleared, data: FigureData | PanelData, name: str, identity: str, place: list[str], cell: Cell
) -> Value:
    """Return what stands in a line of a cleared file, with the file as its source."""
    label, spec = f"{name}: {', '.join(place)}", data.spec
    source = Source(
        label=label,
        document=f"{name}, {cleared.words}",
        file=data.path,
        sha256=data.sha256,
        register=", ".join(spec.sources),
        line=cell.line,
        printed=cell.printed,
        synthetic=cleared.synthetic,
    )
    return Value(
        identity="/".join([identity, *place]),
        label=label,
        kind=cell.kind,
        point=cell.number,
        interval=cell.interval,
        unit=spec.unit,
        decimals=spec.decimals,
        origin=source,
    )

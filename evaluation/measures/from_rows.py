"""A measure estimated from a register's rows, where the build's data hold its panel of units over time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from analysis_lib.data.cleared import SYNTHETIC, PanelData
from analysis_lib.data.periods import Period
from analysis_lib.indicators.counted import from_panel
from analysis_lib.indicators.edition import Edition
from analysis_lib.indicators.values import Computation, Value
from evaluation.basis.requirements import Reason, refuse
from evaluation.basis.said import Said, counted, say
from evaluation.methods.register_panel import register_effect
from evaluation.register import Data, Measure
from evaluation.verdicts.from_panels import of_register
from evaluation.verdicts.verdict import Verdict

UNIT, TIME, OUTCOME, FIRST = "enhet", "periode", "verdi", "fra"


def panel_of(measure: Measure, edition: Edition) -> PanelData | None:
    """Return the panel of a measure in the build's data, or None where there is none."""
    return edition.cleared.panel(measure.id) if edition.cleared else None


def from_rows(measure: Measure, panel: PanelData, edition: Edition) -> Verdict:
    """Return the verdict on a measure by its panel.

    Raises
    ------
    AnalyseAvvist
        What the design refuses.

    Notes
    -----
    Where only one start is shared by several units, those that started alone are left out before the design
    is chosen, so that few exposed units are held against every choice of as many.
    """
    assert edition.cleared is not None
    rows = frame_of(panel)
    kept, alone = in_company(rows)
    spec = panel.spec
    about = measured_by(measure, panel)
    verdict = of_register(about, register_effect(kept), unit=spec.unit, decimals=spec.decimals)
    # Any one cell leads to the file; all of them would fill the page's register of sources.
    basis = tuple(from_panel(edition.cleared, panel, row) for row in panel.rows[:1])
    caveats = [_resting(caveat, basis) for caveat in (*verdict.caveats, *_alone(about, alone))]
    if edition.cleared.synthetic:
        caveats.insert(0, f"tallene er {SYNTHETIC}, laget for å prøve metoden, og sier ingenting om tiltaket")
    return replace(verdict, said=_rests(verdict.said, basis), caveats=tuple(caveats), basis=basis)


def frame_of(panel: PanelData) -> pd.DataFrame:
    """Return a panel's rows as `register_effect` takes them: years as whole numbers, months as text."""
    unknown = sum(row.cell.number is None for row in panel.rows)
    if unknown or not panel.rows:
        refuse(Reason.MISSING_VALUE, "panelet har celler uten tall", where=panel.path)
    years = all(len(row.period) == 4 and row.period.isdecimal() for row in panel.rows)
    frame = pd.DataFrame(
        {
            UNIT: [row.unit for row in panel.rows],
            TIME: [row.period for row in panel.rows],
            OUTCOME: [float(row.cell.number or 0) for row in panel.rows],
            FIRST: [row.first or None for row in panel.rows],
        }
    )
    if years:
        frame[TIME] = frame[TIME].astype(int)
        frame[FIRST] = frame[FIRST].astype(float)
    return frame


def in_company(rows: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Leave out units that started alone, where the others all started at one time; how many they were.

    Examples
    --------
    >>> made = pd.DataFrame({"enhet": list("abcd"), "fra": ["2025-07", "2025-11", "2025-11", None]})
    >>> kept, alone = in_company(made)
    >>> list(kept["enhet"]), alone
    (['b', 'c', 'd'], 1)
    """
    first = rows.drop_duplicates(UNIT).set_index(UNIT)[FIRST].dropna()
    sizes = Counter(first)
    several = [start for start, size in sizes.items() if size > 1]
    if len(several) != 1 or len(sizes) == 1:
        return rows, 0
    lone = first.index[first != several[0]]
    return rows[~rows[UNIT].isin(lone)], len(lone)


def measured_by(measure: Measure, panel: PanelData) -> Measure:
    """Return the measure as the panel measures it: outcome, comparison and data are the panel's."""
    spec = panel.spec
    periods = [Period.read(row.period) for row in panel.rows]
    span = f"{min(periods).words} til {max(periods).words}"
    said = Data(what=f"{spec.definition.rstrip('.')}, {span}", source=", ".join(spec.sources))
    return measure.model_copy(
        update={
            "outcome": spec.outcome,
            "comparator": spec.comparator,
            "data": (said,),
            "needs": measure.needs[1:],
        }
    )


def _alone(measure: Measure, alone: int) -> Sequence[Said]:
    if not alone:
        return ()
    label = f"{measure.outcome}: enheter som startet alene"
    return (say("{n} enheter startet alene i sin periode, og er tatt ut", n=counted(alone, label)),)


def _resting(said: str | Said, basis: tuple[Value, ...]) -> str | Said:
    return said if isinstance(said, str) else _rests(said, basis)


def _rests(said: Said, basis: tuple[Value, ...]) -> Said:
    """Return a sentence whose numbers lead to the panel they were found in, and carry its mark."""
    return tuple(_led(piece, basis) if isinstance(piece, Value) else piece for piece in said)


def _led(value: Value, basis: tuple[Value, ...]) -> Value:
    origin = value.origin
    if isinstance(origin, Computation) and not origin.terms:
        return replace(value, origin=replace(origin, terms=basis))
    return value

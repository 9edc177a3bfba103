"""The patient-adjusted basic grant: an interrupted time series, if there were one."""

from __future__ import annotations

from analysis_lib.evaluation.bound import Known, periods
from analysis_lib.evaluation.contract import Measure, Verdict
from analysis_lib.evaluation.its_continuous import its_continuous
from analysis_lib.evaluation.its_verdicts import of_its_continuous


def capitation(measure: Measure, known: Known) -> Verdict:
    """Return the step in list length at the start of the measure, or refuse a series with holes.

    Parameters
    ----------
    known : mapping
        ``listelengde``: mean list length by year.
    """
    lists = known["listelengde"]
    result = its_continuous(
        [float(value) for value in lists.values()],
        [int(year[:4]) for year in periods(lists, measure)],
        measure.begins.year,
    )
    return of_its_continuous(measure, result, unit="listeinnbyggere", decimals=0)

"""The patient-adjusted basic grant: an interrupted time series, if there were one.

Attention to addictive drugs in two counties: a difference in differences, if there were county numbers.
"""

from __future__ import annotations

from evaluation.basis.refusal import Reason, refuse
from evaluation.measures.values import Known, periods
from evaluation.methods.did import two_by_two
from evaluation.methods.its_continuous import its_continuous
from evaluation.verdicts.from_results import of_its_continuous, of_two_by_two
from evaluation.verdicts.verdict import Measure, Verdict


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


def prescribing(measure: Measure, known: Known) -> Verdict:
    """Return the difference in change between counties with and without, or refuse without county numbers.

    Parameters
    ----------
    known : mapping
        ``med_tiltaket`` and ``uten_tiltaket``: change in percentage points by county.
    """
    if not known["med_tiltaket"] or not known["uten_tiltaket"]:
        refuse(Reason.TOO_FEW_UNITS, "kildene har tall for landet, men ikke for fylkene hver for seg")
    changes = ([float(value) for value in known[name].values()] for name in ("med_tiltaket", "uten_tiltaket"))
    return of_two_by_two(measure, two_by_two(*changes), unit="prosentpoeng")

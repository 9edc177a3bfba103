"""One plain function a measure: its numbers in, its verdict out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from analysis_lib.indicators.breaks import refuse_breaks
from analysis_lib.indicators.edition import Edition
from evaluation.basis.requirements import Reason, refuse
from evaluation.measures.digital_services import digital_tools, online_doctor, video
from evaluation.measures.from_rows import from_rows, panel_of
from evaluation.measures.grants import alis, basic_grant, capitation
from evaluation.measures.known_numbers import Known, known_values
from evaluation.measures.practice import delegation, prescribing
from evaluation.register import measure as registered
from evaluation.verdicts.verdict import Design, Measure, Status, Verdict, evaluate

Analysis = Callable[[Measure, Known], Verdict]

ANALYSES: dict[str, Analysis] = {
    "delegering": delegation,
    "nettlege": online_doctor,
    "basistilskudd": basic_grant,
    "ptb": capitation,
    "alis": alis,
    "video": video,
    "digitale_verktøy": digital_tools,
    "legemidler": prescribing,
}


def assess(name: str, edition: Edition) -> Verdict:
    """Return the verdict on a measure of the register, by its panel of rows or what an edition knows.

    Raises
    ------
    ParameterFeil
        If the register has no such measure; names the nearest.

    Examples
    --------
    >>> assess("ptb", Edition(2025)).reason
    'hull i serien'
    """
    measure = registered(name, edition.folder)
    known = known_values(measure, edition)
    verdict = evaluate(measure, measure.design, lambda: _analysed(measure, known, edition.year))
    verdict = replace(verdict, basis=tuple(value for series in known.values() for value in series.values()))
    if (panel := panel_of(measure, edition)) is None:
        return verdict
    estimated = evaluate(measure, measure.design, lambda: from_rows(measure, panel, edition))
    if estimated.status is Status.REFUSED:
        return replace(
            verdict, caveats=(*verdict.caveats, f"radene bærer ikke et anslag: {estimated.reason}")
        )
    # The chapter's tables and pictures are of the known numbers, also where the sentence is of the rows.
    return replace(
        estimated,
        details=verdict.details,
        course=verdict.course,
        basis=(*estimated.basis, *verdict.basis),
    )


def _analysed(measure: Measure, known: Known, year: int) -> Verdict:
    if measure.id not in ANALYSES:
        refuse(Reason.NOT_YET, "ingen analyse er skrevet for tiltaket")
    if not any(known.values()):
        refuse(Reason.NOT_YET, f"tallene er nyere enn utgaven for {year}")
    if measure.design is not Design.DESCRIPTION:
        for data in measure.data:
            refuse_breaks(known.get(data.id, {}).values(), "avvis", data.what)
    return ANALYSES[measure.id](measure, known)

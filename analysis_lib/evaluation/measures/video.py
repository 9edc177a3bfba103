"""The requirement of video consultations: the starting point, and no more."""

from __future__ import annotations

from analysis_lib.data.periods import in_words, last_day
from analysis_lib.evaluation.bound import Known, need, shown
from analysis_lib.evaluation.contract import Design, Measure, Status, Verdict
from analysis_lib.evaluation.refusal import Reason, refuse


def video(measure: Measure, known: Known) -> Verdict:
    """Return the share of video before the requirement.

    Parameters
    ----------
    known : mapping
        ``former``: shares of text, telephone and video.

    Notes
    -----
    The forms can be told apart only since 1 July 2025, nine months before the requirement: a monthly
    series will never have the twelve points before that an exploratory verdict needs.
    """
    spec = measure.of("former")
    assert spec.period is not None
    if measure.begins <= last_day(spec.period):
        refuse(Reason.START_OUTSIDE, f"{in_words(spec.period)} er ikke hele før kravet {measure.started}")
    text, telephone, share = need(known["former"], ("tekst", "telefon", "video"), "fordelingen på former")
    return Verdict(
        measure=measure,
        status=Status.DESCRIPTIVE,
        design=Design.DESCRIPTION,
        sentence=(
            f"I {in_words(spec.period)}, før kravet {measure.started}, var {shown(share)} prosent av de "
            "digitale konsultasjonene på video; tall for tiden etter kravet finnes ikke i kildene."
        ),
        points_before=1,
        points_after=0,
        se_rule="ingen: andelen gjelder alle konsultasjoner med takst",
        reason="bare et utgangspunkt",
        caveats=(
            "formene kan skilles først fra 1. juli 2025, så en månedsserie får bare ni punkter før kravet",
            "legekontor som tilbød video fra før, berøres lite av kravet",
        ),
        numbers=(share,),
        details={
            "Digitale konsultasjoner etter form": {
                name: {"Prosent": value}
                for name, value in (("Tekst", text), ("Telefon", telephone), ("Video", share))
            }
        },
    )

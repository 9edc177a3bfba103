"""ALIS grants: how the doctors are spread over centrality classes, round by round."""

from __future__ import annotations

from collections.abc import Mapping

from analysis_lib.indicators import arithmetic as arith
from analysis_lib.indicators.values import Value, compute
from evaluation.basis.refusal import Reason, refuse
from evaluation.basis.said import moved, say
from evaluation.measures.values import Known, need
from evaluation.verdicts.verdict import Design, Measure, Status, Verdict

CLASSES = ("1", "2", "3", "4", "5", "6")
LEAST_CENTRAL = ("5", "6")


def alis(measure: Measure, known: Known) -> Verdict:
    """Return the share in the two least central classes in each round, as a description.

    Parameters
    ----------
    known : mapping
        A series a round (``2024`` …): doctors by centrality class; ``varighet``: months by round.

    Notes
    -----
    The same doctors may stand in both rounds, and the rounds are of unequal length, so no test of
    independence is made and no change in number is read as growth.
    """
    rounds = [name for name in known if name.isdigit() and known[name]]
    if len(rounds) < 2:
        refuse(Reason.TOO_FEW_POINTS, "det finnes ikke to runder med tall etter sentralitet")
    shares = {name: _share(name, known[name], LEAST_CENTRAL) for name in rounds}
    old, new = rounds[0], rounds[-1]
    before, after = need(known["varighet"], (old, new), "avtaleperiodens lengde")
    change = float(shares[new]) - float(shares[old])
    return Verdict(
        measure=measure,
        status=Status.DESCRIPTIVE,
        design=Design.DESCRIPTION,
        said=say(
            "{outcome} {moved} som andel av legene i alle seks klassene, fra {first} til {last} prosent "
            "mellom rundene i {old} og {new}, som varte {before} og {after} måneder.",
            outcome=measure.outcome,
            moved=moved(change),
            first=shares[old],
            last=shares[new],
            old=old,
            new=new,
            before=before,
            after=after,
        ),
        points_before=0,
        points_after=len(rounds),
        se_rule="ingen: tallene omfatter alle, og mange leger står i begge rundene",
        reason="ingen runder fra før ordningen og ingen kommuner uten den",
        caveats=(
            "avtaleperiodene er av ulik lengde, så antallene kan ikke leses som vekst",
            "en lege kan ha avtale i flere kommuner og telles da i hver klasse, så summen av klassene er "
            "større enn antallet leger",
        ),
        details={
            "Leger med ALIS-avtale etter sentralitet": {
                f"Klasse {name}": {
                    **{f"Leger {round_}": known[round_][name] for round_ in rounds},
                    **{f"Prosent {round_}": _share(round_, known[round_], (name,)) for round_ in rounds},
                }
                for name in CLASSES
            }
        },
    )


def _share(name: str, doctors: Mapping[str, Value], classes: tuple[str, ...]) -> Value:
    everyone = need(doctors, CLASSES, f"leger med ALIS-avtale i runden {name},")
    some = [doctors[key] for key in classes]
    return compute(
        lambda *terms: arith.share_pct(arith.total(*terms[: len(some)]), arith.total(*terms[len(some) :])),
        (*some, *everyone),
        how="andel i prosent",
        formula=f"({_sum(0, len(some))}) / ({_sum(len(some), len(everyone))}) × 100",
        unit="prosent",
        decimals=1,
        label=f"Leger med ALIS-avtale i klasse {' og '.join(classes)}, andel i runden {name}",
    )


def _sum(first: int, count: int) -> str:
    return " + ".join(f"{{{place}}}" for place in range(first, first + count))

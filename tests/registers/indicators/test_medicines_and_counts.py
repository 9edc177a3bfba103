"""I13, I14 and what is counted elsewhere."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.methods.experience import indicator
from registers.cells import TOTAL, Measure
from registers.indicators import approvals, prescriptions, survey
from registers.indicators.basis import shaped, weighted_median
from tests.registers.indicators.reading import OSLO, UTSIRA, Deliver, behind, numbers


def test_persons_with_a_medicine_over_all_of_their_age(deliver: Deliver) -> None:
    from_gp = {"rekvirent_er_allmennlege": 1, "reseptgruppe": "B", "atc": "N05CF01", "alder": 70}
    rows = deliver(
        befolkning=[
            {"år": y, "aar": y, "kommuneNr": k, "kjonn": 1, "alder": a, "antall": 10}
            for y in (2024, 2025)
            for k in (OSLO, UTSIRA)
            for a in (65, 70)
        ],
        utlevering=[
            {**from_gp, "kpr_lnr": 1, "utleveringsdato": "2025-01-10", "kommuneNr": OSLO, "ddd": 60.0},
            # moved: one person, in the municipality of the last dispensing
            {**from_gp, "kpr_lnr": 1, "utleveringsdato": "2025-09-10", "kommuneNr": UTSIRA, "ddd": 40.0},
            {**from_gp, "kpr_lnr": 2, "kommuneNr": OSLO, "ddd": 99.5},
            {**from_gp, "kpr_lnr": 3, "kommuneNr": OSLO, "ddd": 500.0, "alder": 65},
            {**from_gp, "kpr_lnr": 4, "kommuneNr": OSLO, "ddd": 500.0, "rekvirent_er_allmennlege": 0},
        ],
    )
    found = prescriptions.legemidler(rows, by=("fylke", "aar"), gruppe="vanedannende", totaler=("fylke",))
    assert numbers(found) == {("Oslo", 2025): 10, ("Rogaland", 2025): 10, (TOTAL, 2025): 10}
    assert numbers(prescriptions.legemidler(rows, by=("fylke",), gruppe="vanedannende"))["Oslo"] == 10
    much = prescriptions.legemidler(rows, by=("gruppe", "aar"), gruppe=["sovemidler", "mye_vanedannende"])
    assert numbers(much) == {("Sovemidler", 2025): 5}
    assert behind(much, "pasienter") == [1]


def test_penicillin_among_airway_antibiotics(deliver: Deliver) -> None:
    codes = [("J01CE02", 4), ("J01CE02", 4), ("J01FA01", 9), ("J01CA04", 10), ("J01CE02", 80), ("N02AA01", 5)]
    rows = deliver(
        utlevering=[{"kpr_lnr": n, "atc": code, "alder": age} for n, (code, age) in enumerate(codes)]
    )
    found = prescriptions.antibiotikavalg(rows, by=("alder", "middel", "aar"))
    assert numbers(found) == {
        ("0–9", "andre midler", 2025): pytest.approx(33.3333),
        ("0–9", "penicillin V", 2025): pytest.approx(66.6667),
        ("10–79", "andre midler", 2025): 100,
    }


def _answers(
    unit: int, person: int, values: list[int | None], weight: float = 1.0
) -> list[dict[str, object]]:
    return [
        {
            "svar_lnr": person,
            "legevakt_lnr": unit,
            "sporsmaal": f"telefon_{n}",
            "svar": value,
            "vekt": weight,
        }
        for n, value in enumerate(values)
    ]


def test_scores_are_weighted_and_the_range_is_of_units_with_enough_answers(deliver: Deliver) -> None:
    rows = deliver(
        svar=[
            *_answers(1, 1, [5, 5, 5, 5], weight=3.0),
            *_answers(1, 2, [3, 3, None, None]),  # half are answered: 50
            *_answers(1, 3, [1, None, None, None]),  # too few
            *_answers(2, 4, [1, 1, 1, 1]),
            *_answers(2, 5, [1, 1, 1, 1]),
            *_answers(3, 6, [5, 5, 5, 5]),  # a unit with one answer
        ]
    )
    found = survey.erfaring(rows)
    assert numbers(found) == {"Telefonkontakt": round((3 * 100 + 50 + 100) / 7, 4)}
    assert behind(found, "pasienter") == [5]
    assert numbers(survey.erfaring(rows, maal="høyeste", minst=2)) == {"Telefonkontakt": 87.5}
    assert numbers(survey.erfaring(rows, maal="laveste", minst=2)) == {"Telefonkontakt": 0}


def test_a_score_is_what_evaluation_computes(deliver: Deliver) -> None:
    """Two hundred persons with gaps, against the reference implementation in another house."""
    rng = np.random.default_rng(15)
    answers = rng.integers(1, 6, (200, 4)).astype(float)
    answers[rng.random((200, 4)) < 0.4] = np.nan
    rows = deliver(
        svar=[
            row
            for n, values in enumerate(answers)
            for row in _answers(1, n, [None if np.isnan(x) else int(x) for x in values])
        ]
    )
    found = rows.fetch(survey.persons(rows.all("svar"))).set_index("svar_lnr").skaar
    expected = indicator(answers)
    assert found.sort_index().to_numpy() == pytest.approx(expected[~np.isnan(expected)])


@given(st.dictionaries(st.integers(0, 4000), st.integers(1, 30), min_size=1, max_size=20))
def test_the_median_of_counts_is_the_median_of_the_values(counts: dict[int, int]) -> None:
    everything = np.repeat(list(counts), list(counts.values()))
    assert weighted_median(list(counts), list(counts.values())) == np.median(everything)


def test_approvals_by_year_of_decision_and_applications_by_scheme(deliver: Deliver) -> None:
    rows = deliver(
        godkjenning=[
            {"lege_lnr": 1, "slag": "spesialist", "ordning": "ny", "soknadsdato": "2024-12-01",
             "vedtaksdato": "2025-02-01"},
            {"lege_lnr": 2, "slag": "spesialist", "ordning": "gammel", "soknadsdato": "2025-03-01"},
            {"lege_lnr": 3, "slag": "LIS1", "soknadsdato": "2025-02-01", "vedtaksdato": "2025-02-28"},
        ]
    )  # fmt: skip
    assert numbers(approvals.godkjenninger(rows, by=("aar",))) == {2025: 1}
    schemes = approvals.godkjenninger(rows, by=("ordning", "aar"), dato="søknad")
    assert numbers(schemes) == {("gammel ordning", 2025): 1, ("ny ordning", 2024): 1}
    finished = approvals.godkjenninger(rows, by=("kvartal", "aar"), slag="LIS1")
    assert (numbers(finished), behind(finished, "leger")) == ({("K1", 2025): 1}, [1])


def test_rounds_grants_and_the_day_of_measurement(deliver: Deliver) -> None:
    rows = deliver(
        soeknadsrunde=[
            {"runde": "2025-01-01", "ansatte": 52, "soekere": 100},
            {"runde": "2025-07-01", "ansatte": 66, "soekere": 100},
        ],
        grunntilskudd=[{"maaned": "2025-04", "antall": 59}, {"maaned": "2020-04", "år": 2020}],
        prevalens=[
            {"maaledag": "2025-11-12", "fylke": "15", "beboere": 200, "med_antibiotika": 10},
            {"maaledag": "2025-11-12", "fylke": "50", "beboere": 300, "med_antibiotika": 8},
        ],
    )
    assert numbers(approvals.soeknadsrunde(rows, andel=True)) == {"2025H1": 52, "2025H2": 66}
    assert numbers(approvals.soeknadsrunde(rows, by=("halvaar", "aar")))["høst", 2025] == 66
    assert numbers(approvals.grunntilskudd(rows)) == {"2025-04": 59}
    found = approvals.prevalens(rows, by=("fylke", "maaned"), totaler=("fylke",))
    assert numbers(found) == {
        ("Møre og Romsdal", "2025-11"): 5,
        ("Trøndelag", "2025-11"): pytest.approx(2.6667),
        (TOTAL, "2025-11"): 3.6,
    }


def test_a_doctor_with_agreements_in_two_counties_is_one_in_the_country(deliver: Deliver) -> None:
    deal = {"type": "ALIS", "belop": 50_000_000}
    rows = deliver(
        alis=[
            {**deal, "avtale_lnr": 1, "lege_lnr": 1, "kommuneNr": OSLO},
            {**deal, "avtale_lnr": 2, "lege_lnr": 1, "kommuneNr": UTSIRA},
            {**deal, "avtale_lnr": 3, "lege_lnr": 2, "kommuneNr": UTSIRA, "type": "veiledning"},
        ]
    )
    unique = approvals.alis(rows, by=("fylke", "aar"), totaler=("fylke",))
    assert numbers(unique) == {("Oslo", 2025): 1, ("Rogaland", 2025): 2, (TOTAL, 2025): 2}
    assert numbers(approvals.alis(rows, by=("aar",), avtaletype="veiledning")) == {2025: 1}
    assert numbers(approvals.alis(rows, by=("aar",), maal="kommuner")) == {2025: 2}
    assert numbers(approvals.alis(rows, by=("aar",), maal="belop")) == {2025: 1.5}


def test_labels_stand_in_the_order_a_reader_expects() -> None:
    labels = ["80+", "6–15", TOTAL, "0–5", "16–19"]
    frame = pd.DataFrame({"alder": labels, "verdi": 1.0})
    found = shaped(frame, ("alder",), Measure.COUNT, "personer").frame.alder.tolist()
    assert found == ["0–5", "6–15", "16–19", "80+", TOTAL]
    sizes = ["50 000 og flere", "ukjent", "2000–4999", "under 2000", "10 000–49 999"]
    frame = pd.DataFrame({"storrelse": sizes, "verdi": 1.0})
    found = shaped(frame, ("storrelse",), Measure.COUNT, "personer").frame.storrelse.tolist()
    assert found == ["under 2000", "2000–4999", "10 000–49 999", "50 000 og flere", "ukjent"]

"""What the gate hides, and why; what it refuses; that nothing hidden can be computed by another way."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis_lib.errors import DataFeil, KontrollFeil, ParameterFeil
from registers.cells import TOTAL, Cells, Measure
from registers.disclosure import gate as gate_module
from registers.disclosure.gate import gate
from registers.disclosure.published import HIDDEN, Cleared, Family, Published, Status
from registers.disclosure.secondary import Suppressed
from tests.registers.disclosure.small import (
    DIMS,
    GEOGRAPHY,
    PLACES,
    RULES,
    cells,
    narrowest,
    status,
    with_margins,
)

ONE = Family("kontakter")
TWO_BY_THREE = {
    "1 fysisk": 3, "1 video": 20, "1 telefon": 30, "1 alt": 53,
    "2 fysisk": 40, "2 video": 50, "2 telefon": 60, "2 alt": 150,
    "alt fysisk": 43, "alt video": 70, "alt telefon": 90, "alt alt": 203,
}  # fmt: skip


def cleared(previous: dict[str, Published] | None = None, **tables: Cells) -> Cleared:
    """Let tables of one family through the gate."""
    return gate(tables, RULES, families=dict.fromkeys(tables, ONE), geography=GEOGRAPHY, previous=previous)


def hidden(table: Published) -> set[str]:
    """Return the keys of the hidden cells."""
    rows = table.frame[table.frame["status"].isin(HIDDEN)]
    return {" ".join(row).replace(TOTAL, "alt") for row in rows[list(table.by)].itertuples(index=False)}


def test_one_small_cell_takes_a_partner_in_its_row_and_column_and_the_fourth_corner() -> None:
    table = cleared(t=cells("kjonn form", TWO_BY_THREE)).tables["t"]
    # 3 is small. The smallest in its row is 20, in its column only 40 is left, and 50 closes the square.
    assert hidden(table) == {"1 fysisk", "1 video", "2 fysisk", "2 video"}
    assert status(table, kjonn="1", form="fysisk") is Status.PRIMARY
    assert status(table, kjonn="2", form="video") is Status.SECONDARY
    assert table.frame.loc[table.frame["status"].isin(HIDDEN), "verdi"].isna().all()
    sums = table.frame[(table.frame["kjonn"] == TOTAL) | (table.frame["form"] == TOTAL)]
    assert (sums["status"] == Status.SHOWN).all()


def test_zero_is_shown_and_missing_is_a_status_of_its_own() -> None:
    rows = {"1 fysisk": (0, 0, 0), "1 video": (0, 0, 40), "1 telefon": (20, 20, 40), "1 alt": (20, 20, 80)}
    table = cleared(t=cells("kjonn form", rows, Measure.SHARE)).tables["t"]
    assert status(table, form="fysisk") is Status.MISSING
    assert status(table, form="video") is Status.SHOWN
    assert table.frame.set_index("form")["verdi"]["video"] == 0


def test_a_count_of_zero_is_no_secret() -> None:
    """Nobody met by video: that is told, and is nobody's partner."""
    rows = {"fysisk": 3, "video": 0, "telefon": 30, "alt": 33}
    table = cleared(t=cells("form", rows)).tables["t"]
    assert hidden(table) == {"fysisk", "telefon"}
    assert table.frame.set_index("form")["verdi"]["video"] == 0


def test_few_doctors_hide_a_cell_of_many_patients() -> None:
    base = cells("kjonn form", TWO_BY_THREE | {"1 fysisk": 30, "1 alt": 80, "alt fysisk": 70, "alt alt": 230})
    base.frame.loc[0, "leger"] = 2
    assert status(cleared(t=base).tables["t"], kjonn="1", form="fysisk") is Status.PRIMARY


def test_two_small_partners_are_not_enough() -> None:
    """1 and 2 in a row hide each other, but their sum is 3: each is known within 3, so a third is hidden."""
    rows = {"fysisk": 1, "video": 2, "telefon": 30, "alt": 33}
    assert len(hidden(cleared(t=cells("form", rows)).tables["t"])) > 2


def test_a_cell_is_hidden_in_all_tables_that_show_it_or_in_none() -> None:
    ages = {"0–17": 3, "18–66": 60, "67+": 70, "alt": 133}
    by_form = {
        f"{age} {form}": n // 3 if form != "alt" else n for age, n in ages.items() for form in ("alt",)
    }
    both = cleared(a=cells("alder", ages), b=cells("alder form", by_form))
    assert hidden(both.tables["a"]) == {key.removesuffix(" alt") for key in hidden(both.tables["b"])}


def test_other_age_groups_over_the_same_ages_are_seen() -> None:
    """0–17 less 0–15 is a handful of 16–17-year-olds, whom neither table shows."""
    one = cells("alder", {"0–17": 100, "18–66": 60, "alt": 160})
    other = cells("alder", {"0–15": 97, "16–66": 63, "alt": 160})
    apart = cleared(a=one), cleared(a=other)
    assert not any(hidden(table.tables["a"]) for table in apart)
    together = cleared(a=one, b=other)
    assert hidden(together.tables["a"]) or hidden(together.tables["b"])


def test_what_a_table_leaves_out_is_a_cell() -> None:
    """33 in all less 30 who met is 3 others: one of the two numbers cannot stand."""
    assert hidden(cleared(t=cells("form", {"fysisk": 30, "alt": 33})).tables["t"])
    assert not hidden(cleared(t=cells("form", {"fysisk": 30, "alt": 40})).tables["t"])


def test_counties_and_municipalities_are_one_axis() -> None:
    """Rogaland less two of its three municipalities is the third, though each column has its own name."""
    municipal = cells("kommune", {"1101": 30, "1103": 40, "4201": 60, "4202": 70})
    few, many = cells("fylke", {"Rogaland": 73, "Agder": 130}), cells("fylke", {"Rogaland": 90, "Agder": 130})
    one, other = cleared(a=municipal, b=few).tables, cleared(a=municipal, b=many).tables
    assert hidden(one["a"]) | hidden(one["b"])
    assert not hidden(other["a"]) | hidden(other["b"])


def test_small_municipalities_become_the_rest_of_their_county() -> None:
    rows = {
        "1101": 3,
        "1103": 40,
        "1106": 50,
        "11": 93,
        "4201": 60,
        "4202": 70,
        "42": 130,
        "0301": 90,
        "alt": 313,
    }
    table = cleared(t=cells("kommune", rows)).tables["t"]
    assert table.merged == {"øvrige kommuner i Rogaland": ("1101", "1103")}
    numbers = table.frame.set_index("kommune")["verdi"]
    assert numbers["øvrige kommuner i Rogaland"] == 43
    assert "1101" not in numbers.index
    assert not hidden(table)


def test_persons_of_merged_municipalities_are_not_added() -> None:
    """Three persons here and four there may be four persons: the group's cell stays hidden."""
    rows = {
        "1101 fysisk": 3, "1103 fysisk": 4, "1106 fysisk": 50, "11 fysisk": 57,
        "1101 video": 0, "1103 video": 30, "1106 video": 40, "11 video": 70,
    }  # fmt: skip
    table = cleared(t=cells("kommune form", rows)).tables["t"]
    assert status(table, kommune="øvrige kommuner i Rogaland", form="fysisk") is Status.PRIMARY


def test_a_merged_rate_is_reckoned_anew() -> None:
    rows = {"1101": (3, 3, 30), "1103": (40, 40, 50), "1106": (50, 50, 100)}
    table = cleared(t=cells("kommune", rows, Measure.RATE)).tables["t"]
    assert table.frame.set_index("kommune")["verdi"]["øvrige kommuner i Rogaland"] == pytest.approx(
        100 * 43 / 80
    )


def test_a_rate_is_hidden_with_its_numerator() -> None:
    """A rate times a public population is the count: the rate takes part in the count's suppression."""
    count = cells("kjonn form", TWO_BY_THREE)
    rate = cells("kjonn form", {k: (n, n, 1000) for k, n in TWO_BY_THREE.items()}, Measure.RATE)
    both = cleared(a=count, b=rate)
    assert hidden(both.tables["a"]) == hidden(both.tables["b"]) != set()


def test_nearly_all_is_as_telling_as_nearly_none() -> None:
    rows = {"1": (98, 98, 100), "2": (50, 50, 100)}
    assert "1" in hidden(cleared(t=cells("kjonn", rows, Measure.SHARE)).tables["t"])


def test_a_median_of_few_is_hidden() -> None:
    rows = {"1": (40, 4, 100), "2": (50, 50, 100)}
    median = cells("kjonn", rows, Measure.MEDIAN)
    assert hidden(cleared(t=median).tables["t"]) == {"1"}


def test_the_last_edition_decides_who_can_be_a_partner() -> None:
    """Last year 20 was shown: hiding it now helps nobody, so another is hidden in its place."""
    rows = {f"2024 {form}": n for form, n in {"fysisk": 3, "video": 20, "telefon": 30, "alt": 53}.items()}
    now = cells("aar form", rows)
    alone = cleared(t=now).tables["t"]
    assert hidden(alone) == {"2024 fysisk", "2024 video"}
    shown = alone.frame.assign(verdi=[np.nan, 20.0, np.nan, np.nan], status=Status.SHOWN)
    shown.loc[[0, 2, 3], "status"] = Status.PRIMARY
    assert hidden(cleared({"t": replace(alone, frame=shown)}, t=now).tables["t"]) == {
        "2024 fysisk",
        "2024 telefon",
    }


def test_what_the_last_edition_has_shown_cannot_be_hidden() -> None:
    now = cells("aar form", {"2024 fysisk": 3, "2024 video": 20, "2024 alt": 23})
    table = cleared(t=now).tables["t"]
    old = replace(table, frame=table.frame.assign(verdi=[3.0, 20.0, 23.0], status=Status.SHOWN))
    with pytest.raises(KontrollFeil, match="hva som enn skjules"):
        cleared({"t": old}, t=now)


def test_a_mean_is_known_from_its_parts() -> None:
    """Total and mean of men give the mean of women, who are few: their sum is protected as a count is."""
    days = {"1": (300, 40, 100), "2": (30, 4, 10), "alt": (330, 44, 110)}
    mean = cells("kjonn", days, Measure.MEAN)
    mean.frame["verdi"] /= 100
    assert hidden(cleared(t=mean).tables["t"]) == {"1", "2"}


def test_the_report_counts_and_tells_no_value() -> None:
    report = cleared(t=cells("kjonn form", TWO_BY_THREE)).report
    assert (report.cells, report.primary, report.secondary) == (12, 1, 3)
    assert report.exposed == 0, "the line rule was enough"


def _broken(**columns: object) -> Cells:
    table = cells("kjonn form", TWO_BY_THREE)
    return replace(table, frame=table.frame.assign(**columns))


REFUSED = {
    "ukjent inndeling": cells("skostørrelse", {"42": 30}),
    "uten «pasienter»|uten verdi": _broken(pasienter=pd.array([pd.NA, *range(11)], dtype="Int64")),
    "celler uten «leger»": _broken(leger=pd.NA),
    "ikke et tall": _broken(teller="Ola Nordmann"),
    "ukjent slag mål": replace(cells("form", {"fysisk": 30}), measure="tilfeldig"),  # type: ignore[arg-type]
    "negative": _broken(teller=-1.0),
    "uendelige": _broken(teller=np.inf),
    "samme nøkkel": _broken(form="fysisk"),
    "ulike sin teller": _broken(verdi=1.0),
    "ingen aldersgruppe": cells("alder", {"gamle": 30}),
    "ukjent verdi": cells("kommune", {"9999": 30}),
    "har ingen sum": cells("aar", {"2024": 30, "alt": 30}),
    "stemmer ikke": cells("form", {"fysisk": 30, "video": 30, "alt": 50}),
    "verdien følger ikke": replace(
        cells("form", {"fysisk": (30, 30, 40), "video": (9, 9, 9)}), measure=Measure.RATE
    ),
    "uten verdi i en inndeling": _broken(form=None),
}


@pytest.mark.parametrize("said", REFUSED)
def test_what_the_gate_does_not_know_it_does_not_let_through(said: str) -> None:
    both = {"good": cells("kjonn", {"1": 30, "2": 40}), "bad": REFUSED[said]}
    families = {"good": ONE, "bad": Family("en annen")}
    with pytest.raises(DataFeil, match=said):
        gate(both, RULES, families=families, geography=GEOGRAPHY)


def test_tables_without_a_known_relation_are_refused() -> None:
    months, quarters = cells("maaned", {"1": 30, "2": 40}), cells("kvartal", {"1": 90, "2": 80})
    with pytest.raises(DataFeil, match="sammenhengen mellom"):
        cleared(a=months, b=quarters)
    with pytest.raises(DataFeil, match="bare noen av tabellene"):
        cleared(a=cells("aar", {"2024": 30}), b=cells("kjonn", {"1": 30}))
    with pytest.raises(DataFeil, match="en annen teller"):
        cleared(a=cells("kjonn", {"1": 30}), b=cells("kjonn", {"1": 31}))
    with pytest.raises(ParameterFeil, match="ingen familie"):
        gate({"a": months}, RULES, families={}, geography=GEOGRAPHY)


def test_the_attack_has_the_last_word(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were the suppression wrong, nothing would be let through."""
    monkeypatch.setattr(gate_module, "suppress", lambda table, primary, *_: Suppressed(primary, 0, 0))
    with pytest.raises(KontrollFeil, match="angrepet finner 1"):
        cleared(t=cells("kjonn form", TWO_BY_THREE))


COUNTS = st.lists(st.sampled_from([0, 0, 1, 2, 3, 4, 6, 9, 17, 40]), min_size=108, max_size=108)


@pytest.mark.slow
@given(COUNTS, st.booleans(), st.booleans())
@settings(max_examples=40)
def test_nothing_hidden_can_be_computed_and_nothing_shown_is_changed(
    counts: list[int], places: bool, other_table: bool
) -> None:
    labels = [*PLACES["nummer"]], *DIMS.values()
    base = pd.MultiIndex.from_product(labels, names=["kommune", *DIMS]).to_frame(index=False)
    base["pasienter"] = counts
    base["teller"] = base["pasienter"] * np.where(base.index % 3, 1.0, 3.0)
    tables = {"a": with_margins(base, ("alder", "form"), places)}
    if other_table:
        tables["b"] = with_margins(base, ("alder", "kjonn"), not places)
    out = cleared(**tables)
    assert narrowest(out) >= RULES.width - 1e-3
    for name, table in out.tables.items():
        before = tables[name].frame.set_index(list(table.by))
        after = table.frame.set_index(list(table.by))
        both = after.index.intersection(before.index)
        shown = after.loc[both, "status"] == Status.SHOWN
        assert (after.loc[both, "verdi"][shown] == before.loc[both, "verdi"][shown]).all()
        few = before.loc[both, "pasienter"].between(1, 4) | before.loc[both, "leger"].between(1, 2)
        assert not shown[few & (before.loc[both, "teller"] > 0)].any()

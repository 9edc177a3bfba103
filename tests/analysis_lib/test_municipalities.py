"""Series over a municipal reform: joined where all parts are there, else refused by its name."""

from __future__ import annotations

import pytest

from analysis_lib import områdeserie
from analysis_lib.data.municipalities import municipalities, successors, valid
from analysis_lib.errors import AnalyseAvvist
from analysis_lib.indicators.series import Series
from analysis_lib.indicators.values import Computation
from tests.analysis_lib.test_meaning import value


def part(unit: str = "leger", **years: int) -> Series:
    return Series("Leger", {int(year.lstrip("y")): value(n, unit) for year, n in years.items()})


def test_what_was_merged_is_summed_and_a_new_number_is_the_same_area() -> None:
    moss = {"0104": part(y2018=30, y2019=31), "0136": part(y2018=10, y2019=9)}
    moss |= {"3002": part(y2020=41, y2023=42), "3103": part(y2024=43)}
    joined = områdeserie(moss, "3103")
    assert [(year, int(one.point or 0)) for year, one in joined.verdier.items()] == [
        (2018, 40),
        (2019, 40),
        (2020, 41),
        (2023, 42),
        (2024, 43),
    ]
    assert isinstance(joined[2019].origin, Computation)
    assert joined[2019].origin.formula == "{0} + {1}"


def test_a_county_is_summed_from_the_counties_that_it_was() -> None:
    assert int(områdeserie({"08": part(y2017=2), "40": part(y2024=5)}, "40")[2017].point or 0) == 2


@pytest.mark.parametrize(
    ("parts", "number", "said"),
    [
        (
            {"0104": part(y2019=31)},
            "3103",
            "mangler 0136 i 2019: kommunen er slått sammen: 0104 Moss og 0136 Rygge",
        ),
        ({"1103": part(y2019=31, y2020=40)}, "1103", "mangler 1141, 1142 i 2019: kommunen er slått sammen"),
        ({"1507": part(y2023=60)}, "1508", "1507 Ålesund er delt mellom 1508 Ålesund og 1580 Haram"),
        ({"30": part(y2023=60)}, "32", "30 er mer enn 32, for 3001 Halden er ikke der"),
        (
            {"0104": part("prosent", y2019=3), "0136": part("prosent", y2019=4)},
            "3103",
            "tall i prosent kan ikke legges sammen: kommunen er slått sammen",
        ),
    ],
)
def test_what_cannot_be_joined_is_refused_with_the_reform(
    parts: dict[str, Series], number: str, said: str
) -> None:
    with pytest.raises(AnalyseAvvist, match=said):
        områdeserie(parts, number)


def test_each_year_has_as_many_municipalities_as_statistics_norway_counted() -> None:
    counted = {1994: 435, 2002: 434, 2005: 433, 2006: 431, 2008: 430, 2012: 429, 2013: 428}
    counted |= {2017: 426, 2018: 422, 2020: 356, 2023: 356, 2024: 357}
    assert {year: sum(valid(one, year) for one in municipalities()) for year in counted} == counted


def test_the_mergers_that_the_compilation_had_wrong_are_mended() -> None:
    after = {"0414": "3403", "0716": "3905", "1027": "4225", "1419": "4640", "1430": "4647", "5040": "5007"}
    assert {old: successors(old) for old in after} == {old: (new,) for old, new in after.items()}

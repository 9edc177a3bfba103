"""Quarters, months and school years: a small edition with a quarterly and a monthly table, and facts."""

from __future__ import annotations

import csv
import tempfile
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis_lib.data.facts import read_facts
from analysis_lib.data.periods import Frequency, Period
from analysis_lib.data.schema import ColumnSpec
from analysis_lib.data.tables import read_table
from analysis_lib.errors import AnalyseAvvist, DataFeil, NotatbokFeil
from analysis_lib.indicators.edition import Edition
from analysis_lib.indicators.series import Series, endring
from analysis_lib.present.chapter import Kapittel
from analysis_lib.present.charts.columns import søyler
from analysis_lib.present.charts.lines import linjer
from analysis_lib.present.payload import TablePayload
from analysis_lib.present.prose import bind
from analysis_lib.present.tables import ShownTable
from evaluation.methods.time_axis import consecutive, interrupted
from publishing.diff.records import years_in
from tests.analysis_lib.test_periods import periods

HEAD = "number: '{0}'\nname: t-{0}\npath: {0}.csv\ntitle: Timer\nunit: antall\nstub: Sted\nsources: [KUHR]\n"


def write(folder: Path, number: str, columns: str, lines: str) -> Path:
    """Write a table and its descriptor; return the descriptor."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{number}.csv").write_text(lines, encoding="utf-8")
    path = folder / f"{number}.yml"
    path.write_text(HEAD.format(number) + columns, encoding="utf-8")
    return path


@pytest.fixture
def edition(tmp_path: Path) -> Edition:
    """A yearly, a quarterly and a monthly table, and facts by quarter."""
    folder = tmp_path / "2025"
    tables = folder / "tabeller"
    change = "  - {key: endring, header: endring, unit: prosent, decimals: 1, relation: {change: siste}}\n"
    quarters = "2024K1;2024K2;2024K3;2024K4;2025K1;2025K2;2025K3;2025K4"
    write(
        tables,
        "1.1",
        "columns:\n  - {periods: 2024K1-2025K4}\n" + change,
        f"rad;navn;{quarters};endring\noslo;Oslo;100;110;90;120;105;..;99;126;5,0\n",
    )
    write(
        tables,
        "1.2",
        "columns:\n  - {periods: 2025-01-2025-03}\n",
        "rad;navn;2025M01;2025M02;2025M03\noslo;Oslo;1;2;3\n",
    )
    write(tables, "1.3", "columns:\n  - {years: 2024-2025}\n", "rad;navn;2024;2025\noslo;Oslo;420;440\n")
    (folder / "fakta").mkdir()
    (folder / "fakta" / "1.csv").write_text(
        "id;verdi;enhet;periode;hva;register;sted\n"
        "kø_2024K4;30;antall;2024K4;Kø;FLO;1\nkø_2024K3;25;antall;2024K3;Kø;FLO;1\n",
        encoding="utf-8",
    )
    return Edition(2025, folder=folder)


def row(edition: Edition, number: str) -> Series:
    return ShownTable(edition, number).serie("oslo")


def test_a_series_by_quarter_is_asked_by_quarter(edition: Edition) -> None:
    series = row(edition, "1.1")
    assert (str(series.første), str(series.siste)) == ("2024K1", "2025K4")
    assert series["2024K3"].point == 90
    assert series["2024Q3"] is series[Period.read("2024K3")]
    assert series["2023K4"].known is False
    assert str(series.før("2024K3")) == "2024K2"
    assert series.årene == "1. kvartal 2024–4. kvartal 2025"
    assert row(edition, "1.2")["2025-02"].point == row(edition, "1.2")["2025M02"].point == 2


def test_the_last_change_is_since_the_same_quarter_a_year_before_and_its_label_says_so(
    edition: Edition,
) -> None:
    table = edition.table("1.1")
    value = edition.value("1.1", "oslo", "endring")
    assert (value.point, value.verdict) == (Fraction(5), None)
    assert edition.header(table, "endring") == "4. kvartal 2024–4. kvartal 2025"


def test_a_month_is_not_compared_with_a_year_nor_drawn_beside_it(edition: Edition) -> None:
    month, year, quarter = row(edition, "1.2"), row(edition, "1.3"), row(edition, "1.1")
    with pytest.raises(AnalyseAvvist, match="januar 2025 og 2024 er ikke like lange"):
        endring(month["2025-01"], year[2024])
    assert endring(quarter["2024K1"], quarter["2025K1"]).point == 5
    with pytest.raises(NotatbokFeil, match="ulike slag perioder: kvartal og måned"):
        linjer([month.kalt("a"), quarter.kalt("b")])
    with pytest.raises(NotatbokFeil, match="blander måned og år"):
        Series("Oslo", {"2025-01": month["2025-01"], 2024: year[2024]})


def test_a_chart_has_its_quarters_in_order_in_words_with_gaps(edition: Edition) -> None:
    series = row(edition, "1.1")
    kept = Series("Oslo", {key: series[key] for key in reversed(series.verdier) if str(key) != "2024K2"})
    for chart in (linjer([kept]), søyler(kept)):
        axes = chart.figure.axes[0]
        ticks = [label.get_text() for label in axes.get_xticklabels()]
        assert ticks[-1] == "4. kv.\n2025" or ticks[0] == "4. kv.\n2025"
        assert list(chart.rows["Oslo"])[:2] == ["1. kvartal 2024", "2. kvartal 2024"]
        assert "2. kvartal 2024" in chart.alt
    line = linjer([kept]).figure.axes[0].lines[0]
    assert line.get_xdata()[1] - line.get_xdata()[0] == 1
    assert line.get_ydata()[1] != line.get_ydata()[1], "a quarter that is not there breaks the line"


def test_a_mark_of_a_year_stands_at_its_first_quarter(edition: Edition) -> None:
    chart = linjer([row(edition, "1.1")], markeringer={2025: "Reform"})
    assert "Markert: Reform (1. kvartal 2025)." in chart.alt


def test_facts_by_quarter_are_a_series(edition: Edition) -> None:
    chapter = Kapittel.__new__(Kapittel)
    chapter.nummer, chapter.aar, chapter.edition = "1", 2025, edition
    series = chapter.faktaserie("Kø", "kø")
    assert [str(key) for key in series.verdier] == ["2024K3", "2024K4"]
    assert chapter.periode("kø_2024K3") == "3. kvartal 2024"


def test_prose_says_a_period_in_words(edition: Edition) -> None:
    series = row(edition, "1.1")
    prose = bind("I {serie.siste} var det {serie[serie.siste]:tall}.", {"serie": series})
    assert "I 4. kvartal 2025 var det" in "".join(part.text for part in prose.paragraphs[0].parts)


def test_methods_take_quarters() -> None:
    quarters = [Period.read("2023K1").after(steps) for steps in range(8)]
    _, when = consecutive(quarters)
    assert set(when[1:] - when[:-1]) == {1}
    axis, _ = interrupted(quarters, quarters[4])
    assert (axis.n_before, axis.n_after) == (4, 4)
    with pytest.raises(AnalyseAvvist, match="hull mellom 2023Q1 og 2023Q3"):
        consecutive([quarters[0], quarters[2]])
    with pytest.raises(AnalyseAvvist, match="ulike slag"):
        consecutive([quarters[0], Period.read("2023-04")])


def _of_our_time(period: Period) -> bool:
    return period.frequency is not Frequency.DAY and period.year < 2090


@settings(max_examples=30)
@given(periods.filter(_of_our_time), st.integers(0, 5))
def test_every_key_goes_round_through_descriptor_csv_payload_and_register(first: Period, more: int) -> None:
    keys = [str(first.after(steps)) for steps in range(more + 1)]
    column = ColumnSpec.model_validate({"periods": f"{keys[0]}-{keys[-1]}" if more else keys[0]})
    assert [key for key, _ in column.each()] == keys
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "2025"
        text = f"rad;navn;{';'.join(keys)}\noslo;Oslo;{';'.join('7' for _ in keys)}\n"
        descriptor = write(
            folder / "tabeller", "1.1", f"columns:\n  - {{periods: '{keys[0]}–{keys[-1]}'}}\n", text
        )
        assert next(csv.reader(text.splitlines(), delimiter=";"))[2:] == list(
            read_table("1.1", descriptor, folder / "corrections.yml").columns
        )
        shown = ShownTable(Edition(first.after(more).last.year, folder=folder), "1.1")
        payload = shown.payload
    assert isinstance(payload, TablePayload)
    assert [column.key for column in payload.columns] == keys
    assert set(payload.numbers) == {shown["oslo", key].ref for key in keys}
    assert {shown["oslo", key].identity for key in keys} == {f"1.1/oslo/{key}" for key in keys}
    assert [str(key) for key in shown.serie("oslo").verdier] == keys
    assert years_in([f"1.1/oslo/{keys[0]}"])[0] == first.year


@pytest.mark.parametrize(
    ("columns", "error"),
    [
        ("- {periods: 2024K3-2024K1}", "første og siste periode av samme slag"),
        ("- {periods: 2024K3-2025}", "første og siste periode av samme slag"),
        ("- {years: 2024K1-2024K2}", "ventet første og siste år"),
        ("- {key: a, period: 2024K5}", "er ikke et år, et halvår"),
    ],
)
def test_periods_that_are_none_are_refused(tmp_path: Path, columns: str, error: str) -> None:
    path = write(tmp_path, "1.1", f"columns:\n  {columns}\n", "rad;navn;a\noslo;Oslo;1\n")
    with pytest.raises(DataFeil, match=error):
        read_table("1.1", path, tmp_path / "corrections.yml")


def test_a_fact_of_no_period_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "1.csv"
    path.write_text("id;verdi;enhet;periode;hva;register;sted\na;1;antall;vår;A;B;1\n", encoding="utf-8")
    with pytest.raises(DataFeil, match="«vår» er ikke et år"):
        read_facts(path)

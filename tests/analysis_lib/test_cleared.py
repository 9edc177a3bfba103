"""Numbers computed from rows, beside the printed ones: which stands, and what cannot be read."""

import hashlib
import shutil
from pathlib import Path

import pytest
import yaml

from analysis_lib.data.cleared import checksum, read_cleared
from analysis_lib.data.editions import MODE_VARIABLE
from analysis_lib.data.inputs import ROOT_VARIABLE, project_root
from analysis_lib.errors import DataFeil, ParameterFeil
from analysis_lib.indicators.counted import from_panel
from analysis_lib.indicators.edition import Edition
from analysis_lib.present.chapter import Kapittel

ROOT = project_root()


def deliver(root: Path, files: dict[str, str], *, synthetic: bool = True, mode: str = "register") -> Path:
    """Write a cleared folder for edition 2025."""
    folder = root / "data" / mode / "2025"
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    digests = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in files}
    said = {"syntetisk": synthetic, "filer": digests, "kontrollsum": checksum(synthetic, digests)}
    (folder / "levering.yml").write_text(yaml.safe_dump(said), encoding="utf-8")
    return folder


FIGURE = """\
panel;serie;kolonne;verdi
;Fysisk;2024;250,5
;Fysisk;2025;248,25
;Elektronisk;2024;70
;Elektronisk;2025;:
"""
SAID = "unit: per 100 innbyggere\nsources: [KPR]\nchart: linjer\ndecimals: 1\nsubtitle: Per 100 innbyggere\n"


@pytest.fixture
def root(tmp_path, monkeypatch):
    shutil.copytree(ROOT / "data" / "published", tmp_path / "data" / "published")
    shutil.copytree(ROOT / "data" / "open", tmp_path / "data" / "open")
    (tmp_path / "notebooks").mkdir()
    monkeypatch.setenv(ROOT_VARIABLE, str(tmp_path))
    monkeypatch.setenv(MODE_VARIABLE, "register")
    return tmp_path


class TestCell:
    """A computed cell stands in place of the printed one, and is held against it."""

    def test_reproduced(self, root):
        deliver(root, {"tabeller/12.3.csv": "rad;2024;2025\nfysisk;1303055;1278443\n"})
        cell = Edition(2025).value("12.3", "fysisk", 2025)
        assert (cell.point, cell.verdict, cell.printed) == (1278443, "gjengitt", "1 278 443")
        assert cell.sources()[0].file == "data/register/2025/tabeller/12.3.csv"
        assert "syntetiske data" in cell.sources()[0].document

    def test_deviating(self, root):
        deliver(root, {"tabeller/12.3.csv": "rad;2025\nfysisk;1278000\n"})
        cell = Edition(2025).value("12.3", "fysisk", 2025)
        assert (cell.point, cell.verdict) == (1278000, "avviker")

    def test_before_the_same_as(self, root):
        """12.5's consultations are «the same as» 12.3's total; rows say whether they are."""
        deliver(root, {"tabeller/12.5.csv": "rad;2021\nkonsultasjoner;1383714\n"})
        assert Edition(2025).value("12.5", "konsultasjoner", 2021).verdict == "gjengitt"

    def test_hidden_is_neither_zero_nor_missing(self, root):
        deliver(root, {"tabeller/12.3.csv": "rad;2025\nfysisk;:\n"})
        edition = Edition(2025)
        assert edition.value("12.3", "fysisk", 2025).kind == "confidential"
        assert edition.value("12.3", "fysisk", 2024).kind == "number"

    def test_a_new_edition_is_filled(self, root):
        """Cells that wait for their number get it from the rows."""
        table = root / "data/published/2025/tabeller/12.3.csv"
        text = table.read_text(encoding="utf-8")
        table.write_text(text.replace("1 278 443", "?"), encoding="utf-8")
        deliver(root, {"tabeller/12.3.csv": "rad;2025\nfysisk;1278443\n"})
        assert Edition(2025).value("12.3", "fysisk", 2025).point == 1278443

    def test_printed_is_the_default(self, root, monkeypatch):
        deliver(root, {"tabeller/12.3.csv": "rad;2025\nfysisk;1\n"})
        monkeypatch.delenv(MODE_VARIABLE)
        assert Edition(2025).value("12.3", "fysisk", 2025).point == 1278443


class TestFigure:
    """A figure whose numbers the print lacks is drawn from its own file."""

    def test_drawn(self, root):
        deliver(root, {"figurer/12.8.csv": FIGURE, "figurer/12.8.yml": SAID})
        kap = Kapittel("12", aar=2025)
        shown = kap.figur("12.8").payload
        assert (shown.status, shown.subtitle) == ("drawn", "Per 100 innbyggere")
        assert shown.note.startswith("Syntetiske data")
        assert [cell.text for cell in shown.data.rows[1].cells] == ["70,0", ":"]
        assert float(kap.serier("12.8")[""]["Fysisk"]["2025"]) == 248.25

    def test_real_rows_carry_no_mark(self, root):
        files = {"figurer/12.8.csv": FIGURE, "figurer/12.8.yml": SAID}
        deliver(root, files, synthetic=False)
        assert Kapittel("12", aar=2025).figur("12.8").payload.note == ""

    def test_all_hidden_is_missing_and_says_why(self, root):
        hidden = "panel;serie;kolonne;verdi\n;Fysisk;2024;:\n;Fysisk;2025;:\n"
        deliver(root, {"figurer/12.8.csv": hidden, "figurer/12.8.yml": SAID})
        shown = Kapittel("12", aar=2025).figur("12.8").payload
        assert (shown.status, shown.note) == (
            "missing",
            "Tallene kan ikke tegnes: ingen av seriene har tall.",
        )

    def test_missing_stays_missing(self, root):
        deliver(root, {"figurer/12.8.csv": FIGURE, "figurer/12.8.yml": SAID})
        assert Kapittel("12", aar=2025).figur("12.9").payload.status == "missing"

    @pytest.mark.parametrize(
        ("chart", "said"),
        [("linje", "er ikke en figurtype"), ("stolper\noptions: {farge: rød}", "kan ikke tegnes slik")],
    )
    def test_wrong_descriptor(self, root, chart, said):
        wrong = SAID.replace("linjer", chart)
        deliver(root, {"figurer/12.8.csv": FIGURE, "figurer/12.8.yml": wrong})
        with pytest.raises(DataFeil, match=said):
            Kapittel("12", aar=2025).figur("12.8")


class TestTrust:
    """What was not cleared is not read, and the mark of made-up rows cannot be taken off."""

    def test_a_file_that_was_changed(self, root):
        folder = deliver(root, {"tabeller/12.3.csv": "rad;2025\nfysisk;1\n"})
        (folder / "tabeller/12.3.csv").write_text("rad;2025\nfysisk;2\n", encoding="utf-8")
        with pytest.raises(DataFeil, match="ikke slik den ble klarert"):
            Edition(2025).value("12.3", "fysisk", 2025)

    def test_the_mark_taken_off(self, root):
        folder = deliver(root, {"tabeller/12.3.csv": "rad;2025\nfysisk;1\n"})
        said = (folder / "levering.yml").read_text(encoding="utf-8")
        (folder / "levering.yml").write_text(said.replace("syntetisk: true", "syntetisk: false"))
        with pytest.raises(DataFeil, match="kontrollsummen stemmer ikke"):
            Edition(2025)

    def test_no_mark_at_all(self, root):
        folder = deliver(root, {})
        (folder / "levering.yml").write_text("filer: {}\nkontrollsum: ''\n")
        with pytest.raises(DataFeil, match="syntetisk"):
            Edition(2025)

    def test_no_folder(self, root):
        with pytest.raises(DataFeil, match="rapport register"):
            Edition(2025)

    def test_unknown_kind_of_data(self):
        with pytest.raises(ParameterFeil, match="register"):
            read_cleared("2025", "registre")

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("rad;2031\nfysisk;1\n", "kolonnen «2031» finnes ikke"),
            ("rad;2025\nfysisk;mange\n", "verken et tall"),
            ("2025\n1\n", "første kolonne"),
        ],
    )
    def test_a_table_that_is_none(self, root, text, said):
        deliver(root, {"tabeller/12.3.csv": text})
        with pytest.raises(DataFeil, match=said):
            Edition(2025).value("12.3", "fysisk", 2025)


PANEL = (
    "enhet;periode;fra;verdi\na;2025-01;;100\na;2025-02;;101,5\nb;2025-01;2025-02;99\nb;2025-02;2025-02;90\n"
)
PANEL_SAID = "unit: prosent\noutcome: Kontakter\nsources: [KUHR]\ndefinition: Kontakter.\ncomparator: andre\n"


class TestPanel:
    """Units over time, as the rows gave them."""

    @pytest.fixture
    def folder(self, root):
        return deliver(root, {"paneler/prøve.csv": PANEL, "paneler/prøve.yml": PANEL_SAID})

    def test_rows_units_and_origin(self, folder):
        cleared = read_cleared("2025")
        panel = cleared.panel("prøve")
        assert [(row.unit, row.period, row.first) for row in panel.rows[1:3]] == [
            ("a", "2025-02", ""),
            ("b", "2025-01", "2025-02"),
        ]
        value = from_panel(cleared, panel, panel.rows[1])
        assert (float(value), value.unit, value.origin.line) == (101.5, "prosent", 3)
        assert value.origin.synthetic
        assert "syntetiske data" in value.origin.document

    def test_none_where_there_is_none(self, folder):
        assert read_cleared("2025").panel("delegering") is None
        assert read_cleared("2025").panel("../figurer/1") is None

    @pytest.mark.parametrize("name", ["paneler/prøve.csv", "paneler/prøve.yml"])
    def test_a_changed_file_is_not_read(self, folder, name):
        path = folder / name
        path.write_text(path.read_text(encoding="utf-8").replace("90", "80") + "\n", encoding="utf-8")
        with pytest.raises(DataFeil, match="ikke slik den ble klarert"):
            read_cleared("2025").panel("prøve")

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("enhet;periode;verdi\n", "enhet;periode;fra;verdi"),
            (PANEL + "a;2025-01;;7\n", "står to ganger"),
            (PANEL + "c;2025-01;7\n", "ikke fire felter"),
        ],
    )
    def test_what_is_no_panel(self, root, text, said):
        deliver(root, {"paneler/prøve.csv": text, "paneler/prøve.yml": PANEL_SAID})
        with pytest.raises(DataFeil, match=said):
            read_cleared("2025").panel("prøve")

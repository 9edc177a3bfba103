"""The matrix of what the published report has and what ours shows."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from analysis_lib.data.cleared import Cleared
from analysis_lib.data.editions import MODES
from publishing.publish import ChapterEntry

PRINTED = next(iter(MODES))

FIELDS = ("kind", "number", "chapter", "status", "data", "title", "source", "missing")


def coverage(
    folder: Path, chapters: Iterable[ChapterEntry], cleared: Cleared | None = None
) -> list[dict[str, str]]:
    """Return one record for each table and figure of an edition, in the order of their numbers.

    Parameters
    ----------
    folder : Path
        ``data/published/YEAR``: descriptors of tables and figures.
    chapters : iterable of ChapterEntry
        The manifest's chapters.
    cleared : Cleared, optional
        The computed tables and figures that the report was built with beside the printed ones.

    Returns
    -------
    list of dict
        With the keys of `FIELDS`; `status` is «not built» for what no chapter shows, and `data` what it is
        drawn from.
    """
    from analysis_lib.data.files import read_model
    from analysis_lib.data.formats import read_yaml
    from analysis_lib.data.inputs import relative
    from analysis_lib.data.package import natural
    from analysis_lib.data.schema import TableSpec
    from analysis_lib.present.figures import read_figures

    shown = {
        (kind, item["id"].partition("-")[2]): (chapter.name, item["status"])
        for chapter in chapters
        for kind, group in (("table", chapter.tables), ("figure", chapter.figures))
        for item in group
    }
    records = []
    for path in (folder / "tabeller").glob("*.yml"):
        spec = read_model(TableSpec, read_yaml(path), relative(path))
        said = (spec.title, ", ".join(spec.sources), "")
        records.append(_record("table", path.stem, said, shown, cleared))
    for path in (folder / "figurer").glob("*.yml"):
        for number, figure in read_figures(path).items():
            if not figure.own:
                said = (figure.title, figure.holder or ", ".join(figure.sources), figure.missing)
                records.append(_record("figure", number, said, shown, cleared))
    return sorted(records, key=lambda record: (record["kind"] == "figure", natural(record["number"])))


def _record(
    kind: str,
    number: str,
    said: tuple[str, str, str],
    shown: dict[tuple[str, str], tuple[str, str]],
    cleared: Cleared | None,
) -> dict[str, str]:
    chapter, status = shown.get((kind, number.replace(".", "-")), ("", "not built"))
    title, source, missing = said
    data = PRINTED
    if cleared is not None and cleared.has(kind, number):
        data, missing = cleared.words, ""
    values = (kind, number, chapter, status, data, title, source, missing)
    return dict(zip(FIELDS, values, strict=True))


def summary(records: list[dict[str, str]]) -> str:
    """Count tables and figures by status, in one line each."""
    lines = []
    for kind, name in (("table", "tabeller"), ("figure", "figurer")):
        of_kind = [record["status"] for record in records if record["kind"] == kind]
        counts = ", ".join(f"{of_kind.count(status)} {status}" for status in dict.fromkeys(sorted(of_kind)))
        lines.append(f"{len(of_kind)} {name}: {counts}")
    return "\n".join(lines)

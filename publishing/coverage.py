"""The matrix of what the published report has and what ours shows."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from publishing.publish import ChapterEntry

FIELDS = ("kind", "number", "chapter", "status", "title", "source", "missing")


def coverage(folder: Path, chapters: Iterable[ChapterEntry]) -> list[dict[str, str]]:
    """Return one record for each table and figure of an edition, in the order of their numbers.

    Parameters
    ----------
    folder : Path
        ``data/published/YEAR``: descriptors of tables and figures.
    chapters : iterable of ChapterEntry
        The manifest's chapters.

    Returns
    -------
    list of dict
        With the keys of `FIELDS`; `status` is «not built» for what no chapter shows.
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
        records.append(_record("table", path.stem, spec.title, ", ".join(spec.sources), "", shown))
    for path in (folder / "figurer").glob("*.yml"):
        published = {n: figure for n, figure in read_figures(path).items() if not figure.own}
        for number, figure in published.items():
            records.append(
                _record(
                    "figure",
                    number,
                    figure.title,
                    figure.holder or ", ".join(figure.sources),
                    figure.missing,
                    shown,
                )
            )
    return sorted(records, key=lambda record: (record["kind"] == "figure", natural(record["number"])))


def _record(
    kind: str,
    number: str,
    title: str,
    source: str,
    missing: str,
    shown: dict[tuple[str, str], tuple[str, str]],
) -> dict[str, str]:
    chapter, status = shown.get((kind, number.replace(".", "-")), ("", "not built"))
    values = (kind, number, chapter, status, title, source, missing)
    return dict(zip(FIELDS, values, strict=True))


def summary(records: list[dict[str, str]]) -> str:
    """Count tables and figures by status, in one line each."""
    lines = []
    for kind, name in (("table", "tabeller"), ("figure", "figurer")):
        of_kind = [record["status"] for record in records if record["kind"] == kind]
        counts = ", ".join(f"{of_kind.count(status)} {status}" for status in dict.fromkeys(sorted(of_kind)))
        lines.append(f"{len(of_kind)} {name}: {counts}")
    return "\n".join(lines)

"""What is published tells nothing of the machine or of who builds."""

from __future__ import annotations

import getpass
import platform
import re
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pikepdf

from tests.conftest import ROOT


def contents(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file of a folder, with what is packed inside workbooks and PDFs."""
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        name = path.relative_to(folder).as_posix()
        yield name, path.read_bytes()
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as archive:
                yield from ((f"{name}/{inner}", archive.read(inner)) for inner in archive.namelist())
        elif path.suffix == ".pdf":
            with pikepdf.open(path) as pdf:
                yield f"{name}/docinfo", str(dict(pdf.docinfo.items())).encode()
                yield f"{name}/metadata", pdf.Root.Metadata.read_bytes()


def test_no_path_user_or_machine_is_published(built: Path, build_folder: Path) -> None:
    published = built / "reports/_build/arsrapport-2025"
    project = build_folder.parents[1]
    places = {
        str(project),
        str(ROOT),
        str(Path.home()),
        tempfile.gettempdir(),
    }
    words = {word for word in (getpass.getuser(), platform.node()) if word}
    place = re.compile("|".join(re.escape(place) + r"\b" for place in places).encode())
    word = re.compile("|".join(rf"\b{re.escape(word)}\b" for word in words).encode())
    looked = list(contents(published))
    assert {"manifest.json", "tallregister.json", "data/datapackage.json"} <= {name for name, _ in looked}
    assert {name: match[0] for name, data in looked if (match := place.search(data))} == {}
    # A user's name may be a word of the report; where the programs sign, it may not stand.
    signed = [
        (name, data) for name, data in looked if "docProps" in name or ".pdf/" in name or ".json" in name
    ]
    assert len(signed) >= 6
    assert {name: match[0] for name, data in signed if (match := word.search(data))} == {}

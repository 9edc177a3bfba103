"""Pictures, formulas and HTML in a chapter's text: shown in both formats, or refused by cell."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path
from typing import Any

from analysis_lib.errors import RenderFeil
from analysis_lib.present.escape import safe_address
from analysis_lib.present.markdown import HTML, Piece, addresses, pieces, replace, without_code
from publishing.run.plan import PICTURES

FIGURES = "figurer"
# What HTML shows and a PDF cannot, what would fetch something when it is read, and the marks of the book.
_REFUSED = re.compile(
    r"<\s*(script|style|iframe|object|embed|img|svg|video|audio|canvas|form|input|button|select|textarea|link|"
    r"meta|math|template|dialog|base|frame|frameset|applet|a|area|tall|navn)\b",
    re.I,
)
# What runs, or fetches something, when a drawing is opened alone.
_ACTIVE = re.compile(
    rb"<\s*(?:\w+:)?(?:script|foreignObject|iframe|!ENTITY)\b|\son\w+\s*=|javascript:|"
    rb"href\s*=\s*[\"'](?!#|data:image/)|@import|url\(\s*[\"']?(?!#|data:)",
    re.I,
)
_ENVIRONMENT = re.compile(r"\\begin\{(\w+\*?)\}")


def checked(text: str, where: str) -> None:
    """Refuse what one of the formats would leave out.

    Raises
    ------
    RenderFeil
        For HTML that a PDF cannot show, a link that leads elsewhere than to the web, or a formula outside
        dollar signs.
    """
    for piece in pieces(text):
        if piece.kind in HTML and (tag := _REFUSED.search(piece.content)):
            raise RenderFeil(
                f"HTML-merket «<{tag[1]}>» kan ikke vises i både HTML og PDF",
                where=where,
                hint="Skriv med Markdown; et bilde er ![beskrivelse](fil.png), en lenke [tekst](https://…).",
            )
    for address in addresses(text):
        safe_address(address, where)
    if len(addresses(text, "image")) > sum(piece.kind == "image" for piece in pieces(text)):
        raise RenderFeil(
            "et bilde har adressen et annet sted", where=where, hint="Skriv ![beskrivelse](fil.png)."
        )
    if formula := _ENVIRONMENT.search(without_code(text)):
        raise RenderFeil(
            f"formelen «{formula[0]}» står utenfor dollartegn",
            where=where,
            hint="Skriv $$\\begin{aligned} … \\end{aligned}$$.",
        )


def placed(text: str, cell: dict[str, Any], folder: Path, where: str, pictures: dict[str, bytes]) -> str:
    """Point every picture of a text to a file of the report, and add its bytes to ``pictures``.

    Raises
    ------
    RenderFeil
        For a picture without alt text, one that is not there, or one of a kind that cannot be shown.
    """
    changes = []
    for piece in pieces(text):
        if piece.kind == "image":
            name, content = _read(piece, cell, folder, where)
            pictures[name] = content
            changes.append((piece.start, piece.end, f"![{piece.content}]({FIGURES}/{name})"))
    return replace(text, changes)


def _read(piece: Piece, cell: dict[str, Any], folder: Path, where: str) -> tuple[str, bytes]:
    """Return a picture's name in the report and its bytes."""
    from urllib.parse import unquote

    address = unquote(str(piece.attributes["src"]))

    def refuse(what: str, hint: str) -> RenderFeil:
        return RenderFeil(f"bildet «{address}» {what}", where=where, hint=hint)

    if not piece.content.strip():
        raise refuse("har ingen alternativ tekst", "Skriv hva det viser: ![beskrivelse](fil.png).")
    if address.startswith("attachment:"):
        name = address.removeprefix("attachment:")
        stored = cell.get("attachments", {}).get(name)
        if not stored:
            raise refuse("er ikke lagt ved cellen", "Lim det inn på nytt, eller legg filen i notebooks/.")
        data = next(iter(stored.values()))
        content = base64.b64decode("".join(data) if isinstance(data, list) else data)
    elif re.match(r"[a-z][a-z0-9+.-]+:|//", address, re.I):
        raise refuse("hentes fra et annet sted", "Legg filen i notebooks/, så rapporten står alene.")
    else:
        name = address
        path = (folder / address).resolve()
        if not path.is_relative_to(folder.resolve()):
            raise refuse("ligger utenfor notebooks/", "Flytt filen inn i notebooks/.")
        if not path.is_file():
            raise refuse("finnes ikke", "Skriv filens navn slik det står fra mappen notebooks/.")
        content = path.read_bytes()
    ending = Path(name).suffix.lower()
    if ending not in PICTURES:
        raise refuse("er av et slag som ikke kan vises", f"Lagre det som en av {', '.join(PICTURES)}.")
    if ending == ".svg" and (found := _ACTIVE.search(content)):
        raise refuse(f"har «{found[0].decode(errors='replace').strip()}»", "Lagre det som en ren tegning.")
    return f"bilde-{hashlib.sha256(content).hexdigest()[:12]}{ending}", content

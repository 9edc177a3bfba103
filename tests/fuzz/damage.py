"""Ways to damage a file: its bytes, its nodes, and what stands in its place."""

from __future__ import annotations

import copy
import csv
import io
import json
import os
import random
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import yaml

# What a field can be that nobody expects there.
ODD: tuple[Any, ...] = (
    *(
        None,
        True,
        0,
        -1,
        2025,
        10**400,
        1.5,
        float("nan"),
        float("inf"),
        "",
        " ",
        "x",
        "٣",
        "²",
        "①",
        "-",
        "?",
    ),
    *(
        "../../x",
        "a/b",
        "/etc/passwd",
        "..",
        ".",
        "index",
        "{aar}",
        "a{",
        "{aar:>99999999}",
        "{aar.__class__}",
        "æ",
    ),
    *("<script>", "2025-02-30", "2025K9", "0-99999999", "9" * 5000, "x" * 100_000, "a\nb", "=1+1", "1e999"),
    *([], {}, [None], [[]], [{}], {"": None}, {"x": {"y": []}}, [1, "a"], date(2025, 1, 1), ["x"] * 2000),
)
ODD_TEXTS = (
    *(
        "\0",
        "\t",
        "\r",
        "\x1b",
        "\x7f",
        "\ufeff",
        "\u202e",
        "\u200b",
        "\ufffe",
        "٣",
        "²",
        "①",
        "🩺",
        "{",
        "}",
        "[",
        "]",
    ),
    *(
        '"',
        "'",
        "|",
        ">",
        "&a ",
        "*a",
        "!!int ",
        "!!binary ",
        "!!set ",
        "!!python/name:os.system ",
        "<<: ",
        "? ",
        "- ",
    ),
    *(
        "%",
        "`",
        "#",
        ": ",
        "\n",
        "\n\n",
        ";",
        ";;;;",
        "\\",
        "\\ud800",
        "\\u0000",
        "NaN",
        "Infinity",
        "1e999",
        "0x1F",
    ),
    *(
        "9" * 5000,
        "0" * 400 + ".1",
        "-" * 3000 + "1",
        "(" * 300,
        "[" * 50_000,
        "{" * 3000,
        "? " * 30_000,
        "- " * 5000,
    ),
    *(
        "{a: " * 3000,
        '[{"a":' * 20_000,
        "!" * 50_000,
        "&a [*a]",
        "\n---\n",
        "\n...\n",
        "~",
        "2025-02-30",
        "12:30:61",
    ),
)
Way = Callable[[bytes, random.Random], bytes]


def _cut(raw: bytes, draw: random.Random) -> bytes:
    return raw[: draw.randrange(len(raw) + 1)]


def _swap(raw: bytes, draw: random.Random) -> bytes:
    damaged = bytearray(raw)
    for _ in range(draw.choice((1, 2, 20))):
        a, b = draw.randrange(len(raw)), draw.randrange(len(raw))
        damaged[a], damaged[b] = damaged[b], damaged[a]
    return bytes(damaged)


def _noise(raw: bytes, draw: random.Random) -> bytes:
    damaged = bytearray(raw)
    for _ in range(draw.choice((1, 1, 5, 100))):
        damaged[draw.randrange(len(raw))] = draw.randrange(256)
    return bytes(damaged)


def _drop(raw: bytes, draw: random.Random) -> bytes:
    start = draw.randrange(len(raw))
    return raw[:start] + raw[start + draw.choice((1, 2, 10, 100)) :]


def _double(raw: bytes, draw: random.Random) -> bytes:
    start = draw.randrange(len(raw))
    part = raw[start : start + draw.choice((1, 10, 100))]
    return raw[:start] + part * draw.choice((2, 3, 1000)) + raw[start + len(part) :]


def _insert(raw: bytes, draw: random.Random) -> bytes:
    start = draw.choice((0, draw.randrange(len(raw) + 1), len(raw)))
    return raw[:start] + draw.choice(ODD_TEXTS).encode() + raw[start:]


def _number(raw: bytes, draw: random.Random) -> bytes:
    found = list(re.finditer(rb"\d+", raw))
    if not found:
        return raw
    place = draw.choice(found)
    odd = ("9" * 5000, "٣", "²", "-0", "1e999", "0x1F", "1_000", "012", "2025-02-30", "9" * 31, "NaN")
    return raw[: place.start()] + draw.choice(odd).encode() + raw[place.end() :]


def _lines(raw: bytes, draw: random.Random) -> bytes:
    """Leave out a line, give one twice, change two, or move one in or out."""
    lines = raw.splitlines(keepends=True) or [b""]
    a, b = draw.randrange(len(lines)), draw.randrange(len(lines))
    how = draw.randrange(5)
    if how == 0:
        del lines[a]
    elif how == 1:
        lines.insert(b, lines[a])
    elif how == 2:
        lines[a], lines[b] = lines[b], lines[a]
    elif how == 3:
        lines[a] = draw.choice((b"  ", b"\t", b" " * 500)) + lines[a]
    else:
        lines[a] = lines[a].lstrip()
    return b"".join(lines)


def _encode(raw: bytes, draw: random.Random) -> bytes:
    text = raw.decode("utf-8", "replace")
    made = draw.choice(("utf-16", "utf-16-le", "utf-32", "latin-1", "cp865", "utf-8-sig", "utf-7"))
    encoded = text.encode(made, "replace")
    return draw.choice(
        (encoded, encoded[:-1], b"\xff\xfea\x00\xd8", b"\xff\xfe\x00", b"\xef\xbb\xbf" * 2 + raw)
    )


def _empty(raw: bytes, draw: random.Random) -> bytes:
    return draw.choice(
        (b"", b"\n", b" ", b"\0", b"null", b"[]", b"{}", b"0", b'"x"', b"- a", b"a: 1", b"---", b"#")
    )


BYTES: dict[str, Way] = {
    "cut": _cut,
    "swap": _swap,
    "noise": _noise,
    "drop": _drop,
    "double": _double,
    "insert": _insert,
    "number": _number,
    "lines": _lines,
    "encoding": _encode,
    "empty": _empty,
}


def _places(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each node's holder, and its name or number there."""
    for key in list(tree) if isinstance(tree, dict) else range(len(tree)) if isinstance(tree, list) else ():
        yield tree, key
        yield from _places(tree[key])


def _wrong_type(holder: Any, key: Any, draw: random.Random) -> None:
    odd = draw.choice((*ODD, copy.deepcopy(holder), _deep(draw.choice((50, 300)))))
    if isinstance(odd, str) and isinstance(holder[key], str) and draw.random() < 0.5:
        odd = holder[key] + odd
    holder[key] = odd


def _deep(levels: int) -> Any:
    found: Any = []
    for _ in range(levels):
        found = [found]
    return found


def _delete(holder: Any, key: Any, draw: random.Random) -> None:
    del holder[key]


def _rename(holder: Any, key: Any, draw: random.Random) -> None:
    if isinstance(holder, dict):
        holder[draw.choice((f"{key}x", "nummer", "", 5, None, True, "../x", "a/b/c", "x" * 300))] = (
            holder.pop(key)
        )
    else:
        holder.insert(key, copy.deepcopy(holder[key]))


def _exchange(holder: Any, key: Any, draw: random.Random) -> None:
    other = draw.choice(list(holder) if isinstance(holder, dict) else range(len(holder)))
    holder[key], holder[other] = holder[other], holder[key]


NODES: dict[str, Callable[[Any, Any, random.Random], None]] = {
    "wrong type": _wrong_type,
    "delete": _delete,
    "rename": _rename,
    "exchange": _exchange,
}


def node(raw: bytes, suffix: str, how: str, draw: random.Random) -> bytes:
    """Damage one node of YAML or JSON."""
    tree = json.loads(raw) if suffix == ".ipynb" else yaml.safe_load(raw)
    places = list(_places(tree))
    if places:
        NODES[how](*draw.choice(places), draw)
    if suffix == ".ipynb":
        return json.dumps(tree, default=str).encode()
    return yaml.safe_dump(tree, allow_unicode=True, sort_keys=False, width=10**6).encode("utf-8", "replace")


def cell(raw: bytes, draw: random.Random) -> bytes:
    """Damage one cell, row or column of CSV."""
    lines = list(csv.reader(io.StringIO(raw.decode()), delimiter=";"))
    line = draw.choice(lines)
    column = draw.randrange(len(line) or 1)
    how = draw.randrange(5)
    if how < 2:
        line[column : column + 1] = [str(draw.choice(ODD)) if how else draw.choice(ODD_TEXTS)]
    elif how == 2:
        line[column:] = draw.choice(([], line[column:] * 2, [""] * 5000))
    elif how == 3:
        lines.append(list(line))
    else:
        for each in lines:
            del each[column : column + 1]
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\n").writerows(lines)
    return text.getvalue().encode("utf-8", "replace")


def member(raw: bytes, draw: random.Random) -> bytes:
    """Damage one file inside a workbook, or make it endless."""
    book, made = zipfile.ZipFile(io.BytesIO(raw)), io.BytesIO()
    chosen = draw.choice(book.namelist())
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in book.namelist():
            part = book.read(name)
            if name == chosen and part:
                how = draw.randrange(6)
                part = BYTES[draw.choice(list(BYTES))](part, draw) if how < 3 else part
                part = (
                    part.replace(b'"A2"', b'"XFD1048576"').replace(b"A4:B4", b"A4:XFD1048576")
                    if how == 3
                    else part
                )
                part = part + b" " * 300_000_000 if how == 4 and draw.random() < 0.1 else part
                part = b"" if how == 5 else part
            new.writestr(name, part)
    return made.getvalue()


def _loop(path: Path) -> None:
    path.symlink_to(path.name)


PLACES: dict[str, Callable[[Path], None]] = {
    "missing": lambda path: None,
    "folder": lambda path: path.mkdir(),
    "pipe": lambda path: os.mkfifo(path),
    "endless": lambda path: path.symlink_to("/dev/zero"),
    "loop": _loop,
    "dangling": lambda path: path.symlink_to("borte"),
    "nothing": lambda path: path.symlink_to("/dev/null"),
    "process": lambda path: path.symlink_to("/proc/self/mem"),
}


def ways(suffix: str) -> list[str]:
    """Return the ways to damage a file of a kind."""
    own = list(NODES) * 4 if suffix in (".yml", ".ipynb") else ["cell"] * 8 if suffix == ".csv" else []
    return [*BYTES, *own, *(["member"] * 8 if suffix == ".xlsx" else []), "place"]


def damage(path: Path, how: str, draw: random.Random) -> str:
    """Damage a file in a way; return what was done."""
    raw = path.read_bytes()
    if how == "place":
        name = draw.choice(list(PLACES))
        path.unlink()
        PLACES[name](path)
        return name
    if how in NODES:
        path.write_bytes(node(raw, path.suffix, how, draw))
    elif how == "cell":
        path.write_bytes(cell(raw, draw))
    elif how == "member":
        path.write_bytes(member(raw, draw))
    else:
        path.write_bytes(BYTES[how](raw, draw) if raw else raw)
    return how

"""FHI's open statistics: one POST a table, answered in json-stat2 with flags among the numbers.

https://github.com/folkehelseinstituttet/Fhi.Statistikk.OpenAPI. Its filter «top» takes the *oldest* periods,
where Statistics Norway's takes the newest; only codes and patterns are asked for here.
"""

from __future__ import annotations

from collections.abc import Sequence

from analysis_lib.errors import DataFeil
from registers.sources.catalogue import SourceSpec
from registers.sources.http import Answer, Client
from registers.sources.jsonstat import Cube, join, read, split

BASE = "https://statistikk-data.fhi.no/api/open/v1"
MOST_ROWS = 50_000


def fetch(source: SourceSpec, client: Client, base: str = BASE) -> list[Answer]:
    """Return the answers that together are what a source asks for; ``table`` is ``nokkel/338``.

    Raises
    ------
    NettFeil
        If the interface does not answer.
    DataFeil
        If it refuses the query.
    """
    bank, _, table = source.table.partition("/")
    if not table:
        raise DataFeil(f"«{source.table}» er ikke bank og tabell, som nokkel/338", where=source.id)
    address = f"{base}/{bank}/Table/{table}/data"
    answers = []
    for part in split(source.query, MOST_ROWS):
        asked = [
            {"code": name, "filter": "all" if any("*" in one for one in codes) else "item", "values": codes}
            for name, codes in part.items()
        ]
        body = {"dimensions": asked, "response": {"format": "json-stat2", "maxRowCount": MOST_ROWS}}
        answers.append(client.ask(source.id, address, body=body))
    return answers


def parse(answers: Sequence[Answer], source: SourceSpec, where: str) -> Cube:
    """Return the table that some answers together are.

    Raises
    ------
    DataFeil
        As `jsonstat.read` and `jsonstat.join`; and if an answer is as long as an answer may be, since nobody
        tells that the rest is missing.
    """
    cube = join([read(one.json(where), where, source.marks) for one in answers], where)
    if len(answers) == 1 and cube.values.size >= MOST_ROWS:
        hint = "Nevn kodene i «query» i stedet for *, så deles spørringen."
        raise DataFeil(f"svaret har {cube.values.size} rader, og kan være kuttet", where=where, hint=hint)
    return cube

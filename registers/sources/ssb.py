"""Statistics Norway's tables: PxWebApi v2, and v1 where v2 does not answer.

https://www.ssb.no/api/pxwebapi. Codes are looked up in the table's own metadata first, so that a query can be
split where it asks for more cells than one answer may have, and no code is asked for twice (which gives a 500
with an empty body).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from analysis_lib.errors import DataFeil, NettFeil, nearest
from registers.sources.catalogue import SourceSpec, resolve
from registers.sources.http import LONGEST_ADDRESS, Answer, Client
from registers.sources.jsonstat import Cube, join, read, split

V2, V1 = "https://data.ssb.no/api/pxwebapi/v2", "https://data.ssb.no/api/v0/no"
MOST_CELLS = 800_000


def fetch(source: SourceSpec, client: Client, bases: tuple[str, str] = (V2, V1)) -> list[Answer]:
    """Return the answers that together are what a source asks for.

    Raises
    ------
    NettFeil
        If neither version answers.
    DataFeil
        If the table has no such dimension or code, or the query is refused.
    """
    try:
        return _fetch_v2(source, client, bases[0])
    except NettFeil as first:
        try:
            return _fetch_v1(source, client, bases[1])
        except NettFeil as second:
            raise NettFeil(
                f"{first.message}; versjon 1: {second.message}", where=source.id, hint=first.hint
            ) from None


def parse(answers: Sequence[Answer], source: SourceSpec, where: str) -> Cube:
    """Return the table that some answers together are.

    Raises
    ------
    DataFeil
        As `jsonstat.read` and `jsonstat.join`.
    """
    return join([read(one.json(where), where, source.marks) for one in answers], where)


def selected(source: SourceSpec, dimensions: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Return the codes of each dimension that a source names, as the table has them."""
    for name in source.query:
        if name not in dimensions:
            hint = nearest(name, dimensions)
            raise DataFeil(f"tabell {source.table} har ikke «{name}»", where=source.id, hint=hint)
    return {
        name: resolve(source.query[name], codes, f"{source.id}, {name}")
        for name, codes in dimensions.items()
        if name in source.query
    }


def _fetch_v2(source: SourceSpec, client: Client, base: str) -> list[Answer]:
    table = f"{base}/tables/{source.table}"
    raw = client.ask(source.id, f"{table}/metadata", params={"lang": "no"}).json(source.id)
    wanted = selected(source, _codes(raw, source.id))
    common = {"lang": "no", "outputFormat": "json-stat2"}
    answers = []
    for part in split(wanted, MOST_CELLS):
        params = common | {f"valueCodes[{name}]": ",".join(codes) for name, codes in part.items()}
        # A comma in a code, or an address that is too long, needs a body.
        plain = not any("," in code for codes in part.values() for code in codes)
        if plain and len(f"{table}/data?{urlencode(params)}") <= LONGEST_ADDRESS:
            answers.append(client.ask(source.id, f"{table}/data", params=params))
        else:
            body = {"selection": [{"variableCode": name, "valueCodes": part[name]} for name in part]}
            answers.append(client.ask(source.id, f"{table}/data", params=common, body=body))
    return answers


def _codes(raw: Any, where: str) -> dict[str, Sequence[str]]:
    """Return a table's codes by dimension, from its metadata in json-stat2."""
    try:
        return {name: [*raw["dimension"][name]["category"]["index"]] for name in raw["id"]}
    except (KeyError, TypeError):
        raise DataFeil("metadataene er ikke json-stat2", where=where) from None


def _fetch_v1(source: SourceSpec, client: Client, base: str) -> list[Answer]:
    table = f"{base}/table/{source.table}"
    raw = client.ask(source.id, table).json(source.id)
    try:
        dimensions = {one["code"]: one["values"] for one in raw["variables"]}
    except (KeyError, TypeError):
        raise DataFeil("metadataene er ikke PxWebs", where=source.id) from None
    answers = []
    for part in split(selected(source, dimensions), MOST_CELLS):
        query = [
            {"code": name, "selection": {"filter": "item", "values": codes}} for name, codes in part.items()
        ]
        body = {"query": query, "response": {"format": "json-stat2"}}
        answers.append(client.ask(source.id, table, body=body))
    return answers

"""A server on this machine that answers as Statistics Norway, Klass and FHI do, their errors included."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import product
from math import prod
from typing import Any
from urllib.parse import parse_qs, urlsplit

BOM = b"\xef\xbb\xbf"
LONGEST_ADDRESS = 2100

Sides = Mapping[str, Sequence[str]]
Value = Callable[[Mapping[str, str]], float | str | None]


def dataset(
    sides: Sides,
    value: Value,
    *,
    updated: str = "2026-03-16T07:00:00Z",
    labels: Mapping[str, str] | None = None,
    decimals: int = 0,
    **more: Any,
) -> dict[str, Any]:
    """Return json-stat2 as PxWeb writes it: what `value` gives is a number, or the mark that stands there."""
    cells = [value(dict(zip(sides, codes, strict=True))) for codes in product(*sides.values())]
    named = labels or {}
    dimension = {
        name: {
            "label": name,
            "category": {
                "index": {code: at for at, code in enumerate(codes)},
                "label": {code: named.get(code, code) for code in codes},
            },
        }
        for name, codes in sides.items()
    }
    for code in sides.get("ContentsCode", ()):
        unit = dimension["ContentsCode"]["category"].setdefault("unit", {})
        unit[code] = {"base": "antall", "decimals": decimals}
    return {
        "class": "dataset",
        "version": "2.0",
        "label": "en tabell",
        "source": "Statistisk sentralbyrå",
        "updated": updated,
        "id": [*sides],
        "size": [len(codes) for codes in sides.values()],
        "dimension": dimension,
        "value": [None if isinstance(one, str) else one for one in cells],
        "status": {str(at): one for at, one in enumerate(cells) if isinstance(one, str)},
        **more,
    }


@dataclass
class Reply:
    """What the server answers; `length` may lie, and `wait` lets the one who asks wait for ever."""

    code: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    kind: str = "application/json"
    length: int | None = None
    wait: bool = False


def reply(raw: Any, **more: Any) -> Reply:
    return Reply(body=json.dumps(raw, ensure_ascii=False).encode(), **more)


def error(code: int, title: str, **headers: str) -> Reply:
    body = json.dumps({"type": "Parameter error", "title": title, "status": code}).encode()
    return Reply(code, body, {name.replace("_", "-"): text for name, text in headers.items()})


@dataclass
class Asked:
    method: str
    path: str
    params: dict[str, str]
    body: Any


class Agency:
    """Answers by path; `next` are answered before anything else, in order, whatever is asked."""

    def __init__(self) -> None:
        self.base = ""
        self.asked: list[Asked] = []
        self.next: list[Reply] = []
        self.paths: dict[str, Callable[[Asked], Reply]] = {}
        self.over = threading.Event()

    def answer(self, asked: Asked, address: str) -> Reply:
        self.asked.append(asked)
        if self.next:
            return self.next.pop(0)
        if len(address) > LONGEST_ADDRESS:
            return Reply(404)
        known = self.paths.get(asked.path)
        return known(asked) if known else error(404, "Not Found")

    def table(
        self, number: str, sides: Sides, value: Value, *, most: int = 800_000, v2: bool = True, **more: Any
    ) -> None:
        """Serve a table through both versions of PxWeb's interface."""

        def data(wanted: Sides) -> Reply:
            if any(len(set(codes)) < len(codes) for codes in wanted.values()):
                return Reply(500)
            if missing := [name for name in sides if name not in wanted]:
                return error(400, f"Missing selection for mandantory variable {missing[0]}")
            chosen = {
                name: [code for code in codes if any(fnmatchcase(code, one) for one in wanted[name])]
                for name, codes in sides.items()
            }
            if prod(map(len, chosen.values())) > most:
                return error(400, "Too many cells selected")
            return reply(dataset(chosen, value, **more))

        def data_v2(asked: Asked) -> Reply:
            if asked.method == "POST":
                picked = {one["variableCode"]: one["valueCodes"] for one in asked.body["selection"]}
            else:
                named = {name: text for name, text in asked.params.items() if name.startswith("valueCodes[")}
                picked = {name[11:-1]: text.split(",") for name, text in named.items()}
            return data(picked)

        def v1(asked: Asked) -> Reply:
            if asked.method == "GET":
                return reply(
                    {"title": "", "variables": [{"code": n, "values": [*c]} for n, c in sides.items()]}
                )
            return data({one["code"]: one["selection"]["values"] for one in asked.body["query"]})

        if v2:
            self.paths[f"/v2/tables/{number}/metadata"] = lambda _: reply(
                {**dataset(sides, lambda _: None, **more), "value": None}
            )
            self.paths[f"/v2/tables/{number}/data"] = data_v2
        self.paths[f"/v1/table/{number}"] = v1


def handler(agency: Agency) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.respond()

        def do_POST(self) -> None:
            self.respond()

        def respond(self) -> None:
            parts = urlsplit(self.path)
            sent = self.rfile.read(int(self.headers.get("content-length") or 0))
            params = {name: values[0] for name, values in parse_qs(parts.query).items()}
            asked = Asked(self.command, parts.path, params, json.loads(sent) if sent else None)
            answer = agency.answer(asked, f"http://{self.headers['host']}{self.path}")
            if answer.wait:
                agency.over.wait(10)
                return
            self.send_response(answer.code)
            self.send_header("Content-Type", answer.kind)
            self.send_header(
                "Content-Length", str(len(answer.body) if answer.length is None else answer.length)
            )
            for name, text in answer.headers.items():
                self.send_header(name, text)
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


@contextmanager
def serving() -> Iterator[Agency]:
    agency = Agency()
    with ThreadingHTTPServer(("127.0.0.1", 0), handler(agency)) as server:
        server.daemon_threads = True
        agency.base = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield agency
        finally:
            agency.over.set()
            server.shutdown()
            thread.join()

"""The preview: for this machine only, by its own name, of its own folder, undisturbed by odd requests."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from analysis_lib.errors import OpptattFeil
from publishing.preview import serve


class Preview:
    """A served folder, asked in raw bytes."""

    def __init__(self, folder: Path) -> None:
        self.server = serve(folder, 0, lambda: 7)
        self.address, self.port = self.server.server_address[:2]

    def ask(self, request: bytes) -> bytes:
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as connection:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            parts = []
            try:
                while part := connection.recv(65536):
                    parts.append(part)
            except ConnectionResetError:  # closed before all was read
                pass
            return b"".join(parts)

    def get(self, path: str, host: str = "", method: str = "GET") -> tuple[int, str]:
        host = host or f"127.0.0.1:{self.port}"
        answer = self.ask(f"{method} {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        return int(answer.split()[1]), answer.decode()


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[Preview]:
    folder = tmp_path / "bygd"
    (folder / "html" / "under").mkdir(parents=True)
    (tmp_path / "hemmelig.txt").write_text("hemmelig", encoding="utf-8")
    (folder / "html" / "index.html").write_text("<body>Hei</body>", encoding="utf-8")
    (folder / "html" / "blåbær 1.csv").write_text("a", encoding="utf-8")
    (folder / "ut.txt").symlink_to(tmp_path / "hemmelig.txt")
    (folder / "opp").symlink_to(tmp_path)
    (folder / "ring").symlink_to(folder / "ring")
    os.mkfifo(folder / "rør")
    asked = Preview(folder)
    yield asked
    asked.server.shutdown()
    asked.server.server_close()


def test_a_page_is_shown_and_reloads(preview: Preview) -> None:
    assert preview.address == "127.0.0.1"
    code, page = preview.get("/html/index.html?a=1")
    assert (code, "Hei" in page, '<script src="/__oppdater.js">' in page) == (200, True, True)
    assert "location.reload" in preview.get("/__oppdater.js")[1]
    assert "rapportversjon = 7" in preview.get("/__versjon?123")[1]
    assert preview.get("/")[0] == 302
    assert preview.get(f"/html/{quote('blåbær 1.csv')}", f"LOCALHOST:{preview.port}")[0] == 200


@pytest.mark.parametrize(
    "host", ["ond.no", "127.0.0.1", "localhost:1", "127.0.0.1.ond.no:{port}", "[::1]:{port}"]
)
def test_only_its_own_name_is_answered(preview: Preview, host: str) -> None:
    code, page = preview.get("/html/index.html", host.format(port=preview.port))
    assert (code, "Hei" in page) == (421, False)


def test_a_request_without_a_name_or_with_two_is_not_answered(preview: Preview) -> None:
    own = f"Host: 127.0.0.1:{preview.port}\r\n"
    for head in ("", f"{own}Host: ond.no\r\n", own * 2):
        answer = preview.ask(f"GET /html/index.html HTTP/1.1\r\n{head}\r\n".encode())
        assert b" 421 " in answer.split(b"\r\n")[0]


@pytest.mark.parametrize(
    "path",
    [
        "/../hemmelig.txt", "/html/../../hemmelig.txt", "/%2e%2e/hemmelig.txt", "/..%2fhemmelig.txt",
        "/%252e%252e/hemmelig.txt", "/..\\hemmelig.txt", "/%5c..%5chemmelig.txt", "//../hemmelig.txt",
        "/ut.txt", "/opp/hemmelig.txt", "/ring", "/r%C3%B8r", "/html", "/html/", "/html/under/",
        "/html/index.html%00.txt", "/%00", "/%ff%fe", "/%", "hemmelig.txt", "*",
        "http://ond.no/html/index.html", "/" + "a" * 5000, "/" + "a/" * 5000,
    ],
)  # fmt: skip
def test_nothing_outside_the_folder_is_served(preview: Preview, path: str) -> None:
    code, page = preview.get(path)
    assert (code, "hemmelig" in page) == (404, False)


@pytest.mark.parametrize("method", ["HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT"])
def test_only_reading_is_answered(preview: Preview, method: str) -> None:
    assert preview.get("/html/index.html", method=method)[0] == 405


def test_odd_requests_leave_no_trace_and_the_next_is_answered(
    preview: Preview, capfd: pytest.CaptureFixture[str]
) -> None:
    name = f"Host: 127.0.0.1:{preview.port}\r\n".encode()
    big = preview.server.folder / "stor.bin"  # type: ignore[attr-defined]
    big.write_bytes(b"0" * 20_000_000)
    for request in (
        b"", b"\r\n", b"GET", b"GET /", b"\x16\x03\x01\x02\x00", b"GET / HTTP/9.9\r\n\r\n",
        b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n" + name + b"\r\n",
        b"GET / HTTP/1.1\r\n" + b"X: " + b"y" * 70_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"".join(b"X%d: y\r\n" % i for i in range(200)) + b"\r\n",
        b"GET / HTTP/1.1\r\nHost\r\n: x\r\n\r\n", b"POST / HTTP/1.1\r\nContent-Length: 9999999\r\n\r\n",
        b"GET /html/index.html HTTP/1.1\r\n" + name,
    ):  # fmt: skip
        preview.ask(request)
    with socket.create_connection(("127.0.0.1", preview.port)) as gone:
        gone.sendall(b"GET /stor.bin HTTP/1.1\r\n" + name + b"\r\n")
        gone.recv(10)
    assert preview.get("/html/index.html")[0] == 200
    assert "Traceback" not in "".join(capfd.readouterr())


def test_a_port_that_is_taken_is_said(preview: Preview, tmp_path: Path) -> None:
    with pytest.raises(OpptattFeil, match=f"port {preview.port} kan ikke brukes.*--port"):
        serve(tmp_path, preview.port, lambda: 0)
    with pytest.raises(OpptattFeil, match="port 99999"):
        serve(tmp_path, 99999, lambda: 0)

"""Preview: build on every save, and show the page in a browser on this machine only."""

from __future__ import annotations

import mimetypes
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

from analysis_lib.errors import OpptattFeil
from publishing.run.plan import HOUSES

WATCHED = ("notebooks", "data", "params", "reports", *HOUSES)
FRONT = "/html/index.html"
_VERSION = "/__versjon"
# By script alone, which is what the page's security policy allows from its own host.
_RELOAD = b"""let seen;
const ask = () => {
  const script = document.createElement("script");
  script.src = "/__versjon?" + Date.now();
  script.onload = script.onerror = () => {
    script.remove();
    if (seen && window.rapportversjon !== seen) location.reload();
    seen = window.rapportversjon;
    setTimeout(ask, 700);
  };
  document.head.append(script);
};
ask();
"""
_RELOADING = b'<script src="/__oppdater.js"></script></body>'


def fingerprint(root: Path) -> int:
    """Return a number that changes when a watched file does."""
    stats = []
    for part in WATCHED:
        for path in (root / part).rglob("*"):
            hidden = {"_build", "__pycache__", ".ipynb_checkpoints"} & set(path.parts)
            if not hidden and path.is_file():
                stats.append((str(path), path.stat().st_mtime_ns))
    return hash(tuple(sorted(stats)))


def served(folder: Path, target: str) -> Path | None:
    """Return the file that a request asks for; None if it is no file, or lies outside the folder.

    Parameters
    ----------
    folder : Path
        All that is served; links that lead out of it are not followed.
    target : str
        The path of the request, as it was sent.
    """
    try:
        name = unquote(target.partition("?")[0].partition("#")[0], errors="strict")
        if not name.startswith("/") or "\\" in name or ".." in name.split("/"):
            return None
        found = (folder / name.lstrip("/")).resolve()
        return found if found.is_file() and found.is_relative_to(folder.resolve()) else None
    except (OSError, ValueError, RuntimeError):  # a name too long, a null in it, links in a circle
        return None


class _Server(ThreadingHTTPServer):
    """Serves one folder under its own names."""

    def __init__(self, folder: Path, port: int, version: Callable[[], int]) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.folder, self.version = folder, version
        self.names = {f"{name}:{self.server_address[1]}" for name in ("127.0.0.1", "localhost")}

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a browser that has gone away."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    """Serves the report, with a script in every page that reloads it after a build."""

    server: _Server
    timeout = 10

    def do_GET(self) -> None:
        # Another name for this machine is another site's, which would read the report through the browser.
        hosts = [host.lower() for host in self.headers.get_all("Host", [])]
        if len(hosts) != 1 or hosts[0] not in self.server.names:
            self.send_error(421)
        elif self.path.partition("?")[0] == _VERSION:
            self._send(f"window.rapportversjon = {self.server.version()};".encode(), "text/javascript")
        elif self.path == "/__oppdater.js":
            self._send(_RELOAD, "text/javascript")
        elif self.path == "/":
            self.send_response(302)
            self.send_header("Location", FRONT)
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif (path := served(self.server.folder, self.path)) is None:
            self.send_error(404)
        else:
            self._file(path)

    def _file(self, path: Path) -> None:
        try:
            body = path.read_bytes()
        except OSError:  # exchanged by a build since it was found
            self.send_error(404)
            return
        if path.suffix == ".html":
            self._send(body.replace(b"</body>", _RELOADING), "text/html; charset=utf-8")
        else:
            self._send(body, mimetypes.guess_type(path.name)[0] or "application/octet-stream")

    def _refuse(self) -> None:
        self.send_error(405)

    do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_TRACE = do_CONNECT = _refuse  # noqa: N815

    def _send(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        """Say nothing of each request."""


def serve(folder: Path, port: int, version: Callable[[], int]) -> ThreadingHTTPServer:
    """Start serving a folder on the loopback address; port 0 takes a free one.

    Raises
    ------
    OpptattFeil
        If the port is taken, or cannot be had.
    """
    try:
        server = _Server(folder, port, version)
    except (OSError, OverflowError) as error:
        why = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
        raise OpptattFeil(
            f"port {port} kan ikke brukes: {why}", hint="Velg en annen med --port; 0 tar en ledig."
        ) from error
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def _run(command: list[str], root: Path) -> int:
    """Build; when this ends, the build is told to end too, and is given the time to do it in order."""
    with subprocess.Popen(command, cwd=root, start_new_session=True) as process:
        try:
            return process.wait()
        except BaseException:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=2)
            process.kill()
            raise


def preview(
    root: Path, arguments: list[str], folder: Path, *, port: int, say: Callable[[str], None], page: str = ""
) -> None:
    """Build, serve, and build again whenever something watched is saved; until interrupted.

    Parameters
    ----------
    arguments : list of str
        Of ``rapport build``, run in a process of its own so that library changes are seen.
    folder : Path
        The built report.

    Raises
    ------
    OpptattFeil
        If the port is taken, before anything is built.
    """
    builds: list[float] = []
    server = serve(folder, port, lambda: len(builds))
    told = False
    seen = None
    while True:
        now = fingerprint(root)
        if now != seen:
            seen = now
            command = [sys.executable, "-m", "publishing.cli", "build", *arguments]
            if _run(command, root) == 0:
                builds.append(time.time())
            if not told and folder.exists():
                told = True
                address = f"http://127.0.0.1:{server.server_address[1]}/html/{page or 'index'}.html"
                say(f"{address} (Ctrl+C avslutter)")
        time.sleep(0.5)

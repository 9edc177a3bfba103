"""Preview: build on every save, and show the page in a browser on this machine only."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import threading
import time
from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from publishing.run.plan import HOUSES

WATCHED = ("notebooks", "data", "params", "reports", *HOUSES)
_SCRIPT = b"""
(async () => { let seen; for (;;) { try {
  const now = await (await fetch('/__versjon', {cache: 'no-store'})).text();
  if (seen && now !== seen) location.reload(); seen = now;
} catch {} await new Promise(r => setTimeout(r, 700)); } })();
"""
_RELOAD = b"<script>" + _SCRIPT + b"</script></body>"
# What the page's own policy must let in besides.
_POLICY, _HASH = b"default-src 'none'; script-src", b64encode(hashlib.sha256(_SCRIPT).digest())
_OWN_POLICY = b"default-src 'none'; connect-src 'self'; script-src 'sha256-" + _HASH + b"'"


def fingerprint(root: Path) -> int:
    """Return a number that changes when a watched file does."""
    stats = []
    for part in WATCHED:
        for path in (root / part).rglob("*"):
            hidden = {"_build", "__pycache__", ".ipynb_checkpoints"} & set(path.parts)
            if not hidden and path.is_file():
                stats.append((str(path), path.stat().st_mtime_ns))
    return hash(tuple(sorted(stats)))


class _Handler(SimpleHTTPRequestHandler):
    """Serves the report, with a script in every page that reloads it after a build."""

    version: Callable[[], int]

    def do_GET(self) -> None:
        if self.path == "/__versjon":
            self._send(str(type(self).version()).encode(), "text/plain")
        elif self.path.split("?")[0].endswith((".html", "/")):
            path = Path(self.translate_path(self.path))
            path = path / "html" / "index.html" if path.is_dir() else path
            if path.is_file():
                page = path.read_bytes().replace(_POLICY, _OWN_POLICY, 1)
                self._send(page.replace(b"</body>", _RELOAD), "text/html; charset=utf-8")
            else:
                self.send_error(404)
        else:
            super().do_GET()

    def _send(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        """Say nothing of each request."""


def serve(folder: Path, port: int, version: Callable[[], int]) -> ThreadingHTTPServer:
    """Start serving a folder on the loopback address; port 0 takes a free one."""
    handler = type("Handler", (_Handler,), {"version": staticmethod(version)})
    server = ThreadingHTTPServer(("127.0.0.1", port), partial(handler, directory=str(folder)))
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
    """
    builds: list[float] = []
    server = None
    seen = None
    while True:
        now = fingerprint(root)
        if now != seen:
            seen = now
            command = [sys.executable, "-m", "publishing.cli", "build", *arguments]
            if _run(command, root) == 0:
                builds.append(time.time())
            if server is None and folder.exists():
                server = serve(folder, port, lambda: len(builds))
                address = f"http://127.0.0.1:{server.server_address[1]}/html/{page or 'index'}.html"
                say(f"{address} (Ctrl+C avslutter)")
        time.sleep(0.5)

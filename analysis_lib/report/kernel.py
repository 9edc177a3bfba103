"""The kernel that runs a chapter: it talks over local sockets in a private folder, not over TCP."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from jupyter_client.manager import AsyncKernelManager


class LocalKernelManager(AsyncKernelManager):
    """A kernel manager without open TCP ports, where the system has local sockets.

    The sockets lie in a folder of the kernel's own: jupyter_client's default names are the same for
    two kernels started side by side.
    """

    def __init__(self, **options: Any) -> None:
        if sys.platform == "win32":
            super().__init__(**options)
            return
        self._sockets = tempfile.TemporaryDirectory(prefix="rapport-")
        super().__init__(transport="ipc", ip=str(Path(self._sockets.name) / "kjerne"), **options)

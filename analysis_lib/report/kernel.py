"""The kernel that runs a chapter: it talks over local sockets in a private folder, not over TCP."""

from __future__ import annotations

import sys

from jupyter_client.manager import AsyncKernelManager


class LocalKernelManager(AsyncKernelManager):
    """A kernel manager without open TCP ports, where the system has local sockets."""

    def __init__(self, **options: object) -> None:
        super().__init__(**options)
        if sys.platform != "win32":
            self.transport = "ipc"

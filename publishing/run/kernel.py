"""The kernel that runs a chapter: it records what it reads, and talks over local sockets, not over TCP."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from jupyter_client.manager import AsyncKernelManager

# What a system lets a socket's path be, less the number of each port.
LONGEST = 100


class ChapterKernel(AsyncKernelManager):
    """A kernel manager that starts `recorder`, without open TCP ports where the system has local sockets.

    The sockets lie in a folder of the kernel's own: jupyter_client's default names are the same for
    two kernels started side by side.
    """

    def __init__(self, **options: Any) -> None:
        self._sockets = tempfile.TemporaryDirectory(prefix="k-")
        place = str(Path(self._sockets.name) / "k")
        if sys.platform == "win32" or len(os.fsencode(place)) > LONGEST:
            super().__init__(**options)
        else:
            super().__init__(transport="ipc", ip=place, **options)

    async def _async_launch_kernel(self, kernel_cmd: list[str], **options: Any) -> None:
        # What libraries say to a terminal is noise there; what cells write comes as messages.
        with Path(self._sockets.name, "stderr").open("wb") as said:
            await super()._async_launch_kernel(kernel_cmd, stderr=said, **options)

    def format_kernel_cmd(self, extra_arguments: list[str] | None = None) -> list[str]:
        """Return the command of the kernel, with the recorder before ipykernel's own launcher."""
        command = super().format_kernel_cmd(extra_arguments)
        return ["publishing.run.recorder" if part == "ipykernel_launcher" else part for part in command]

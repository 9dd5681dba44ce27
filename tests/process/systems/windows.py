"""Run by Python at its start, as ``sitecustomize``: takes away what Windows has not."""

import os
import signal
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from types import ModuleType

MODULES = {"fcntl", "termios", "resource", "pwd", "grp", "tty", "pty", "syslog"}
SIGNALS = "SIGHUP SIGQUIT SIGUSR1 SIGUSR2 SIGTSTP SIGCONT SIGSTOP SIGTTIN SIGTTOU SIGKILL SIGPIPE"
OF_OS = "getuid geteuid O_NOFOLLOW O_DIRECTORY O_NONBLOCK O_CLOEXEC O_NOCTTY fchmod ttyname fork"


class NotThere(MetaPathFinder):
    """Finds none of them, and leaves all others to those who come after."""

    def find_spec(
        self, name: str, _path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> None:
        if name in MODULES:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


for module in MODULES:
    sys.modules.pop(module, None)
sys.meta_path.insert(0, NotThere())
for signal_name in SIGNALS.split():
    delattr(signal, signal_name)
for os_name in OF_OS.split():
    delattr(os, os_name)
sys.platform = "win32"

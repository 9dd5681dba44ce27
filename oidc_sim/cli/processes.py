"""Which process wrote something down, and whether that very process still lives.

A number alone does not say: the system gives it to another process when the first has ended. So where
the system tells when a process began, that is written down too.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Self

PROC = Path("/proc")
"""Linux's; where it is missing, as on macOS, a process is known by its number alone."""
_TICK = 19
"""Field 22 of ``/proc/PID/stat`` (proc(5)), counted from behind the name, which may contain blanks."""
_DEAD_STATES = (b"Z", b"X")
_ENDED = "ended"
_BOOT_CHARACTERS = 8


@dataclass(frozen=True, slots=True)
class Process:
    """A process of this user's."""

    pid: int
    began: str | None = None
    """Unlike that of any other process with this number; None where the system does not tell."""

    @classmethod
    def of(cls, pid: int) -> Self:
        """What is known of a process that lives now."""
        return cls(pid, _began(pid))

    @property
    def lives(self) -> bool:
        """Whether it is there still, and is this user's."""
        if self.pid <= 0:
            return False  # to the system, a whole group of processes
        try:
            os.kill(self.pid, 0)
        except (OSError, OverflowError):
            return False
        now = _began(self.pid)
        return now != _ENDED and (None in {self.began, now} or now == self.began)


def _began(pid: int) -> str | None:
    """Boot and tick at which the process began; ``_ENDED`` where only its exit code is left."""
    try:
        fields = (PROC / str(pid) / "stat").read_bytes().rpartition(b")")[2].split()
        boot = (PROC / "sys/kernel/random/boot_id").read_text("ascii")[:_BOOT_CHARACTERS]
        return _ENDED if fields[0] in _DEAD_STATES else f"{boot}-{int(fields[_TICK])}"
    except (OSError, ValueError, IndexError):
        return None

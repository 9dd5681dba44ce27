"""The signals that end a process, so that it can end cleanly: files gone, journal whole, terminal as it was.

Not among them are SIGKILL, which nobody can catch, and the faults of the interpreter itself (SEGV, BUS,
FPE, ILL): Python cannot go on after one, and a handler in Python would be called again and again. After
these the terminal stays as the screen had it; ``reset`` mends it.
"""

import asyncio
import signal
import sys
from collections.abc import Callable, Collection
from contextlib import suppress

_HARMLESS = "CHLD CLD CONT TSTP TTIN TTOU URG WINCH PIPE INFO"
"""These end nothing by themselves, have a meaning of their own, or Python ignores them."""
_NOT_CAUGHT = "KILL STOP SEGV BUS FPE ILL"


def _numbers(names: str) -> set[int]:
    """Those that this system has."""
    found = (getattr(signal, f"SIG{name}", None) for name in names.split())
    return {int(it) for it in found if it is not None}


def _ending() -> tuple[int, ...]:
    others = _numbers(_HARMLESS) | _numbers(_NOT_CAUGHT)
    if sys.platform == "darwin":
        others |= _numbers("IO")  # ignored there, as in all BSDs
    return tuple(sorted(map(int, signal.valid_signals() - others)))


ENDING = _ending()
"""Numbers of all signals that end a process unless it does something about them, and that can be caught."""


def on_ending_signals(act: Callable[[int], object], always: Collection[int] = ()) -> None:
    """Have the running loop call ``act`` with the number of each such signal.

    A signal that is ignored stays so (``nohup``, a shell's background), unless it is to be caught
    always; so does one that something else in this process has taken.
    """
    loop = asyncio.get_running_loop()
    for number in ENDING:
        if number in always or _is_free(number):
            # Some C libraries keep a real-time signal for themselves.
            with suppress(OSError, RuntimeError, ValueError):
                loop.add_signal_handler(number, act, number)


def _is_free(number: int) -> bool:
    handler = signal.getsignal(number)
    handler = getattr(handler, "func", handler)  # asyncio's own for SIGINT is partial
    is_loops = getattr(handler, "__module__", "").startswith("asyncio.")
    return is_loops or handler in (signal.SIG_DFL, signal.default_int_handler)

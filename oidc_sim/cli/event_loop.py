"""An event loop whose turns stay short however many clients ask at once.

A key press takes about eight turns of the loop to become a picture: each message from one widget to
the next is one. asyncio serves every socket that is ready in one turn, so with 64 busy clients a turn
took 2.3 ms and a key 37; eight sockets a turn make it 13, for 4 % fewer polls a second.

By hand, since asyncio has no such setting. The selector has a second descriptor of its epoll, and its own table
of sockets, because those of ``EpollSelector`` are private.

The loop also catches the signals that end a process, so that it ends cleanly: files gone, journal whole,
terminal as it was.
"""

import asyncio
import math
import os
import select
import selectors
import signal
import sys
from collections.abc import Callable, Collection
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed import FileDescriptorLike

SOCKETS_A_TURN = 8
"""Where keys are pressed."""
MOST_SOCKETS_A_TURN = 64
"""Where no keys are pressed: when ten thousand clients asked at once, a turn took a third of a second."""


if hasattr(selectors, "EpollSelector"):

    class ShortTurns(selectors.EpollSelector):
        """Reports a few ready sockets at a time. The kernel puts the reported ones behind the others."""

        def __init__(self, sockets_a_turn: int = SOCKETS_A_TURN) -> None:
            super().__init__()
            self._sockets_a_turn = sockets_a_turn
            self._polled = select.epoll.fromfd(os.dup(self.fileno()))
            self._keys: dict[int, selectors.SelectorKey] = {}

        def register(
            self, fileobj: "FileDescriptorLike", events: int, data: Any = None
        ) -> selectors.SelectorKey:
            """Watch a socket."""
            key = super().register(fileobj, events, data)
            self._keys[key.fd] = key
            return key

        def modify(
            self, fileobj: "FileDescriptorLike", events: int, data: Any = None
        ) -> selectors.SelectorKey:
            """Watch a socket for other events."""
            key = super().modify(fileobj, events, data)
            self._keys[key.fd] = key
            return key

        def unregister(self, fileobj: "FileDescriptorLike") -> selectors.SelectorKey:
            """Watch a socket no more."""
            key = super().unregister(fileobj)
            self._keys.pop(key.fd, None)
            return key

        def close(self) -> None:
            """Let go of both descriptors."""
            self._polled.close()
            super().close()

        def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
            """Wait as ``selectors.EpollSelector`` does, for ``timeout`` seconds at most."""
            try:
                found = self._polled.poll(_whole_ms(timeout), self._sockets_a_turn)
            except InterruptedError:
                return []
            ready = ((self._keys.get(fd), _events(flags)) for fd, flags in found)
            return [(key, events & key.events) for key, events in ready if key is not None]

    def new_loop(sockets_a_turn: int = SOCKETS_A_TURN) -> asyncio.AbstractEventLoop:
        """A loop with short turns."""
        return asyncio.SelectorEventLoop(ShortTurns(sockets_a_turn))

else:

    def new_loop(sockets_a_turn: int = SOCKETS_A_TURN) -> asyncio.AbstractEventLoop:  # noqa: ARG001
        """The usual loop: only Linux has epoll."""
        return asyncio.new_event_loop()


def _whole_ms(timeout: float | None) -> float:
    """Return epoll's timeout: -1 for ever, else seconds rounded up to milliseconds: no timer is early."""
    if timeout is None:
        return -1
    return math.ceil(max(0, timeout) * 1e3) * 1e-3


def _events(flags: int) -> int:
    """Translate epoll's flags; an error counts as readable and writable, so that a waiter notices."""
    readable = selectors.EVENT_READ if flags & ~select.EPOLLOUT else 0
    writable = selectors.EVENT_WRITE if flags & ~select.EPOLLIN else 0
    return readable | writable


_HARMLESS = "CHLD CLD CONT TSTP TTIN TTOU URG WINCH PIPE INFO"
"""These end nothing by themselves, have a meaning of their own, or Python ignores them."""
_NOT_CAUGHT = "KILL STOP SEGV BUS FPE ILL"
"""Nobody can catch the first two. The others are faults of the interpreter: Python cannot go on after one,
and a handler in Python would be called again and again. Then the terminal stays as the screen had it;
``reset`` mends it."""


def _numbers(names: str) -> set[int]:
    found = (getattr(signal, f"SIG{name}", None) for name in names.split())
    return {int(number) for number in found if number is not None}


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

"""An event loop whose turns stay short however many clients ask at once.

A key press takes about eight turns of the loop to become a picture: each message from one widget to
the next is one. asyncio serves every socket that is ready in one turn, so with 64 busy clients a turn
took 2.3 ms and a key 37; eight sockets a turn make it 13, for 4 % fewer polls a second.

By hand, since asyncio has no such setting. It reads two private attributes of ``EpollSelector``;
``tests/test_short_turns.py`` fails when they change.
"""

import asyncio
import math
import select
import selectors

SOCKETS_A_TURN = 8
"""Where keys are pressed."""
MOST_SOCKETS_A_TURN = 64
"""Without keys, too: when ten thousand clients ask at once, a turn took a third of a second."""


if hasattr(selectors, "EpollSelector"):

    class ShortTurns(selectors.EpollSelector):
        """Tells of a few ready sockets at a time. The kernel puts those that were told behind the others."""

        def __init__(self, sockets_a_turn: int = SOCKETS_A_TURN) -> None:
            super().__init__()
            self._sockets_a_turn = sockets_a_turn

        def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
            """Wait as ``selectors.EpollSelector`` does, for ``timeout`` seconds at most."""
            try:
                told = self._selector.poll(_whole_ms(timeout), self._sockets_a_turn)  # type: ignore[attr-defined]
            except InterruptedError:
                return []
            ready = ((self._fd_to_key.get(fd), _events(flags)) for fd, flags in told)  # type: ignore[attr-defined]
            return [(key, events & key.events) for key, events in ready if key is not None]

    def new_loop(sockets_a_turn: int = SOCKETS_A_TURN) -> asyncio.AbstractEventLoop:
        """A loop with short turns."""
        return asyncio.SelectorEventLoop(ShortTurns(sockets_a_turn))

else:

    def new_loop(sockets_a_turn: int = SOCKETS_A_TURN) -> asyncio.AbstractEventLoop:  # noqa: ARG001
        """The usual loop: only Linux has epoll."""
        return asyncio.new_event_loop()


def _whole_ms(timeout: float | None) -> float:
    """What epoll takes: -1 for ever, else milliseconds rounded up, so that no timer is early."""
    if timeout is None:
        return -1
    return math.ceil(max(0, timeout) * 1e3) * 1e-3


def _events(flags: int) -> int:
    """An error counts as both, so that whoever waits hears of it."""
    readable = selectors.EVENT_READ if flags & ~select.EPOLLOUT else 0
    writable = selectors.EVENT_WRITE if flags & ~select.EPOLLIN else 0
    return readable | writable

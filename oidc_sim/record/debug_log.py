"""The debug log: what goes wrong inside, and each request's way, in a file of the operator's own.

All of the program writes by way of Python's ``logging``, so what only the standard library may know, such
as the demo clients, writes here too. Without ``--debug-log`` nothing listens: nothing is formatted, no
request costs more, and what failed is one line for the person.

What strangers sent is cut as in evidence (``text.redact``), tracebacks' messages included; no value of a
local variable is written.
"""

import asyncio
import logging
import os
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from traceback import TracebackException

from oidc_sim.engine.events import Event
from oidc_sim.engine.waiting_events import (
    AllReleased,
    HeldDecided,
    HeldEnded,
    RequestHeld,
    RequestLookedAt,
)
from oidc_sim.files.private_file import open_to_append
from oidc_sim.record.exchange import Exchange
from oidc_sim.record.log import Log
from oidc_sim.text.printable import printable_lines
from oidc_sim.text.redact import as_sent, redact_text

LOGGER = logging.getLogger("oidc_sim")
LOGGER.addHandler(logging.NullHandler())  # else Python prints on the screen what nobody listens to
FIRST_LINE = b"oidc-sim debug log"
"""Begins each such file; another one is not written to."""
MOST_BYTES = 256 * 2**20
"""Written by one process; then the log ends, so that it fills no disk."""
LATE_S = 0.1
"""Lateness of the event loop that is worth a line: asyncio calls callbacks slow from there on, too."""
_SHOWN_CHARACTERS = 200
"""Characters of a failure's description on the screen, which may quote a client."""
_ARGUMENTS = re.compile(r"(?s)(<(?:Timer)?Handle [^(]*)\(.*\)")
_RESULT = re.compile(r"(?s) (result|exception)=.*(?= created at )")
"""In what asyncio says of a slow callback: shortened, and so not known for a secret any more."""
_INPUT = re.compile(r"(?s)input_value=.*?(?=, input_type=)")
"""The same in what pydantic says."""


class DebugLog(logging.Handler):
    """Writes records to one file, in one piece each."""

    def __init__(self, path: Path) -> None:
        """Open the file, which may be an earlier debug log.

        Raises:
            OSError: It cannot be opened, is no plain file of this user's, or no debug log.
        """
        super().__init__()
        self.path = path
        self.tell: Callable[[str], object] = lambda _: None
        """Takes a sentence when no more can be written."""
        self._descriptor: int | None = open_to_append(path, FIRST_LINE)
        self._bytes = 0
        self._write(FIRST_LINE + b"\n")

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record with its traceback; a failure to do so is said once, and harms nobody."""
        if self._descriptor is None:
            return
        try:
            lines = "\n  ".join(_lines(record))
        except Exception as error:  # noqa: BLE001 - such as an object that cannot be shown
            lines = f"{_moment(record.created)} a record was lost: {type(error).__name__}"
        self._write(lines.encode("utf-8", "backslashreplace") + b"\n")

    def _write(self, data: bytes) -> None:
        if self._descriptor is None:
            return
        try:
            written = os.write(self._descriptor, data)
            self._bytes += written
            if written < len(data):
                self._end("no space left")
            elif self._bytes > MOST_BYTES:
                self._end(f"it has {MOST_BYTES >> 20} MiB of this run")
        except OSError as error:
            self._end(error.strerror or str(error))

    def _end(self, why: str) -> None:
        self.close()
        self.tell(f"the debug log ends, all else goes on: {self.path}: {why}")

    def close(self) -> None:
        """Let go of the file."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
        super().close()


@contextmanager
def debug_log(path: Path, begins: str) -> Iterator[DebugLog]:
    """Write everything to a file while the block runs; it begins with a line about the program.

    Raises:
        OSError: The file cannot be opened, is no plain file of this user's, or no debug log.
    """
    handler, root = DebugLog(path), logging.getLogger()
    root.addHandler(handler)
    LOGGER.setLevel(logging.DEBUG)
    try:
        LOGGER.info("%s; process %d", begins, os.getpid())
        yield handler
        LOGGER.info("the end of process %d", os.getpid())
    finally:
        LOGGER.setLevel(logging.NOTSET)
        root.removeHandler(handler)
        handler.close()


def current() -> DebugLog | None:
    """Give the debug log that is open."""
    return next((it for it in logging.getLogger().handlers if isinstance(it, DebugLog)), None)


def where_to_look() -> str:
    """End a sentence about a failure: where its traceback is."""
    log = current()
    return f"see {log.path}" if log else "run with --debug-log FILE to see where"


def log_failure(what: str, error: object) -> None:
    """Write down what failed inside, with its traceback."""
    LOGGER.error(
        "%s: %r", what, error, exc_info=error if isinstance(error, BaseException) else None
    )


def report_failure(what: str, error: object) -> str:
    """Write down what failed inside; gives the one line for the person, which names the log."""
    log_failure(what, error)
    return f"{what}, our fault: {_cut(repr(error))[:_SHOWN_CHARACTERS]}; {where_to_look()}"


def _cut(text: str) -> str:
    return redact_text(_INPUT.sub("input_value=...", text))


def _moment(created: float) -> str:
    return (
        f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(created))}.{int(created % 1 * 1000):03}Z"
    )


def _lines(record: logging.LogRecord) -> Iterator[str]:
    """Format a record's line, then those of its traceback."""
    text = record.getMessage()
    if record.name == "asyncio":
        text = _RESULT.sub(r" \1=...", _ARGUMENTS.sub(r"\1(...)", text))
    yield from printable_lines(f"{_moment(record.created)} {_cut(text)}")
    error = record.exc_info[1] if record.exc_info else None
    if error is not None:
        traced = TracebackException.from_exception(error, capture_locals=False)
        yield from printable_lines("".join(_traced(traced)).rstrip("\n"))


def _traced(error: TracebackException) -> Iterator[str]:
    """Format a traceback, and those that led to it; source lines stay, messages are cut."""
    earlier = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if earlier is not None:
        yield from _traced(earlier)
        yield "which led to:\n"
    yield from error.stack.format()
    yield _cut("".join(error.format_exception_only()))
    for inner in error.exceptions or ():
        yield from _traced(inner)


async def watch_the_loop(every_s: float = LATE_S) -> None:
    """Write down when the running loop is late, until this is cancelled."""
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + every_s
        await asyncio.sleep(every_s)
        note_lag(loop.time() - due)


def note_lag(late_s: float) -> None:
    """Write down how late the loop was, when that is worth a line."""
    if late_s >= LATE_S:
        LOGGER.warning("the event loop was %.3f s late", late_s)


class FollowedLog(Log):
    """A log that also writes each request's way to the debug log.

    Only made with ``--debug-log``, so that without it no request is looked at for this.
    """

    _early: tuple[str, ...] = ()
    """Steps of a request that has no row yet: their lines come after that of its arrival."""

    def follow(self, events: Sequence[Event]) -> None:
        """Write down what the engine decided about rules and held requests."""
        for event in events:
            match event:
                case RequestLookedAt(number=number, caught_by=int(rule_id)):
                    self._step(number, f"matched rule {rule_id}")
                case RequestHeld(number=number):
                    self._step(number, "held")
                case HeldDecided(number=number, decision=decision):
                    fault = f", with {decision.fault}" if decision.fault else ""
                    _step(number, f"decided: {decision.how}{fault}")
                case HeldEnded(number=number, how=how):
                    _step(number, f"held no more: {how}")
                case AllReleased(requests=count):
                    LOGGER.debug("all %d held requests released", count)
                case _:
                    pass

    def record(self, exchange: Exchange) -> None:
        """Write down a request that went straight to its service."""
        super().record(exchange)
        _arrived(exchange)
        _answered(exchange)

    def reserve(self, exchange: Exchange) -> None:
        """Write down a request that a rule caught."""
        super().reserve(exchange)
        _arrived(exchange)
        for step in self._early:
            _step(exchange.number, step)
        self._early = ()
        if exchange.fault:
            _step(exchange.number, f"gets fault {exchange.fault}")

    def complete(self, exchange: Exchange) -> None:
        """Write down how a request that was caught ended."""
        super().complete(exchange)
        if exchange.true_response:
            _step(exchange.number, f"spoilt by {exchange.fault or exchange.outcome}")
        _answered(exchange)

    def _step(self, number: int, what: str) -> None:
        if number > self.exchanges.seen:
            self._early += (what,)
        else:
            _step(number, what)


def _step(number: int, what: str) -> None:
    LOGGER.debug("request %d %s", number, what)


def _arrived(exchange: Exchange) -> None:
    target = as_sent(exchange.target).decode("utf-8", "backslashreplace")
    served = f"{exchange.operation}, " if exchange.operation else ""
    _step(exchange.number, f"arrived: {served}{exchange.method} {target}")


def _answered(exchange: Exchange) -> None:
    status = exchange.status or "not"
    _step(exchange.number, f"answered: {status}, {exchange.outcome}, after {exchange.took_s:.4f} s")

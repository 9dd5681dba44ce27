"""Every number that bounds what a stranger can make the server do (T-31, T-32, T-33, T-46)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one server. Durations are seconds, sizes bytes.

    Attributes:
        max_connections: open at once; for one more an idle one is closed, or it is itself (T-33).
        silent_s: from connecting to the first byte (T-32).
        head_s: from the first byte of a request to the end of its head.
        body_s: from the end of the head to the end of the body; then 408.
        write_s: how long unsent bytes may wait without the client taking any.
        idle_s: between two requests on one connection. A real load balancer waits about as long.
        sweep_s: how often the deadlines are looked at, hence how late each can be.
        body_bytes: the largest body; real ones are below 8 KiB (T-31).
        framing_bytes: what a chunked body may have around its bytes, such as chunk extensions.
        head_bytes: the largest head, its request line and all its fields; real ones are below 4 kB.
        unfinished_bytes: of all requests together that have not come whole; the oldest go first (T-46).
        line_bytes: the longest request line; aiohttp's own default.
        field_bytes: the longest header field; aiohttp's own default.
        max_headers: header fields in a request; aiohttp's own default.
        backlog: connections that the kernel may keep waiting for us; it takes less where it has to.
        accepts: connections that are accepted in one turn of the loop, from each socket.
        stop_s: how long a running answer may take when the server stops; aiohttp waits twice that
            for one that never ends, such as a held request (T-50: 2 s for everything).
    """

    max_connections: int = 512
    silent_s: float = 10.0
    head_s: float = 10.0
    body_s: float = 10.0
    write_s: float = 10.0
    idle_s: float = 75.0
    sweep_s: float = 1.0
    body_bytes: int = 65_536
    framing_bytes: int = 524_288
    head_bytes: int = 65_536
    unfinished_bytes: int = 12 * 2**20
    line_bytes: int = 8_190
    field_bytes: int = 8_190
    max_headers: int = 128
    backlog: int = 1024
    accepts: int = 16
    stop_s: float = 0.25

    @property
    def max_waiting(self) -> int:
        """How many requests may wait for their answer; others have connections left (``ctl``, pages)."""
        return self.max_connections - min(16, self.max_connections // 4)


DEFAULT = Limits()


MOST_CONNECTIONS = 12_000
"""Ten thousand requests can be held, and others go on."""
RESERVED_FILES = 256
"""Open files that are no client's connection: the journal, the terminal, evidence, libraries, demo
clients, and connections on their way in and out."""
FEWEST_RESERVED_FILES = 32
"""The same, where there are few: a quarter of them, but not less than this."""
FEWEST_FILES = 48
USUAL_FILES = 6
"""Open when the limits are made, before anything is served."""
_ENOUGH_FILES = MOST_CONNECTIONS + RESERVED_FILES
_TRIED_FILES = (_ENOUGH_FILES, 10_240, 4_096, 1_024)
"""Instead of a hard limit that is refused: macOS says "infinite", and takes 10,240."""


def limits_for(open_files: int | None, in_use: int = USUAL_FILES) -> Limits:
    """Return bounds for a limit of open files (None: no limit), of which some are in use already."""
    if open_files is None:
        return replace(DEFAULT, max_connections=MOST_CONNECTIONS)
    reserved = min(RESERVED_FILES, max(FEWEST_RESERVED_FILES, open_files // 4))
    room = open_files - reserved - max(0, in_use - USUAL_FILES)
    most = max(1, min(MOST_CONNECTIONS, room))
    return replace(DEFAULT, max_connections=most, accepts=reserved // 16)


def files_in_use() -> int:
    """Count the open files, as far as the system shows them."""
    try:
        return len([*Path("/dev/fd").iterdir()])
    except OSError:
        return USUAL_FILES


def raise_open_files() -> int | None:
    """Raise this process's soft limit of open files to its hard one; returns it, or None for no limit.

    Held requests keep a socket each, and many systems start a shell with a soft limit of 1,024.
    """
    try:
        import resource
    except ImportError:  # a Python that was built without
        return None
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    for wanted in (hard, *(tried for tried in _TRIED_FILES if soft < tried)):
        if soft in (resource.RLIM_INFINITY, wanted):
            break
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        except (OSError, ValueError):  # macOS refuses an "infinite" one
            continue
        soft = wanted
        break
    return None if soft == resource.RLIM_INFINITY else soft


READ_BUFFER_BYTES = 65_536
"""A body that nobody reads is buffered to twice this before the client is slowed down."""
CONNECTION_BYTES = 12_288
"""An open connection by itself."""
WORTH_GIVING_BACK = 2 * 2**20
"""Bytes, of which each may be six in memory; giving back takes milliseconds."""


class Sender(Protocol):
    """A connection that has begun to send a request."""

    def abort(self) -> None:
        """Drop the connection."""


class Unfinished:
    """Counts the bytes that are kept of requests that are not whole, and gives memory back.

    Each connection has bounds of its own, but ten thousand would still be gigabytes of half-sent heads
    (T-33, T-46). So their bytes are counted together, with the requests that wait behind another one on
    their connection; when they are too many, the one that began first is dropped. An honest request is
    whole a moment after it began. Python and the C library keep what is freed for themselves, so after
    a flood the process would stay as large as it was at its worst.
    """

    def __init__(self, most_bytes: int, give_back: Callable[[], object]) -> None:
        self._most_bytes = most_bytes
        self._give_back = give_back
        self._sizes: dict[Sender, int] = {}
        """In the order in which they began."""
        self.total = 0
        self.dropped = 0
        """Connections that had to go."""
        self._most_since = 0
        """Of the bytes, since the last look."""
        self._peak = 0

    def keep(self, sender: Sender, size: int) -> None:
        """Note how many bytes of a sender are kept now."""
        self.total += size - self._sizes.get(sender, 0)
        self._most_since = max(self._most_since, self.total)
        if size:
            self._sizes[sender] = size
        else:
            self._sizes.pop(sender, None)
        while self.total > self._most_bytes:
            self._drop_oldest()

    def _drop_oldest(self) -> None:
        oldest = next(iter(self._sizes))
        self.total -= self._sizes.pop(oldest)
        self.dropped += 1
        oldest.abort()

    def look(self, open_connections: int) -> None:
        """Give back the memory that a flood left behind; to be called now and then."""
        kept = self.total + open_connections * CONNECTION_BYTES
        self._peak = max(self._peak, kept, self._most_since)
        self._most_since = self.total
        if self._peak - kept >= WORTH_GIVING_BACK:
            self._peak = kept
            self._give_back()


@cache
def _c_librarys() -> Callable[[int], object]:
    """The ``malloc_trim`` of glibc; other C libraries have none, and keep less for themselves."""
    import ctypes  # for floods alone

    try:
        trim: Callable[[int], object] = ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError, TypeError):  # TypeError: Windows knows no library None
        return lambda _: None
    return trim


def give_back_memory() -> None:
    """Hand what is free to the system."""
    _c_librarys()(0)

"""What a plan is made of, and what it is made from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from oidc_sim.engine.arrival import Setting
from oidc_sim.wire.envelope import ErrorTypeForm


class How(StrEnum):
    """What becomes of a connection."""

    KEEP = "keep"
    CLOSE = "close"
    RESET = "reset"
    """RST, whatever is unsent."""
    NEVER = "never"
    """It stays open and silent until the client goes or the server stops."""


@dataclass(frozen=True, slots=True)
class Send:
    """Write these bytes as one segment."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Pause:
    """Do nothing for so many real seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class End:
    """The last step."""

    how: How


Plan = tuple[Send | Pause | End, ...]
"""Steps in order; the last one is an ``End``."""


@dataclass(frozen=True, slots=True)
class Told:
    """An answer in parts that can be spoilt: the status line, header lines, the body."""

    status_line: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes = b""

    @classmethod
    def read(cls, head: bytes, body: bytes) -> "Told":
        """From the bytes that a service would send."""
        first, *lines = head.removesuffix(b"\r\n\r\n").split(b"\r\n")
        pairs = (line.partition(b": ") for line in lines)
        return cls(first, tuple((name, value) for name, _, value in pairs), body)

    @property
    def status(self) -> int:
        """Of HTTP."""
        return int(self.status_line.split(b" ")[1])

    @property
    def head(self) -> bytes:
        """Up to the empty line."""
        lines = b"".join(b"%s: %s\r\n" % pair for pair in self.headers)
        return self.status_line + b"\r\n" + lines + b"\r\n"

    @property
    def whole(self) -> bytes:
        """All bytes."""
        return self.head + self.body

    def header(self, name: str) -> bytes | None:
        """A header's value; None where there is none."""
        wanted = name.lower().encode()
        return next((value for it, value in self.headers if it.lower() == wanted), None)

    def having(self, name: str, value: bytes | str | None) -> "Told":
        """The same with one header set in its place, added at the end, or without it (None)."""
        new = value.encode("latin-1", "replace") if isinstance(value, str) else value
        wanted = name.lower().encode()
        kept = [(it, new if it.lower() == wanted else old) for it, old in self.headers]
        if new is not None and self.header(name) is None:
            kept.append((name.encode("latin-1", "replace"), new))
        left = tuple((it, value) for it, value in kept if value is not None)
        return Told(self.status_line, left, self.body)

    def saying(self, body: bytes) -> "Told":
        """The same with another body and the length that fits it."""
        told = Told(self.status_line, self.headers, body)
        return told.having("Content-Length", str(len(body)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoiling:
    """What a plan is made from."""

    settings: Mapping[str, Setting] = field(default_factory=dict)
    truth: Told | None = None
    """The true answer; None for a fault that acts instead."""
    operation: str | None = None
    request_id: str = ""
    date: str = ""
    """As ``http_date`` gives it."""
    at: float = 0.0
    """Simulated time, seconds since 1970."""
    error_type: ErrorTypeForm = ErrorTypeForm.FULL
    url: str = ""
    """This server's base URL."""
    turn: int = 0
    """How often the fault was told before, for what chance decides."""
    wait_s: float = 0.0
    """What ``server.faults`` found out that is to be waited or told, in seconds."""

    def number(self, name: str) -> float:
        """A setting that is a number."""
        value = self.settings[name]
        assert isinstance(value, int | float)  # noqa: S101 - settings are judged before
        return value

    def text(self, name: str) -> str:
        """A setting that is a text."""
        return str(self.settings[name])

    @property
    def true(self) -> Told:
        """The true answer, where there is one."""
        assert self.truth is not None  # noqa: S101 - the catalogue says when
        return self.truth


def whole(told: Told) -> Plan:
    """An answer as it is, and the connection stays if its head says so."""
    closes = told.header("Connection") == b"close"
    return (Send(told.whole), End(How.CLOSE if closes else How.KEEP))

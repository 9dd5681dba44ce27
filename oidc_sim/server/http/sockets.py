"""Binds the listening sockets, or says in one sentence why that is not possible.

By hand rather than by ``loop.create_server(host=...)`` because that binds what a name resolves to
(``localhost`` was 127.0.0.1 alone on the tested host), cannot take one free port on
two address families, and reports every failure as the same ``OSError``. Clients resolve
``localhost`` to either family, so the default is both loopback addresses on one port.
It never falls back to another port or address than it was asked for without a note.
"""

import asyncio
import errno
import ipaddress
import os
import re
import socket
import struct
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from oidc_sim.server.http import limits

_PROC = Path("/proc")
_LISTENING = "0A"
_SOCKET = re.compile(r"socket:\[(\d+)\]")


def owner_of(address: str, port: int, proc: Path = _PROC) -> int | None:
    """Return the id of the process that listens on an address, or on all; None if it cannot be known.

    From Linux's ``/proc``, for ``ss`` and ``lsof`` are often not there: the socket tables name an
    inode, and a process's open files name the process. Other users' files cannot be read.
    """
    inodes = set(_listeners(ipaddress.ip_address(address.partition("%")[0]), port, proc))
    if not inodes:
        return None
    return next((pid for pid, inode in _open_sockets(proc) if inode in inodes), None)


def _listeners(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address, port: int, proc: Path
) -> Iterator[str]:
    for table in ("tcp", "tcp6"):
        with suppress(OSError):
            for line in (proc / "net" / table).read_text("ascii").splitlines()[1:]:
                fields = line.split()
                name, _, hex_port = fields[1].partition(":")
                if fields[3] == _LISTENING and int(hex_port, 16) == port:
                    local = _decode(name)
                    if local == address or local.is_unspecified:
                        yield fields[9]


def _decode(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """Turn 32-bit words in hex, little-endian on every machine that matters here, into an address."""
    words = [bytes.fromhex(name[at : at + 8]) for at in range(0, len(name), 8)]
    return ipaddress.ip_address(b"".join(word[::-1] for word in words))


def _open_sockets(proc: Path) -> Iterator[tuple[int, str]]:
    for process in proc.glob("[0-9]*"):
        with suppress(OSError):
            for link in (process / "fd").iterdir():
                with suppress(OSError):
                    match = _SOCKET.fullmatch(str(link.readlink()))
                    if match:
                        yield int(process.name), match[1]


LOOPBACK = ("127.0.0.1", "::1")
# Two families must share a port that the kernel picked for one of them.
_FREE_PORT_TRIES = 32
_NO_SUCH_FAMILY = frozenset({errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL, errno.EPROTONOSUPPORT})
_FORBIDDEN = frozenset({errno.EACCES, errno.EPERM})

_T = TypeVar("_T")
_AT_ONCE = struct.pack("ii", 1, 0)
"""SO_LINGER that is on with no time: closing sends RST and forgets what is unsent."""


def linger_not(transport: asyncio.BaseTransport) -> None:
    """Let this connection end with RST."""
    wire: socket.socket | None = transport.get_extra_info("socket")
    if wire is not None:
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)


class ListenError(Exception):
    """Raised when the server cannot listen as asked; ``str()`` is one line that says what to do."""


class AddressInUseError(ListenError):
    """Raised when another process listens there already."""

    def __init__(self, address: str, port: int, owner_pid: int | None) -> None:
        self.address = address
        self.port = port
        self.owner_pid = owner_pid
        whose = "another process" if owner_pid is None else f"process {owner_pid}"
        super().__init__(
            f"{_spell(address, port)} is in use by {whose}; "
            "stop it, or choose another port with --port (0 picks a free one)"
        )


class PortForbiddenError(ListenError):
    """Raised for a port that the system keeps for privileged processes."""

    def __init__(self, address: str, port: int) -> None:
        super().__init__(
            f"no permission to listen on {_spell(address, port)}; "
            "choose a port of 1024 or more with --port"
        )


class HostUnknownError(ListenError):
    """Raised for a host that resolves to no address of this machine."""

    def __init__(self, host: str, why: str) -> None:
        super().__init__(
            f"cannot listen on {host!a}: {why}; give an address of this machine with --host"
        )


class ExposureRefusedError(ListenError):
    """Raised for an address that other machines reach, where nobody said that this is meant."""

    def __init__(self, address: str) -> None:
        super().__init__(
            f"{address} can be reached from other machines, and whoever reaches this server can "
            "sign in; listen on 127.0.0.1, or add --i-know if you mean it"
        )


@dataclass(frozen=True, slots=True)
class Bound:
    """Listening sockets that share one port.

    Attributes:
        sockets: listening already, so that nobody else can take the port any more.
        port: the port of all of them.
        addresses: what they are bound to, IPv6 without brackets.
        notes: sentences for the operator on what was not possible; mostly empty.
    """

    sockets: tuple[socket.socket, ...]
    port: int
    addresses: tuple[str, ...]
    notes: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """The base URL under which this machine's programs reach the server."""
        address = self.addresses[0]
        if is_unspecified(address):
            address = "::1" if ":" in address else "127.0.0.1"
        return f"http://{_spell(address, self.port)}"

    @property
    def is_exposed(self) -> bool:
        """True if other machines can reach at least one of the addresses."""
        return not all(is_loopback(it) for it in self.addresses)

    def close(self) -> None:
        """Close all the sockets; again is harmless."""
        for sock in self.sockets:
            sock.close()


def bind(
    host: str | None = None,
    port: int = 0,
    *,
    is_exposure_accepted: bool = False,
    backlog: int = limits.DEFAULT.backlog,
) -> Bound:
    """Bind and listen.

    Args:
        host: an address or name of this machine; None or ``localhost`` for both loopback addresses.
        port: 0 for a free one, the same on every address.
        is_exposure_accepted: an address that other machines can reach is fine.
        backlog: connections that the kernel may keep waiting.

    Raises:
        AddressInUseError: something listens there.
        ExposureRefusedError: the address is no loopback one and nobody accepted that.
        HostUnknownError: the host is no address of this machine.
        PortForbiddenError: the port needs a privilege.
    """
    if host is None or host.lower() in {"", "localhost"}:
        return _on_one_port(LOOPBACK, port, backlog)
    addresses = _resolve(host)
    exposed = [it for it in addresses if not is_loopback(it)]
    if exposed and not is_exposure_accepted:
        raise ExposureRefusedError(exposed[0])
    return _on_one_port(addresses, port, backlog)


def bind_again(bound: Bound, backlog: int) -> Bound:
    """Listen where these sockets did that are closed now; connections made by them may still stand.

    Raises:
        ListenError: another process has taken the port, or the addresses are gone.
    """
    return _bind_all(bound.addresses, bound.port, backlog)


def _resolve(host: str) -> tuple[str, ...]:
    try:
        found = socket.getaddrinfo(
            host.strip("[]"), None, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
    except (OSError, ValueError) as error:  # ValueError: too long, or with a NUL in it
        why = getattr(error, "strerror", None) or "not a host name"
        raise HostUnknownError(host, why) from error
    return tuple(dict.fromkeys(str(it[4][0]) for it in found))


def is_loopback(address: str) -> bool:
    """Say whether a literal address (a zone is fine) can be reached from this machine only."""
    parsed = _parsed(address)
    # An IPv4 address in IPv6's clothes is none here, on any Python; 3.13 began to look through them.
    return parsed.is_loopback and getattr(parsed, "ipv4_mapped", None) is None


def is_unspecified(address: str) -> bool:
    """Say whether a literal address stands for all of this machine's."""
    return _parsed(address).is_unspecified


def _parsed(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    return ipaddress.ip_address(address.partition("%")[0])


def _on_one_port(addresses: tuple[str, ...], port: int, backlog: int) -> Bound:
    tries = 1 if port else _FREE_PORT_TRIES
    return _until_free(lambda: _bind_all(addresses, port, backlog), tries)


def _until_free(attempt: Callable[[], _T], tries: int) -> _T:
    for _ in range(tries - 1):
        try:
            return attempt()
        except AddressInUseError:
            continue
    return attempt()


def _bind_all(addresses: tuple[str, ...], port: int, backlog: int) -> Bound:
    """Bind every address to one port; an address that this machine lacks is a note."""
    bound: list[tuple[str, socket.socket]] = []
    missing: list[tuple[str, OSError]] = []
    with ExitStack() as undo:
        for address in addresses:
            try:
                sock = _bind_one(address, port, backlog)
            except OSError as error:
                if error.errno not in _NO_SUCH_FAMILY:
                    raise _typed(error, address, port) from error
                missing.append((address, error))
                continue
            undo.callback(sock.close)
            bound.append((address, sock))
            port = sock.getsockname()[1]
        if not bound:
            raise HostUnknownError(addresses[0], missing[0][1].strerror or "no such address")
        undo.pop_all()
    notes = tuple(f"Not listening on {it}: {why.strerror}." for it, why in missing)
    return Bound(tuple(it[1] for it in bound), port, tuple(it[0] for it in bound), notes)


def _bind_one(address: str, port: int, backlog: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)
        # As asyncio does: a restart must not wait for TIME_WAIT. SO_REUSEPORT stays off, since it
        # would let another process of this user take part of our connections (T-52).
        if os.name == "posix" and sys.platform != "cygwin":
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        sock.bind(_sockaddr(family, address, port))
        # Listening at once: until then another socket could still bind the same port.
        sock.listen(backlog)
    except BaseException:
        sock.close()
        raise
    return sock


def _sockaddr(family: int, address: str, port: int) -> tuple[str, int] | tuple[str, int, int, int]:
    if family == socket.AF_INET:
        return (address, port)
    name, _, zone = address.partition("%")
    return (name, port, 0, socket.if_nametoindex(zone) if zone else 0)


def _typed(error: OSError, address: str, port: int) -> ListenError:
    if error.errno == errno.EADDRINUSE:
        return AddressInUseError(address, port, owner_of(address, port))
    if error.errno in _FORBIDDEN:
        return PortForbiddenError(address, port)
    return HostUnknownError(address, error.strerror or str(error))


def _spell(address: str, port: int) -> str:
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"

"""Which process listens on a port, where the system lets us see it.

Linux only, from ``/proc``: the socket tables name an inode, and a process's open files name the
process. Other users' open files cannot be read; the answer is then None, as it is on other systems.
Asking ``ss`` or ``lsof`` would need a program that is often not there.
"""

import ipaddress
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_PROC = Path("/proc")
_LISTENING = "0A"
_SOCKET = re.compile(r"socket:\[(\d+)\]")


def owner_of(address: str, port: int, proc: Path = _PROC) -> int | None:
    """Return the id of the process that listens on an address, or None if it cannot be told.

    A listener on the wildcard address counts: it is what keeps us from binding.
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
    """Turn the table's form (32-bit words in this machine's byte order, as hex) into an address."""
    words = [bytes.fromhex(name[at : at + 8]) for at in range(0, len(name), 8)]
    # The kernel prints each word as a number; every machine that matters here is little-endian.
    return ipaddress.ip_address(b"".join(word[::-1] for word in words))


def _open_sockets(proc: Path) -> Iterator[tuple[int, str]]:
    for process in proc.glob("[0-9]*"):
        with suppress(OSError):
            for link in (process / "fd").iterdir():
                with suppress(OSError):
                    match = _SOCKET.fullmatch(str(link.readlink()))
                    if match:
                        yield int(process.name), match[1]

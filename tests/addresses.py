"""Addresses and ports of this machine."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from oidc_sim.server.http.sockets import is_loopback


def outside_address() -> str | None:
    """An IPv4 address of this machine that others may reach; None where there is none.

    Nothing is sent: connecting a datagram socket only asks the system which address it would use.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        try:
            sock.connect(("192.0.2.1", 9))  # RFC 5737: documentation
        except OSError:
            return None
        address = str(sock.getsockname()[0])
    return None if is_loopback(address) else address


def has_ipv6() -> bool:
    """Whether this machine can listen on ::1."""
    with suppress(OSError), socket.socket(socket.AF_INET6) as sock:
        sock.bind(("::1", 0))
        return True
    return False


OUTSIDE = outside_address() or "no address but loopback"
needs_outside = pytest.mark.skipif("." not in OUTSIDE, reason=f"this machine has {OUTSIDE}")
needs_ipv6 = pytest.mark.skipif(not has_ipv6(), reason="no ::1 on this machine")


@contextmanager
def occupied(address: str, port: int = 0) -> Iterator[int]:
    """Another listener, on this address alone; gives its port."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as sock:
        sock.bind((address, port))
        sock.listen()
        yield sock.getsockname()[1]

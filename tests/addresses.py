"""Addresses of this machine."""

import socket
from contextlib import suppress

from oidc_sim.server.sockets import is_loopback


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
    with suppress(OSError), socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as sock:
        sock.bind(("::1", 0))
        return True
    return False

"""Real sockets on this machine; what it may lack (IPv6, privileged ports) is played by the OS module."""

import errno
import os
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from oidc_sim.server.http import sockets
from oidc_sim.server.http.sockets import (
    AddressInUseError,
    Bound,
    ExposureRefusedError,
    HostUnknownError,
    ListenError,
    PortForbiddenError,
    bind,
    is_loopback,
)
from tests.addresses import needs_ipv6, occupied


def accepts(address: str, port: int) -> bool:
    with closing(socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)) as sock:
        return sock.connect_ex((address, port)) == 0


@contextmanager
def without(monkeypatch: pytest.MonkeyPatch, failing: str, code: int) -> Iterator[None]:
    """The system refuses one address."""
    real = sockets._bind_one

    def fake(address: str, port: int, backlog: int) -> socket.socket:
        if address == failing:
            raise OSError(code, os.strerror(code))
        return real(address, port, backlog)

    with monkeypatch.context() as patch:
        patch.setattr(sockets, "_bind_one", fake)
        yield


@needs_ipv6
@pytest.mark.parametrize("host", [None, "localhost", "LOCALHOST"])
def test_both_loopback_addresses_listen_on_one_port(host: str | None) -> None:
    with closing(bind(host)) as bound:
        assert bound.addresses == ("127.0.0.1", "::1")
        assert bound.notes == ()
        assert {it.getsockname()[1] for it in bound.sockets} == {bound.port}
        assert accepts("127.0.0.1", bound.port)
        assert accepts("::1", bound.port)
        assert bound.url == f"http://127.0.0.1:{bound.port}"
        assert not bound.is_exposed


def test_one_address_can_be_asked_for() -> None:
    with closing(bind("127.0.0.1")) as bound:
        assert bound.addresses == ("127.0.0.1",)
        assert not accepts("::1", bound.port)


@needs_ipv6
def test_an_ipv6_address_may_have_brackets() -> None:
    for host in ("::1", "[::1]"):
        with closing(bind(host)) as bound:
            assert bound.url == f"http://[::1]:{bound.port}"


@pytest.mark.parametrize("code", [errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL])
def test_a_machine_without_ipv6_gets_ipv4_and_a_note(
    monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    with without(monkeypatch, "::1", code), closing(bind()) as bound:
        assert bound.addresses == ("127.0.0.1",)
        assert len(bound.notes) == 1
        assert "::1" in bound.notes[0]


@needs_ipv6
def test_a_machine_without_ipv4_gets_ipv6_and_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    with without(monkeypatch, "127.0.0.1", errno.EADDRNOTAVAIL), closing(bind()) as bound:
        assert bound.url == f"http://[::1]:{bound.port}"
        assert "127.0.0.1" in bound.notes[0]


@pytest.mark.parametrize("address", ["127.0.0.1", pytest.param("::1", marks=needs_ipv6)])
def test_a_port_in_use_on_either_address_is_an_error_that_names_the_owner(address: str) -> None:
    with occupied(address) as port:
        with pytest.raises(AddressInUseError) as caught:
            bind(None, port)
        assert caught.value.address == address
        assert caught.value.port == port
        assert caught.value.owner_pid == os.getpid()
        assert f"process {os.getpid()}" in str(caught.value)
        assert "--port" in str(caught.value)
        other = "::1" if address == "127.0.0.1" else "127.0.0.1"
        assert not accepts(other, port)


def test_a_second_instance_cannot_share_the_port() -> None:
    with closing(bind()) as first, pytest.raises(AddressInUseError):
        bind(None, first.port)


def test_a_port_that_is_bound_but_not_accepting_yet_is_taken_already() -> None:
    with closing(bind("127.0.0.1")) as bound, socket.socket() as thief:
        thief.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        thief.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        with pytest.raises(OSError, match=os.strerror(errno.EADDRINUSE)):
            thief.bind(("127.0.0.1", bound.port))


def test_a_port_can_be_bound_again_after_its_server_has_gone() -> None:
    with closing(bind("127.0.0.1")) as bound:
        client = socket.create_connection(("127.0.0.1", bound.port))
        bound.sockets[0].setblocking(True)
        served, _ = bound.sockets[0].accept()
        served.close()  # the server closes first, so TIME_WAIT is on its side
        client.close()
    with closing(bind("127.0.0.1", bound.port)) as again:
        assert again.port == bound.port


@needs_ipv6
def test_a_free_port_is_sought_until_both_addresses_have_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = sockets._bind_one
    tried: list[int] = []

    def fake(address: str, port: int, backlog: int) -> socket.socket:
        if address == "::1":
            tried.append(port)
            if len(tried) < 4:
                raise OSError(errno.EADDRINUSE, "in use")
        return real(address, port, backlog)

    monkeypatch.setattr(sockets, "_bind_one", fake)
    with closing(bind()) as bound:
        assert len(tried) == 4
        assert bound.port == tried[-1]


def test_no_free_port_on_both_addresses_ends_in_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    with without(monkeypatch, "::1", errno.EADDRINUSE), pytest.raises(AddressInUseError):
        bind()


@pytest.mark.parametrize("code", [errno.EACCES, errno.EPERM])
def test_a_privileged_port_is_an_error_that_says_so(
    monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    with without(monkeypatch, "127.0.0.1", code), pytest.raises(PortForbiddenError) as caught:
        bind(None, 80)
    assert "127.0.0.1:80" in str(caught.value)
    assert "1024" in str(caught.value)


@pytest.mark.parametrize("host", ["0.0.0.0", pytest.param("::", marks=needs_ipv6)])
def test_an_address_that_others_can_reach_must_be_meant(host: str) -> None:
    with pytest.raises(ExposureRefusedError) as caught:
        bind(host)
    assert "--i-know" in str(caught.value)
    with closing(bind(host, is_exposure_accepted=True)) as bound:
        assert bound.is_exposed
        assert {it.family for it in bound.sockets} == {
            socket.AF_INET6 if ":" in host else socket.AF_INET
        }
        assert bound.url.endswith(f":{bound.port}")
        assert accepts("::1" if ":" in host else "127.0.0.1", bound.port)
        assert bound.url.startswith("http://127.0.0.1:" if ":" not in host else "http://[::1]:")


@pytest.mark.parametrize(
    "host",
    [
        "192.0.2.1",
        "no-such-host.invalid",
        "bad host",
        "x" * 300,
        "\u0430\u0430.invalid",
        "a..b",
        "\x1b[2J",
    ],
)
def test_a_host_that_is_not_this_machine_is_an_error_that_names_it_safely(host: str) -> None:
    with pytest.raises(HostUnknownError) as caught:
        bind(host, is_exposure_accepted=True)
    assert "--host" in str(caught.value)


ERRORS: list[ListenError] = [
    AddressInUseError("127.0.0.1", 1, None),
    AddressInUseError("::1", 1, 7),
    PortForbiddenError("::1", 80),
    HostUnknownError("a\nb\x1b", "why"),
    ExposureRefusedError("0.0.0.0"),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda it: type(it).__name__)
def test_each_error_is_one_printable_line(error: ListenError) -> None:
    assert str(error).isprintable()


@pytest.mark.parametrize(
    ("address", "is_it"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.168.1.2", False),
        ("fe80::1%eth0", False),
        ("::ffff:127.0.0.1", False),
    ],
)
def test_loopback_is_told_by_the_literal_address(address: str, *, is_it: bool) -> None:
    assert is_loopback(address) is is_it


def open_files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def test_a_failed_bind_leaves_no_socket_open() -> None:
    with occupied("127.0.0.1") as port:
        before = open_files()
        for _ in range(5):
            with pytest.raises(AddressInUseError):
                bind(None, port)
        assert open_files() == before


@needs_ipv6
def test_an_ipv6_socket_takes_no_ipv4_connections() -> None:
    with closing(bind("::", is_exposure_accepted=True)) as bound:
        assert not accepts("127.0.0.1", bound.port)


def test_closing_again_is_harmless() -> None:
    bound: Bound = bind("127.0.0.1")
    bound.close()
    bound.close()

"""Where a server listens, and what it does when that cannot be (T-51, T-21)."""

import os
import socket
from typing import Any

import pytest

from tests.addresses import OUTSIDE, needs_ipv6, needs_outside, occupied
from tests.process.serving import Home

OUT = pytest.param(OUTSIDE, marks=needs_outside)
V6 = [pytest.param(it, marks=needs_ipv6) for it in ("::1", "::")]


@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0", V6[0]])
def test_a_port_in_use_is_one_line_with_its_owner_and_exit_2(home: Home, address: str) -> None:
    with occupied(address) as port:
        done = home.run("serve", "--port", str(port))
    assert done.code == 2
    assert f":{port} is in use by process {os.getpid()}; " in done.error_line
    assert "--port" in done.error_line
    assert not (home.path / "run").exists()


def test_a_second_server_on_the_port_of_the_first_names_it(home: Home) -> None:
    first = home.serve()
    done = home.run("serve", "--port", str(first.port))
    assert (done.code, f"process {first.process.pid}" in done.error_line) == (2, True)
    assert first.is_healthy()
    assert home.run("ctl", "state").code == 0


@pytest.mark.parametrize("host", ["127.0.0.1", V6[0]])
def test_both_loopback_addresses_are_served(home: Home, host: str) -> None:
    server = home.serve()
    with socket.create_connection((host, server.port), timeout=20) as sock:
        sock.sendall(f"GET /_sim/health HTTP/1.0\r\nHost: localhost:{server.port}\r\n\r\n".encode())
        assert sock.recv(1000).startswith(b"HTTP/1.1 200 ")


def test_two_servers_live_side_by_side_and_the_newest_is_asked(home: Home) -> None:
    old, new = home.serve(), home.serve("--ephemeral")
    old.authorize("asked of the old one")
    assert f"={new.running.url}\n" in home.run("env").out
    assert "asked of the old one" not in home.run("ctl", "state").out
    assert "asked of the old one" in home.run("ctl", "state", "--port", str(old.port)).out
    assert "asked of the old one" in home.run("ctl", "state", OIDC_SIM_PORT=str(old.port)).out
    new.end()
    assert "asked of the old one" in home.run("ctl", "state").out


@pytest.mark.parametrize("host", ["0.0.0.0", V6[1], OUT])
def test_an_address_that_others_reach_is_refused(home: Home, host: str) -> None:
    done = home.run("serve", "--port", "0", "--host", host)
    assert done.code == 2
    assert "--i-know" in done.error_line


@pytest.mark.parametrize("host", ["0.0.0.0", V6[1]])
def test_who_knows_may_listen_there_and_is_told_what_it_means(home: Home, host: str) -> None:
    server = home.serve("--host", host, "--i-know")
    server.wait_for_err(f"other machines can reach {host}; the control API is off for them\n")
    assert server.is_healthy(), "on this machine it is on"
    assert home.run("ctl", "state").code == 0


@needs_outside
def test_on_an_outside_address_alone_there_is_no_control(home: Home) -> None:
    server = home.serve("--host", OUTSIDE, "--i-know")
    server.wait_for_err("the control API is off for them, and for ctl and env on this one")
    assert home.run("ctl", "state").code == 2
    with socket.create_connection((OUTSIDE, server.port), timeout=20) as sock:
        sock.sendall(f"GET /_sim/health HTTP/1.0\r\nHost: {OUTSIDE}:{server.port}\r\n\r\n".encode())
        assert sock.recv(1000).startswith(b"HTTP/1.1 404 ")


@pytest.mark.parametrize("host", ["0.0.0.0", OUT])
def test_a_seed_is_for_loopback_only(home: Home, host: str) -> None:
    done = home.run("serve", "--port", "0", "--host", host, "--i-know", "--seed", "1")
    assert done.code == 2
    assert "--seed" in done.error_line


def issued(home: Home, *words: str) -> dict[str, Any]:
    """What a new server gives its first client, without what is a time."""
    server = home.serve(*words)
    given = server.authorize()
    server.end()
    return {name: given[name] for name in ("clientId", "deviceCode", "userCode")}


def test_a_seed_makes_two_runs_alike_and_is_loud(home: Home) -> None:
    assert issued(home, "--seed", "1") == issued(home, "--seed", "1")
    server = home.serve("--seed", "1", "--output", "none")
    server.wait_for_err("oidc-sim: SEED 1: every id and token can be guessed\n")


def test_without_a_seed_or_with_another_no_two_runs_are_alike(home: Home) -> None:
    runs = [issued(home), issued(home), issued(home, "--seed", "1"), issued(home, "--seed", "2")]
    for name in runs[0]:
        assert len({it[name] for it in runs}) == len(runs)


@pytest.mark.parametrize("host", ["nonsense.invalid", "192.0.2.1", "x" * 300, "[", "1.2.3.4.5"])
def test_a_host_that_is_none_of_this_machine_is_one_line_and_exit_2(home: Home, host: str) -> None:
    done = home.run("serve", "--port", "0", "--i-know", "--host", host)
    assert done.code == 2
    assert "--host" in done.error_line

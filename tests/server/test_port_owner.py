import os
import socket
from pathlib import Path

import pytest

from oidc_sim.server.http.sockets import owner_of

HEADER = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
V4 = "   0: 0100007F:231E 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 501 1 0\n"
ANY = "   1: 00000000:231F 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 502 1 0\n"
TALKING = "   2: 0100007F:2320 0100007F:9999 01 00000000:00000000 00:00000000 00000000  1000        0 503 1 0\n"
V6 = (
    "   0: 00000000000000000000000001000000:231E 00000000000000000000000000000000:0000 0A "
    "00000000:00000000 00:00000000 00000000  1000        0 504 1 0\n"
)


@pytest.fixture
def proc(tmp_path: Path) -> Path:
    (tmp_path / "net").mkdir()
    (tmp_path / "net" / "tcp").write_text(HEADER + V4 + ANY + TALKING)
    (tmp_path / "net" / "tcp6").write_text(HEADER + V6)
    for pid, inode in ((11, 501), (12, 502), (13, 503), (14, 504)):
        files = tmp_path / str(pid) / "fd"
        files.mkdir(parents=True)
        (files / "0").symlink_to("/dev/null")
        (files / "1").symlink_to(f"socket:[{inode}]")
    return tmp_path


@pytest.mark.parametrize(
    ("address", "port", "pid"),
    [
        ("127.0.0.1", 0x231E, 11),
        ("::1", 0x231E, 14),
        ("127.0.0.1", 0x231F, 12),  # the wildcard holds it
        ("127.0.0.1", 0x2320, None),  # a connection, no listener
        ("127.0.0.2", 0x231E, None),
        ("127.0.0.1", 1, None),
    ],
)
def test_the_owner_is_who_holds_the_listening_socket(
    proc: Path, address: str, port: int, pid: int | None
) -> None:
    assert owner_of(address, port, proc) == pid


def test_a_process_that_may_not_be_read_is_not_named(proc: Path) -> None:
    (proc / "11" / "fd" / "1").unlink()
    assert owner_of("127.0.0.1", 0x231E, proc) is None


def test_a_system_without_proc_names_nobody(tmp_path: Path) -> None:
    assert owner_of("127.0.0.1", 8990, tmp_path) is None


def test_this_process_finds_itself() -> None:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        assert owner_of("127.0.0.1", sock.getsockname()[1]) == os.getpid()

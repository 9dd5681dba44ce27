from dataclasses import replace

import pytest

from oidc_sim.engine.events import WasReset
from oidc_sim.record.exchange import Exchange
from oidc_sim.record.log import EXCHANGES_KEPT, Log, same_bytes
from tests.record.samples import EXCHANGE


def exchange(number: int) -> Exchange:
    return replace(EXCHANGE, number=number)


def test_entries_are_numbered_from_one_without_a_gap() -> None:
    log = Log()
    log.note(WasReset(at=1))
    log.record(exchange(1))
    log.note(WasReset(at=2))
    assert [entry.seq for entry in log.entries.since(0)] == [1, 2, 3]
    assert [entry.what for entry in log.entries.since(0)] == [
        WasReset(at=1),
        exchange(1),
        WasReset(at=2),
    ]


def test_the_number_of_the_log_moves_with_whatever_happens() -> None:
    log = Log()
    seqs = [log.seq]
    log.note(WasReset(at=1))
    seqs.append(log.seq)
    log.record(exchange(1))
    seqs.append(log.seq)
    assert seqs == [0, 1, 2]


def test_exchanges_are_found_by_their_own_number() -> None:
    log = Log()
    log.note(WasReset(at=1))
    for number in (1, 2, 3):
        log.record(exchange(number))
    assert log.exchanges.get(2) == exchange(2)
    assert log.exchanges.get(4) is None


def test_a_full_log_says_how_many_it_dropped() -> None:
    log = Log(exchanges_kept=5)
    for number in range(1, 13):
        log.record(exchange(number))
        log.note(WasReset(at=number))
    assert (log.exchanges.seen, log.exchanges.dropped) == (12, 7)
    assert (log.entries.seen, log.entries.dropped) == (24, 14)
    assert [kept.number for kept in log.exchanges.since(0)] == [8, 9, 10, 11, 12]
    assert [entry.seq for entry in log.entries.since(0)] == list(range(15, 25))


def test_numbers_go_on_after_the_oldest_are_gone() -> None:
    log = Log(exchanges_kept=2)
    for number in range(1, 100):
        log.record(exchange(number))
    assert log.seq == 99
    newest = log.exchanges.get(99)
    assert newest is not None
    assert newest.number == 99


def test_ten_thousand_exchanges_are_kept() -> None:
    assert EXCHANGES_KEPT == 10_000
    assert Log().exchanges.capacity == EXCHANGES_KEPT


@pytest.mark.parametrize("body", [b"", b"{}", b"x" * 65536])
def test_equal_bodies_are_kept_once(body: bytes) -> None:
    first = same_bytes(bytes(bytearray(body)))
    second = same_bytes(bytes(bytearray(body)))
    assert first == body
    assert second is first


def test_different_bodies_stay_apart() -> None:
    assert same_bytes(b"one") != same_bytes(b"two")


def test_the_memory_for_equal_bodies_is_bounded() -> None:
    for n in range(5_000):
        same_bytes(f"body {n}".encode())
    assert same_bytes.cache_info().currsize <= 1024

from dataclasses import replace
from typing import Any

import pytest

from oidc_sim.engine.events import WasReset
from oidc_sim.record.exchange import Exchange, packed
from oidc_sim.record.log import BYTES_KEPT, EXCHANGES_KEPT, Log, same_bytes
from tests.record.samples import EXCHANGE, REGISTERED


def exchange(number: int) -> Exchange:
    return EXCHANGE._replace(number=number)


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


def big(number: int, **parts: Any) -> Exchange:
    return EXCHANGE._replace(number=number, **parts)


@pytest.mark.parametrize(
    "parts",
    [
        {"request_body": b"x" * 1000},
        {"response_body": b"x" * 1000},
        {"target": "x" * 1000},
        {"packed_headers": packed(((b"Cookie", b"x" * 994),))},
        {"packed_headers": packed(((b"x" * 1000, b""),))},
    ],
)
def test_a_flood_of_big_requests_drops_the_oldest_early(parts: dict[str, Any]) -> None:
    """T-46: ten thousand requests may be of a megabyte each."""
    log = Log(exchanges_kept=100, bytes_kept=5_500)
    for number in range(1, 51):
        log.record(big(number, **parts))
    kept = [exchange.number for exchange in log.exchanges.since(0)]
    assert kept in ([46, 47, 48, 49, 50], [47, 48, 49, 50])
    assert [entry.seq for entry in log.entries.since(0)] == kept
    assert log.exchanges.dropped == 50 - len(kept)


def test_a_flood_of_big_names_drops_the_oldest_early() -> None:
    log = Log(exchanges_kept=100, bytes_kept=5_500)
    for number in range(1, 51):
        log.note(replace(REGISTERED, at=number, name="x" * 900, scopes=("x" * 100,)))
    assert [entry.seq for entry in log.entries.since(0)] == [46, 47, 48, 49, 50]


def test_after_a_flood_the_log_fills_again() -> None:
    log = Log(exchanges_kept=10, bytes_kept=10_000)
    for number in range(1, 6):
        log.record(big(number, request_body=b"x" * 9_000))
    for number in range(6, 400):
        log.record(exchange(number))
        log.note(WasReset(at=number))
    assert len(log.exchanges) == 10
    assert len(log.entries) == 20


def test_many_events_do_not_shorten_the_list_of_exchanges() -> None:
    log = Log(exchanges_kept=10)
    for number in range(1, 11):
        log.record(exchange(number))
        for _ in range(5):
            log.note(WasReset(at=number))
    assert [kept.number for kept in log.exchanges.since(0)] == list(range(1, 11))


def test_an_exchange_whose_entry_is_gone_goes_with_the_next_that_must() -> None:
    log = Log(exchanges_kept=4, bytes_kept=2_500)
    log.record(big(1, request_body=b"x" * 1000))
    for number in range(8):
        log.note(WasReset(at=number))
    for number in (2, 3, 4):
        log.record(big(number, request_body=b"x" * 1000))
    assert [kept.number for kept in log.exchanges.since(0)] == [3, 4]


def test_one_exchange_that_is_too_big_by_itself_is_not_kept() -> None:
    log = Log(bytes_kept=500)
    log.record(big(1, request_body=b"x" * 1000))
    log.record(exchange(2))
    assert [kept.number for kept in log.exchanges.since(0)] == [2]


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


def test_requests_that_wait_for_their_answer_count_as_memory_kept() -> None:
    """300 held requests with heads of 64 KiB fit, with what else their memory is."""
    log = Log()
    held = range(1, 301)
    for number in held:
        log.reserve(big(number, packed_headers=b"x" * 65_000))
    assert log.exchanges.dropped == 0
    rooms = [log.has_room]
    for number in range(301, 401):
        log.record(big(number, request_body=b"x" * 65_000))
    assert 0 < sum(len(it.request_body) for it in log.exchanges.since(0)) < BYTES_KEPT // 8
    for number in range(401, 450):
        log.reserve(big(number, packed_headers=b"x" * 65_000))
    rooms.append(log.has_room)
    for number in (*held, *range(401, 450)):
        log.complete(big(number, packed_headers=b"x" * 65_000))
    assert [*rooms, log.has_room] == [True, False, True]
    for number in range(450, 2_000):
        log.record(big(number, request_body=b"x" * 65_000))
    assert 0.99 * BYTES_KEPT < len(log.exchanges) * 65_150 < 1.01 * BYTES_KEPT

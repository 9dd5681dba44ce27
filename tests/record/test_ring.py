import pytest
from hypothesis import given
from hypothesis import strategies as st

from oidc_sim.record.log import Ring


@given(capacity=st.integers(1, 12), count=st.integers(0, 60))
def test_a_ring_is_the_end_of_a_list(capacity: int, count: int) -> None:
    ring: Ring[str] = Ring(capacity)
    everything: list[str] = []
    for n in range(1, count + 1):
        ring.append(f"item {n}")
        everything.append(f"item {n}")
        kept = everything[-capacity:]
        assert list(ring.since(0)) == kept
        assert len(ring) == len(kept)
        assert ring.seen == n
        assert ring.dropped == n - len(kept)


@given(capacity=st.integers(1, 12), count=st.integers(0, 60), number=st.integers(-3, 70))
def test_an_item_is_found_by_its_number_while_it_is_kept(
    capacity: int, count: int, number: int
) -> None:
    ring: Ring[int] = Ring(capacity)
    for n in range(1, count + 1):
        ring.append(n)
    is_kept = max(0, count - capacity) < number <= count
    assert ring.get(number) == (number if is_kept else None)


@given(capacity=st.integers(1, 12), count=st.integers(0, 60), number=st.integers(-3, 70))
def test_since_gives_what_is_newer(capacity: int, count: int, number: int) -> None:
    ring: Ring[int] = Ring(capacity)
    for n in range(1, count + 1):
        ring.append(n)
    assert list(ring.since(number)) == [n for n in range(1, count + 1) if n > number][-capacity:]


@given(capacity=st.integers(1, 6), is_append=st.lists(st.booleans(), max_size=60))
def test_the_oldest_can_go_before_its_time(capacity: int, is_append: list[bool]) -> None:
    ring: Ring[int] = Ring(capacity)
    kept: list[int] = []
    for appends in is_append:
        must_go = not appends or len(kept) == capacity
        oldest = kept.pop(0) if kept and must_go else None
        if appends:
            kept.append(ring.seen + 1)
        assert (ring.append(ring.seen + 1) if appends else ring.drop_oldest()) == oldest
        assert list(ring.since(0)) == kept
        assert [ring.get(number) for number in range(1, ring.dropped + 1)] == [None] * ring.dropped
        assert (len(ring), ring.dropped) == (len(kept), ring.seen - len(kept))


def test_what_went_before_its_time_is_not_held_on_to() -> None:
    ring: Ring[str] = Ring(3)
    ring.append("big")
    ring.drop_oldest()
    assert "big" not in ring._slots


def test_a_reader_that_comes_back_misses_nothing_and_reads_nothing_twice() -> None:
    ring: Ring[int] = Ring(10)
    read: list[int] = []
    seen = 0
    for n in range(1, 100):
        ring.append(n)
        if n % 7 == 0:
            read.extend(ring.since(seen))
            seen = ring.seen
    assert read == list(range(1, 99))


@pytest.mark.parametrize("count", [100, 10_000])
def test_a_ring_never_holds_more_than_its_capacity(count: int) -> None:
    ring: Ring[int] = Ring(50)
    for n in range(count):
        ring.append(n)
    assert len(ring._slots) == 50


def test_an_item_is_replaced_under_its_number_while_it_is_kept() -> None:
    ring = Ring[str](2)
    for item in "abc":
        ring.append(item)
    assert ring.replace(2, "B")
    assert list(ring.since(0)) == ["B", "c"]
    assert not ring.replace(1, "A")
    assert not ring.replace(4, "D")

from hypothesis import given
from hypothesis import strategies as st

from oidc_sim.server.aws.portal import RateBound


def test_without_a_bound_everything_passes() -> None:
    pace = RateBound(0)
    assert all(pace.allows(1.0) for _ in range(1000))


def test_a_second_s_worth_passes_at_once_and_comes_back_with_time() -> None:
    pace = RateBound(20)
    assert [pace.allows(5.0) for _ in range(21)] == [True] * 20 + [False]
    assert pace.allows(5.06)
    assert not pace.allows(5.06)
    assert sum(pace.allows(60.0) for _ in range(100)) == 20


@given(st.integers(1, 50), st.lists(st.floats(0, 2), max_size=200))
def test_in_no_second_more_pass_than_twice_the_bound(per_s: int, gaps: list[float]) -> None:
    pace = RateBound(per_s)
    tick, passed = 0.0, list[float]()
    for gap in gaps:
        tick += gap
        if pace.allows(tick):
            passed.append(tick)
    for start in passed:
        assert sum(start <= it < start + 1 for it in passed) <= 2 * per_s

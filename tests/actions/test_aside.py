"""Work in a thread that can be abandoned."""

import asyncio
import threading
from collections.abc import Callable

import pytest

from oidc_sim.actions.aside import GIVEN_UP_S, AbandonedError, Aside, abandon_all, aside
from tests.waiting import until

GoOn = Callable[[], None]


class Endless:
    """Goes on until it is abandoned."""

    def __init__(self) -> None:
        self.has_begun = threading.Event()
        self.has_ended = threading.Event()

    def __call__(self, go_on: GoOn) -> None:
        try:
            while True:
                self.has_begun.set()
                go_on()
        finally:
            self.has_ended.set()


async def test_what_it_comes_to_is_given() -> None:
    assert await aside(lambda _: 7) == 7


async def test_what_goes_wrong_is_raised() -> None:
    def fail(_go_on: GoOn) -> None:
        raise OSError(28, "full")

    with pytest.raises(OSError, match="full"):
        await aside(fail)


@pytest.mark.parametrize("patience_s", [0.0, 20.0])
async def test_whoever_is_cancelled_abandons_it(patience_s: float) -> None:
    work = Endless()
    waiting = asyncio.ensure_future(aside(work, patience_s))
    await until(work.has_begun.is_set)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert work.has_ended.wait(20) if not patience_s else work.has_ended.is_set()


def test_a_loop_that_ends_does_not_wait_for_it() -> None:
    """As ``asyncio.to_thread`` would."""
    work, may_end = Endless(), threading.Event()

    def stuck(go_on: GoOn) -> None:
        work.has_begun.set()
        may_end.wait(60)
        go_on()

    async def main() -> None:
        waiting = asyncio.ensure_future(aside(stuck))
        await until(work.has_begun.is_set)
        assert not waiting.done()

    asyncio.run(main())
    assert not may_end.is_set()
    may_end.set()


def test_one_that_nobody_awaits_is_abandoned_by_hand() -> None:
    work = Endless()
    thread = Aside(work)
    assert work.has_begun.wait(20)
    thread.abandon(20)
    assert work.has_ended.is_set()
    assert GIVEN_UP_S < 1, "two seconds are all that a signal may take"
    assert issubclass(AbandonedError, Exception)


def test_all_are_abandoned_before_one_is_waited_for() -> None:
    """Else ten slow ones would take ten times as long to end as one."""
    ended = threading.Event()

    def ends_the_wait(go_on: GoOn) -> None:
        try:
            while True:
                go_on()
        finally:
            ended.set()

    def waits_for_the_other(_go_on: GoOn) -> None:
        ended.wait(60)

    works = [Aside(waits_for_the_other), Aside(ends_the_wait)]
    abandon_all(works, 20)
    assert not any(work.is_at_work for work in works)

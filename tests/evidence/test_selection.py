"""What evidence is made of: all that is about the selection, and nothing else."""

from oidc_sim.engine.arrival import Detour
from oidc_sim.engine.commands import AnswerPoll, Reset
from oidc_sim.evidence.selection import Selection
from oidc_sim.record.timeline import subject_of
from tests.evidence.world import seen


def numbers(world_taken: object) -> list[int]:
    return [it.number for it in world_taken.exchanges]  # type: ignore[attr-defined]


def test_a_sign_in_comes_with_its_requests_and_events_only() -> None:
    world = seen()
    taken = world.taken(user_code=world.collected.user_code)
    assert numbers(taken) == [3, 4, 5, 6, 7]
    assert {
        getattr(it.what, "user_code", None) or subject_of(it.what)  # type: ignore[arg-type]
        for it in taken.entries
    } == {world.collected.user_code}
    assert [it.user_code for it in taken.sign_ins] == [world.collected.user_code]


def test_a_request_comes_alone_with_its_sign_in() -> None:
    world = seen()
    taken = world.taken(number=4)
    assert numbers(taken) == [4]
    assert len(taken.entries) == 1
    assert [it.user_code for it in taken.sign_ins] == [world.collected.user_code]


def test_a_client_comes_with_all_that_it_did() -> None:
    world = seen()
    assert numbers(world.taken(client_id=world.fast.client_id)) == [1, 3, 4, 5, 6, 7]
    assert numbers(world.taken(client_id=world.slow.client_id)) == [2, 8, 9]


def test_with_nothing_named_everything_is_taken() -> None:
    taken = seen().taken()
    assert numbers(taken) == list(range(1, 10))
    assert len(taken.sign_ins) == 2


def test_of_what_nobody_knows_there_is_nothing() -> None:
    world = seen()
    assert world.take(user_code="BBBB-BBBB") is None
    assert world.take(client_id="nobody") is None
    assert world.take(number=99) is None


def test_what_is_forgotten_is_told_by_what_the_log_keeps() -> None:
    world = seen()
    world.scenario.simulator.dispatch(Reset())
    taken = world.taken(user_code=world.collected.user_code)
    assert numbers(taken) == [3, 4, 5, 6, 7]
    assert taken.sign_ins == ()


def test_what_was_taken_stands_still_while_the_client_goes_on() -> None:
    world = seen()
    taken = world.taken(user_code=world.waiting.user_code)
    before = repr(taken)
    world.slow.poll(world.waiting, 3)
    assert repr(taken) == before


def test_a_title_says_what_it_is_about() -> None:
    assert Selection(number=3).title == "request #3"
    assert Selection(user_code="A").title == "sign-in A"
    assert Selection(client_id="c").title == "client c"
    assert Selection().title == "everything"


def test_polls_that_were_caught_say_so_in_words() -> None:
    it = seen()
    for told, how in (("slow-down", {"fault": "slow-down"}), ("dropped", {"held_s": 12.0})):
        command = AnswerPoll(
            user_code=it.waiting.user_code,
            client_id=it.slow.client_id,
            detour=Detour(tick=it.scenario.simulator.now().tick, **how),
            answer_word=told,
        )
        it.scenario.simulator.dispatch(command)
    (sign_in,) = it.taken(user_code=it.waiting.user_code).sign_ins
    assert [(one.what, one.detail) for one in sign_in.moments][-2:] == [
        ("poll 2", "fault slow-down"),
        ("poll 3", "held 12 s, dropped"),
    ]
    assert sign_in.polls == 3

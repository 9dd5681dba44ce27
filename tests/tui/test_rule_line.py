"""What a hold or fault means, in the words of ``ctl``."""

import pytest

from oidc_sim.actions.typed_settings import WordsError
from oidc_sim.engine.arrival import Arrival, Target, Trigger
from oidc_sim.tui.dialogs.rule_line import Aim, aimed, is_rule_word, pairs_of, requests_meant


def read(line: str, aim: Aim | None = None) -> Aim:
    return aimed(aim or Aim(), pairs_of(line))


def test_all_words_of_a_trigger_are_read() -> None:
    assert read("times=3 skip=2 p=0.5 seed=7 for=10m").trigger == Trigger(
        times=3, skip=2, probability=0.5, seed=7, lifetime_s=600.0
    )
    assert read("times=always ttl=8h").trigger == Trigger(times=None, lifetime_s=28_800.0)


def test_all_words_of_a_target_are_read_and_narrow_what_was_chosen() -> None:
    target = read(
        'code=wdjbmjht op=createtoken filter="client:aws* ip:127.*"',
        Aim(target=Target(client_id="C1")),
    ).target
    assert (target.user_code, target.operation, target.client_id) == (
        "WDJB-MJHT",
        "CreateToken",
        "C1",
    )
    arrival = Arrival(
        operation="CreateToken",
        endpoint="/token",
        client_id="C1",
        client_name="aws-cli",
        user_code="WDJB-MJHT",
        address="127.0.0.1",
    )
    assert not target.misses(arrival)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("times=0", "times=0: times is a number from 1 to 1,000,000, or always"),
        ("times=often", "times=often: times is a whole number, or always"),
        ("skip=-1", "skip=-1: skip is a number from 0 to 1,000,000"),
        ("p=2", "p=2: p is a probability between 0 and 1"),
        ("p=half", "p=half: p is a probability"),
        ("p=nan", "p=nan: p is a probability between 0 and 1"),
        ("for=soon", "for: type a time such as"),
        ("for=2d", "for=2d: a rule lasts more than 0 s and at most a day"),
        ("client=", "client=: client has 1 to 500 characters"),
        ("filter=status>=4", "filter, after 0 characters: status is not known when"),
        ("filter='client:('", "filter, after"),
        ("op=CreateTokens", "there is no operation CreateTokens"),
        ("tims=3", "there is no tims; there is times skip"),
        ("twice", "write name=value"),
    ],
)
def test_what_is_not_clear_is_said_in_one_line(line: str, said: str) -> None:
    with pytest.raises(WordsError) as error:
        read(line)
    assert str(error.value).startswith(said)
    assert "\n" not in str(error.value)


def test_a_blank_filter_means_everything() -> None:
    assert read("filter=' '").target.is_everything


def test_it_is_said_in_english() -> None:
    assert requests_meant(Aim(), "aws-cli") == "the next request of aws-cli"
    aim = read("times=3 skip=2 p=0.5 for=8h op=CreateToken filter=client:aws*")
    assert requests_meant(aim) == (
        "the next 3 CreateToken requests with a client like aws*,"
        " after the first 2, each with p=0.5, for 8 h"
    )
    assert requests_meant(read("times=always")) == "every request"


def test_a_setting_of_a_fault_is_no_word_of_the_rule() -> None:
    assert is_rule_word("for")
    assert is_rule_word("probability")
    assert not is_rule_word("seconds")

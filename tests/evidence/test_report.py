"""The report tells the story, and a stranger's text in it does nothing."""

import pytest

from oidc_sim.evidence.allowance import Allowance
from oidc_sim.evidence.report import MAX_REQUESTS, quoted, report
from oidc_sim.evidence.selection import Taken
from oidc_sim.record.log import Entry
from tests.evidence.world import seen
from tests.hostile_text import PAYLOADS
from tests.record.samples import EXCHANGE


def test_it_says_what_the_client_did_and_how_it_kept_pace() -> None:
    world = seen()
    text = report(world.taken(user_code=world.collected.user_code), Allowance())
    for part in (
        f"# What the client did: sign-in {world.collected.user_code}",
        "- 5 requests",
        "- 3 x `CreateToken`: 400 `authorization_pending`",
        "- user agent: `aws-cli/2.31.0 md/awscrt#0.27.6 ua/2.1 os/linux`",
        "- client: `fast-cli`",
        "- cadence, RFC 8628 §3.5: keeps pace: told 1 s, waited 1.0 s; 1 too early before",
        "- polls that came too early: 1",
        "- last waits, seconds waited/asked: 0.3/1, 0.3/1 too fast, 1.0/1",
        "| 12:11:12.000 | authorized | for 600 s |",
        " | approved | by the script |",
        "| polls 1 to 3 | authorization_pending |",
    ):
        assert part in text
    assert text.count("\n| ") == 4 + 1 + 5 + 1


def test_right_after_a_slow_down_it_says_what_the_client_had_been_told_before() -> None:
    world = seen()
    world.slow.poll(world.waiting, 2)
    world.scenario.decide("slow-down", world.waiting.user_code)
    world.slow.poll(world.waiting)
    text = report(world.taken(user_code=world.waiting.user_code), Allowance())
    assert "- cadence, RFC 8628 §3.5: keeps pace: told 1 s, waited 1.0 s\n" in text
    assert "- last waits, seconds waited/asked: 1.0/1, 1.0/1, 1.0/1\n" in text


def test_each_request_has_its_row_with_sizes_and_time() -> None:
    world = seen()
    assert (
        "| 9 | 12:11:14.900 | `POST` `/token` | 400 | `authorization_pending` | 0.4 ms | "
        in report(world.taken(), Allowance())
    )


def test_the_table_is_bounded_and_says_so() -> None:
    entries = tuple(Entry(n, EXCHANGE._replace(number=n)) for n in range(1, MAX_REQUESTS + 3))
    text = report(Taken("everything", 0.0, "http://h", entries, ()), Allowance())
    assert f"The newest {MAX_REQUESTS:,} of {MAX_REQUESTS + 2:,}" in text
    assert f"| {MAX_REQUESTS + 2} |" in text
    assert "\n| 2 |" not in text


def test_no_secret_is_in_it() -> None:
    world = seen()
    text = report(world.taken(), Allowance())
    assert not [secret for secret in world.secrets if secret in text]


@pytest.mark.parametrize("hostile", PAYLOADS.values(), ids=PAYLOADS)
def test_a_strangers_text_cannot_leave_its_quotation_marks(hostile: str) -> None:
    shown = quoted(Allowance(), f"``{hostile}`|`")
    assert shown.isprintable()
    assert shown.startswith("``` ")
    assert shown.endswith(" ```")


def test_a_bar_in_a_strangers_text_ends_no_cell() -> None:
    text = report(
        Taken("x", 0.0, "u", (Entry(1, EXCHANGE._replace(outcome="a|b\n# c")),), ()), Allowance()
    )
    assert r"| `a\|b\n# c` |" in text
    assert quoted(Allowance(), " ") == "(nothing)"
    assert quoted(Allowance(), "a" * 999) == "`" + "a" * 200 + "...`"

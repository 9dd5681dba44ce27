from dataclasses import replace

import pytest

from oidc_sim.server.pages import page_text
from oidc_sim.server.pages.page_text import Question, in_words, shown
from tests.server.page_reader import PageReader

QUESTION = Question(
    user_code="BCDF-GHJK",
    csrf_token="abc",
    client_name="demo-cli",
    scopes=("sso:account:access",),
    asked_at=1_764_000_000.0,
    asked_ago_s=5.0,
    user_agent="aws-cli/2",
)


@pytest.mark.parametrize(
    ("ago_s", "words"),
    [
        (-5.0, "just now"),
        (0.0, "just now"),
        (0.9, "just now"),
        (1.0, "1 second ago"),
        (59.9, "59 seconds ago"),
        (60.0, "1 minute ago"),
        (599.0, "9 minutes ago"),
        (3600.0, "1 hour ago"),
        (7 * 86_400.0, "7 days ago"),
    ],
)
def test_time_that_passed_is_told_in_whole_units(ago_s: float, words: str) -> None:
    assert in_words(ago_s) == words


@pytest.mark.parametrize("asked_at", [-1e30, -1e12, 1e12, 1e30, float("inf"), float("nan")])
def test_a_clock_that_was_stepped_beyond_every_calendar_still_shows_a_page(asked_at: float) -> None:
    page = PageReader(page_text.ask(replace(QUESTION, asked_at=asked_at)))
    assert "5 seconds ago" in page.text
    assert page.all("time") == []


def test_the_time_that_is_shown_is_also_there_for_programs() -> None:
    (time,) = PageReader(page_text.ask(QUESTION)).all("time")
    assert str(time["datetime"]).startswith("2025-11-2")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("demo", "demo"),
        ("<b>\"'&", "&lt;b&gt;&quot;&#x27;&amp;"),
        ("\x1b]52;c;x\x07", r"\x1b]52;c;x\x07"),
        ("a\u202eb\u200bc", r"a\u202eb\u200bc"),
        ("\udcff", r"\udcff"),
        ("x" * 81, "x" * 80 + "…"),
        ("x" * 80, "x" * 80),
    ],
)
def test_a_strangers_text_is_shown_as_text(text: str, html: str) -> None:
    assert shown(text) == f"<bdi>{html}</bdi>"


def test_a_strangers_megabyte_is_cut() -> None:
    question = replace(
        QUESTION, client_name="n" * 10**6, scopes=("s" * 10**6,) * 25, user_agent="u" * 10**6
    )
    assert len(page_text.ask(question)) < 10_000


def test_a_client_without_scopes_or_user_agent_is_shown_without_them() -> None:
    page = PageReader(page_text.ask(replace(QUESTION, scopes=(), user_agent=None)))
    assert "none asked for" in page.text
    assert "not known" in page.text

"""JSON in colours, and folded: nothing of it is lost, and nothing is told by colour alone."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oidc_sim.testing.scenario import Scenario
from oidc_sim.tui.bars.page import Page, Tone
from oidc_sim.tui.inspector.exchange import body_lines, json_lines, laid_out
from tests.tui.showing import showing

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def tones(text: str) -> list[tuple[str, Tone]]:
    spans = [span for line in json_lines(text) for span in line.spans]
    return [(span.text, Tone(span.tone)) for span in spans if span.tone is not Tone.PLAIN]


def test_each_piece_has_the_tone_of_what_it_is() -> None:
    text = laid_out({"a": "b", "n": -1, "w": None, 'q"': ["x: y", True]})
    assert tones(text) == [
        *(('"a"', Tone.NAME), ('"b"', Tone.STRING)),
        *(('"n"', Tone.NAME), ("-1", Tone.NUMBER)),
        *(('"w"', Tone.NAME), ("null", Tone.WORD)),
        *(('"q\\""', Tone.NAME), ('"x: y"', Tone.STRING), ("true", Tone.WORD)),
    ]


@given(VALUES)
def test_colours_lose_no_character(value: object) -> None:
    text = laid_out(value)
    shown = "".join(line.text for line in json_lines(text))
    if text.isascii():
        assert shown == text.replace("\n", "")
    assert shown.isprintable()


def test_folded_members_are_counted_and_their_names_stay() -> None:
    value = {"a": {"x": 1, "y": {}}, "b": [1], "c": {}, "d": "e"}
    assert laid_out(value, is_folded=True).split("\n") == [
        "{",
        '  "a": {... 2 members},',
        '  "b": [... 1 item],',
        '  "c": {},',
        '  "d": "e"',
        "}",
    ]
    assert laid_out([{"a": 1}, 2], is_folded=True) == "[\n  {... 1 member},\n  2\n]"


@given(VALUES)
def test_what_has_nothing_nested_is_the_same_folded(value: object) -> None:
    flat = {"a": value if not isinstance(value, dict | list) else None}
    assert laid_out(flat, is_folded=True) == laid_out(flat)
    assert laid_out({}, is_folded=True) == "{}"


def test_a_folded_body_has_its_secrets_cut_too() -> None:
    body = json.dumps({"clientSecret": "0123456789abcdef", "list": [1, 2]}).encode()
    text = "\n".join(line.text for line in body_lines(body, is_folded=True))
    assert '"clientSecret": "0123...cdef"' in text
    assert '"list": [... 2 items]' in text


@pytest.mark.parametrize("tone", [Tone.NAME, Tone.NUMBER, Tone.WORD])
async def test_without_colours_the_tones_still_differ(
    tone: Tone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with showing(Scenario()) as shown:
        page = shown.app.screen.query_one(Page)
        style, plain = page._style(tone), page._style(Tone.STRING)
        assert (style.bold, style.italic) != (plain.bold, plain.italic)

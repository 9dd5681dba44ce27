"""Nothing but ink comes out of `printable`."""

import json
import unicodedata

import pytest
from hypothesis import given
from rich.cells import cell_len

from oidc_sim.text.printable import (
    _CHARACTERS,
    _MAX_MEMO,
    joined,
    printable,
    printable_bytes,
    printable_json,
    printable_lines,
)
from tests.hostile_text import PAYLOADS, TEXTS

INVISIBLE = {0x34F, 0x115F, 0x1160, 0x3164, 0xFFA0, 0x2800, 0x17B4, 0x17B5}
SELECTORS = {*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)}


def is_ink(character: str) -> bool:
    """Written from the rule, not from the code."""
    code = ord(character)
    if character == " ":
        return True
    is_hidden = unicodedata.category(character)[0] in "CZ"
    return not is_hidden and code not in INVISIBLE and code not in SELECTORS


@given(TEXTS)
def test_json_stays_json_and_loses_nothing(text: str) -> None:
    shown = printable_json(json.dumps({text: text}))
    assert all(map(is_ink, shown))
    assert json.loads(shown) == json.loads(json.dumps({text: text}))


@given(TEXTS)
def test_nothing_but_ink_comes_out(text: str) -> None:
    assert all(map(is_ink, printable(text)))


@given(TEXTS)
def test_at_most_two_marks_stand_on_a_character_and_none_on_nothing(text: str) -> None:
    run = 2
    for character in printable(text):
        is_mark = unicodedata.category(character)[0] == "M" or cell_len(character) == 0
        run = run + 1 if is_mark else 0
        assert run <= 2


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_no_payload_comes_through(payload: str) -> None:
    assert all(map(is_ink, printable(payload)))


@given(TEXTS)
def test_clean_text_stays_as_it_is(text: str) -> None:
    once = printable(text)
    assert printable(once) == once


@given(TEXTS, TEXTS)
def test_two_printable_texts_put_together_are_printable(left: str, right: str) -> None:
    both = joined(printable(left), printable(right))
    assert printable(both) == both


def test_every_mark_is_known_as_one() -> None:
    """The code looks for marks in a part of Unicode only."""
    every = (chr(code) for code in range(0x20, 0x110000))
    towers = ["a" + mark * 3 for mark in every if unicodedata.category(mark)[0] == "M"]
    assert [tower for tower in towers if printable(tower) == tower] == []


@given(TEXTS)
def test_what_was_shown_can_be_encoded_for_a_terminal(text: str) -> None:
    printable(text).encode("utf-8")


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("aws-cli", "aws-cli"),
        ("Müller 漢字 é", "Müller 漢字 é"),
        ("e\u0301", "e\u0301"),
        ("\x1b[31m", "\\x1b[31m"),
        ("a\tb\r\nc\x0b", "a\\tb\\r\\nc\\x0b"),
        ("\x7f", "\\x7f"),
        ("\x9b31m", "\\x9b31m"),
        ("x\u202ey", "x\\u202ey"),
        ("\u200b\u200d\ufeff\u00ad", "\\u200b\\u200d\\ufeff\\xad"),
        ("\u2028\u2029\u00a0\u3000", "\\u2028\\u2029\\xa0\\u3000"),
        ("\U000e0041", "\\U000e0041"),
        ("\ud800", "\\ud800"),
        ("\ue000\uffff", "\\ue000\\uffff"),
        ("\u115f\u1160\u3164\uffa0\u034f", "\\u115f\\u1160\\u3164\\uffa0\\u034f"),
        ("❤\ufe0f", "❤\\ufe0f"),
        ("a\u0300\u0301\u0302\u0303b", "a\u0300\u0301\\u0302\\u0303b"),
        ("\u0300a", "\\u0300a"),
        ("[/b] [@click=x]", "[/b] [@click=x]"),
        ("", ""),
    ],
)
def test_each_kind_of_character_has_one_visible_form(raw: str, shown: str) -> None:
    assert printable(raw) == shown


def test_bytes_that_are_not_utf8_show_as_escapes() -> None:
    assert printable_bytes(b'{"a":"\xff\xc3\xa9\x1b"}') == '{"a":"\\xffé\\x1b"}'


def test_lines_are_split_at_line_feeds_only() -> None:
    assert printable_lines("a\r\nb\n\nc\rd\u2028e\x0bf") == [
        "a",
        "b",
        "",
        "c\\rd\\u2028e\\x0bf",
    ]


def test_strangers_cannot_fill_the_memory_with_characters() -> None:
    """T-46."""
    printable("".join(map(chr, range(0x20, 0x8000))))
    assert len(_CHARACTERS) <= _MAX_MEMO


@pytest.mark.parametrize("unit", ["a", "\x1b]", "漢", "\u0301", "e\u0301", "\u202e"])
def test_the_work_for_a_line_of_a_megabyte_is_linear(unit: str) -> None:
    """No stopwatch: quadratic work on a megabyte takes minutes, which the suite's timeout ends."""
    text = unit * (1_000_000 // len(unit.encode()))
    shown = printable(text)
    assert len(shown) >= len(text)

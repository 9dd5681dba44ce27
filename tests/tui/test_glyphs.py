"""Each sign is one cell wide everywhere, and says its state without its colour."""

import unicodedata

import pytest
from rich.cells import cell_len

from oidc_sim.tui.cells import printable
from oidc_sim.tui.glyphs import ASCII, UNICODE, Glyphs, Look


def every_sign(glyphs: Glyphs) -> list[str]:
    return [*glyphs.signs.values(), glyphs.cursor, glyphs.ellipsis, glyphs.above]


@pytest.mark.parametrize("sign", [*every_sign(UNICODE), *every_sign(ASCII)])
def test_a_sign_is_one_cell_wide_and_printable(sign: str) -> None:
    assert len(sign) == 1
    assert cell_len(sign) == 1
    assert unicodedata.east_asian_width(sign) not in {"W", "F"}
    assert printable(sign) == sign


def test_signs_for_ascii_terminals_are_ascii() -> None:
    assert all(sign.isascii() for sign in every_sign(ASCII))


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII], ids=["unicode", "ascii"])
def test_states_differ_by_sign_and_by_word(glyphs: Glyphs) -> None:
    assert set(glyphs.signs) == set(Look)
    assert len(set(glyphs.signs.values())) == len(Look)
    assert len({glyphs.label(look) for look in Look}) == len(Look)


@pytest.mark.parametrize("look", Look)
def test_every_state_has_a_role(look: Look) -> None:
    assert look.role


def test_a_label_is_the_sign_and_the_word() -> None:
    assert UNICODE.label(Look.PENDING) == "◷ pending"
    assert ASCII.label(Look.FAULTY) == "! faulty"

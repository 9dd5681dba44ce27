"""The style sheet's colours can be told apart, in light and in dark (WCAG 2.2, 1.4.3 and 1.4.11)."""

import re
from importlib.resources import files

import pytest

CSS = files("oidc_sim.server.pages").joinpath("style.css").read_text("utf-8")
TEXT, EDGE = 4.5, 3.0
PAIRS = [
    ("ink", "ground", TEXT),
    ("ink", "card", TEXT),
    ("ink", "tint", TEXT),
    ("quiet", "card", TEXT),
    ("accent", "card", TEXT),
    ("accent", "tint", TEXT),
    ("on-accent", "accent", TEXT),
    ("on-accent", "accent-strong", TEXT),
    ("alert", "alert-tint", TEXT),
    ("good", "card", TEXT),
    ("banner-ink", "banner", TEXT),
    ("edge", "card", EDGE),
    ("alert", "card", EDGE),
]


def colours(number: int) -> dict[str, str]:
    block = re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)[number]
    return dict(re.findall(r"--([a-z-]+): #([0-9a-f]{6});", block))


def luminance(colour: str) -> float:
    shares = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        it / 12.92 if it <= 0.04045 else ((it + 0.055) / 1.055) ** 2.4 for it in shares
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
def test_what_is_on_a_ground_stands_out(scheme: int, ink: str, ground: str, least: float) -> None:
    palette = colours(scheme)
    assert contrast(palette[ink], palette[ground]) >= least


def test_both_schemes_have_the_same_colours() -> None:
    assert colours(0).keys() == colours(1).keys()


def test_black_on_white_has_the_contrast_that_wcag_says() -> None:
    assert contrast("000000", "ffffff") == pytest.approx(21)

"""Which panels a window has room for."""

import pytest

from oidc_sim.tui.panels import Panel, Window

CLIENTS, DEVICES, REQUESTS, INSPECTOR = Panel
LARGE, LOW, TALL_AND_NARROW, SMALL = (
    Window(120, 40),
    Window(120, 29),
    Window(99, 30),
    Window(80, 24),
)


@pytest.mark.parametrize(
    ("window", "home"),
    [
        (LARGE, [CLIENTS, DEVICES, REQUESTS, INSPECTOR]),
        (LOW, [DEVICES, REQUESTS, INSPECTOR]),
        (TALL_AND_NARROW, [CLIENTS, DEVICES, REQUESTS]),
        (SMALL, [DEVICES, REQUESTS]),
    ],
)
def test_a_window_shows_what_it_has_room_for(window: Window, home: list[Panel]) -> None:
    assert window.shown(DEVICES, is_zoomed=False) == set(home)


@pytest.mark.parametrize("window", [LARGE, LOW, TALL_AND_NARROW, SMALL])
@pytest.mark.parametrize("panel", Panel)
@pytest.mark.parametrize("is_zoomed", [True, False])
def test_the_focused_panel_is_always_shown(window: Window, panel: Panel, is_zoomed: bool) -> None:  # noqa: FBT001
    shown = window.shown(panel, is_zoomed=is_zoomed)
    assert panel in shown
    assert not is_zoomed or shown == {panel}


def test_clients_take_the_place_of_device_codes_in_a_short_window() -> None:
    assert SMALL.shown(CLIENTS, is_zoomed=False) == {CLIENTS, REQUESTS}


def test_the_inspector_takes_a_narrow_window_whole() -> None:
    assert SMALL.shown(INSPECTOR, is_zoomed=False) == {INSPECTOR}
    assert TALL_AND_NARROW.shown(INSPECTOR, is_zoomed=False) == {INSPECTOR}


@pytest.mark.parametrize("window", [LARGE, LOW, TALL_AND_NARROW, SMALL])
@pytest.mark.parametrize("start", Panel)
@pytest.mark.parametrize("by", [1, -1])
def test_tab_goes_round_what_is_shown_at_home(window: Window, start: Panel, by: int) -> None:
    seen = []
    panel = start
    for _ in window.at_home:
        panel = window.next_panel(panel, by)
        seen.append(panel)
    assert sorted(seen) == sorted(window.at_home)


@pytest.mark.parametrize(
    ("size", "is_too_small"),
    [
        ((60, 16), True),
        ((59, 20), True),
        ((80, 15), True),
        ((52, 14), True),
        ((1, 1), True),
        ((61, 16), False),
        ((60, 17), False),
        ((80, 24), False),
    ],
)
def test_sixty_by_sixteen_and_what_is_smaller_gets_the_card(
    size: tuple[int, int],
    is_too_small: bool,  # noqa: FBT001
) -> None:
    assert Window(*size).is_too_small == is_too_small

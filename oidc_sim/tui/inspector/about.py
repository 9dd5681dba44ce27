"""Chooses what the inspector shows of its subject."""

from oidc_sim.record.exchange import Exchange
from oidc_sim.simulator.simulator import Simulator
from oidc_sim.tui.bars.lines import BLANK, Line
from oidc_sim.tui.glyphs import fine_clock
from oidc_sim.tui.inspector.client import client_lines
from oidc_sim.tui.inspector.device import Place, device_lines, whole_next_lines
from oidc_sim.tui.inspector.exchange import (
    curl_lines,
    exchange_facts,
    not_yet_lines,
    request_lines,
    response_lines,
)
from oidc_sim.tui.inspector.facts import muted, plain
from oidc_sim.tui.inspector.session import session_lines
from oidc_sim.tui.inspector.subject import Subject, View
from oidc_sim.tui.lists.requests import waiting_outcome
from oidc_sim.tui.panels import Panel

_NOTHING_SELECTED = {
    Panel.CLIENTS: ("No client is selected.",),
    Panel.DEVICES: (
        "No device code yet.",
        "",
        "Here you will see its state, its polls, and what its client gets next.",
    ),
    Panel.REQUESTS: ("No request is selected.", "", "↑ selects one and stops following."),
}


def views_of(subject: Subject) -> tuple[View, ...]:
    """The views that there are of it: HTTP belongs to device codes and requests."""
    return (View.CLIENT,) if subject.panel is Panel.CLIENTS else _VIEWS


def about(simulator: Simulator, subject: Subject, view: View, place: Place) -> list[Line]:
    """The lines of one view of a subject."""
    if subject.row_id is None:
        return [plain(text) for text in _NOTHING_SELECTED[subject.panel]]
    if view in {View.CLIENT, View.TIMELINE}:
        return _story(simulator, subject, place)
    if view is View.NEXT:
        return _whole_next(simulator, subject, place)
    exchange = subject.exchange(simulator)
    if exchange is None:
        return [muted(_NO_EXCHANGE[subject.panel])]
    waiting = waiting_outcome(simulator, exchange)
    if view is View.RESPONSE and waiting is not None:
        return [*_which(exchange, subject), *not_yet_lines(waiting)]
    return [*_which(exchange, subject), *_http(exchange, view, place)]


def _http(exchange: Exchange, view: View, place: Place) -> list[Line]:
    if view is View.CURL:
        return curl_lines(exchange, place.url)
    lines = request_lines if view is View.REQUEST else response_lines
    return lines(exchange, is_folded=place.is_folded)


def _which(exchange: Exchange, subject: Subject) -> list[Line]:
    """Of a device code the newest is shown, which changes while one reads."""
    if subject.panel is Panel.REQUESTS:
        return []
    return [muted(f"newest request, #{exchange.number} at {fine_clock(exchange.at)}"), BLANK]


def _story(simulator: Simulator, subject: Subject, place: Place) -> list[Line]:
    if subject.panel is Panel.CLIENTS:
        if str(subject.row_id) not in simulator.state.clients:
            return [plain("This client is forgotten.")]
        return client_lines(simulator, str(subject.row_id), place.glyphs)
    lines: list[Line] = []
    if subject.panel is Panel.REQUESTS:
        exchange = subject.exchange(simulator)
        if exchange is None:
            return [muted(_NO_EXCHANGE[Panel.REQUESTS])]
        lines = [*exchange_facts(exchange, waiting_outcome(simulator, exchange)), BLANK]
    return [*lines, *_device(simulator, subject, place)]


def _whole_next(simulator: Simulator, subject: Subject, place: Place) -> list[Line]:
    user_code = subject.user_code(simulator)
    if user_code is None:
        return [muted("It was about no device code.")]
    if user_code not in simulator.state.devices:
        return [plain(f"The device code {user_code} is forgotten.")]
    return whole_next_lines(simulator, simulator.state.devices[user_code], place)


def _device(simulator: Simulator, subject: Subject, place: Place) -> list[Line]:
    user_code = subject.user_code(simulator)
    if user_code is None:
        return [muted("It was about no device code.")]
    if user_code not in simulator.state.devices:
        session = session_lines(simulator, user_code, place.glyphs)
        return session or [plain(f"The device code {user_code} is forgotten.")]
    return device_lines(simulator, user_code, place)


_VIEWS = (View.TIMELINE, View.REQUEST, View.RESPONSE, View.CURL, View.NEXT)
_NO_EXCHANGE = {
    Panel.DEVICES: "Its last request is older than the list of requests goes back.",
    Panel.REQUESTS: "This request is older than the list of requests goes back.",
}

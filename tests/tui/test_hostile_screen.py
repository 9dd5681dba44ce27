"""T-01, T-02, T-03 on every screen: what strangers send is shown literally, and does nothing."""

import json
import re
from typing import Any

import pytest
from rich.cells import cell_len
from textual.widgets._toast import Toast

from oidc_sim.engine import evolve
from oidc_sim.engine.directory import Session
from oidc_sim.engine.events import CredentialsIssued, DeviceAuthorized, Event
from oidc_sim.engine.model import BrowserRequest
from oidc_sim.testing.scenario import URL, Program, Scenario
from oidc_sim.text.printable import printable
from oidc_sim.tui.app import OperatorApp
from oidc_sim.tui.bars.page import wrapped
from oidc_sim.tui.inspector.device import Place
from oidc_sim.tui.inspector.panel import Subject, about, views_of
from oidc_sim.tui.panels import Panel
from oidc_sim.wire.errors import UNKNOWN_OPERATION
from oidc_sim.wire.operations import CREATE_TOKEN, REGISTER_CLIENT
from tests.hostile_text import PAYLOADS
from tests.tui.screen_text import screen_strips
from tests.tui.showing import NARROW, WIDE, Shown, showing

SIZES = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "120x40"])


def attacked(*payloads: str) -> Scenario:
    """A stranger's texts in every place that they can reach."""
    scenario = Scenario()
    for payload in payloads:
        attack(scenario, payload)
    return scenario


def attack(scenario: Scenario, payload: str) -> None:
    """One text as name, scope, header, path, parameter, method, body and outcome."""
    # A lone surrogate is no valid Unicode: as a name it is refused, in a head or a path it comes.
    name = payload.encode("utf-8", "replace").decode()
    body = {"clientName": name, "clientType": "public", "scopes": [name], "x": payload}
    scenario.send(REGISTER_CLIENT, body, agent=payload)
    program = scenario.register(name, (name[:100],), agent=payload)
    program.poll(program.start(), 2)
    attack_sign_in(scenario, program, payload)
    raw = payload.encode("utf-8", "surrogatepass")
    scenario.send(CREATE_TOKEN, raw, agent=payload)
    scenario.send(CREATE_TOKEN, json.dumps({"grantType": payload}).encode(), agent=payload)
    answer = UNKNOWN_OPERATION.answer()._replace(outcome=payload)
    scenario.record("POST", f"/{payload}?code={payload}", raw, answer, payload)
    scenario.record(payload, payload, raw, answer, payload)


def attack_sign_in(scenario: Scenario, program: Program, payload: str) -> None:
    """The same as redirect, state, scope, client, account and role: the engine would take few of these."""
    authorized = DeviceAuthorized(
        at=scenario.clock.wall(),
        user_code=(user_code := scenario.simulator.ids.user_code()),
        code_digest="",
        client_id=program.client_id,
        client_name=payload,
        scopes=(payload,),
        expires_at=scenario.clock.wall() + 600,
        interval_s=1,
        browser=BrowserRequest(redirect_uri=payload, client_state=payload, code_challenge=payload),
    )
    happens(scenario, authorized)
    session = Session(
        session_id=user_code,
        client_id=program.client_id,
        scopes=(payload,),
        user_id=payload,
        started_at=scenario.clock.wall(),
        expires_at=scenario.clock.wall() + 60,
    )
    scenario.simulator.state.sessions[user_code] = session
    taken = CredentialsIssued(
        at=scenario.clock.wall(),
        session_id=user_code,
        account_id=payload,
        role_name=payload,
        access_key_id=payload,
        expires_at=scenario.clock.wall() + 60,
    )
    happens(scenario, taken)


def happens(scenario: Scenario, event: Event) -> None:
    """Past the engine's checks."""
    evolve(scenario.simulator.state, event)
    scenario.simulator.log.note(event)
    scenario.simulator._tell(event)


def is_clean(shown: Shown) -> None:
    """Every cell of the screen is ink, and every line as wide as the screen."""
    for strip in screen_strips(shown.app):
        for segment in strip:
            if segment.control is None:
                assert printable("a" + segment.text) == "a" + segment.text
            meta = segment.style.meta if segment.style else {}
            assert not [key for key in meta if key.startswith("@")]
        assert strip.cell_length == cell_len(strip.text) == shown.app.size.width


@pytest.mark.parametrize("width", [1, 38, 76])
@pytest.mark.parametrize("name", PAYLOADS)
def test_nothing_but_ink_is_in_any_view_of_the_inspector(name: str, width: int) -> None:
    scenario = attacked(PAYLOADS[name])
    state, log = scenario.simulator.state, scenario.simulator.log
    for subject in (
        *(Subject(Panel.CLIENTS, row_id) for row_id in state.clients),
        *(Subject(Panel.DEVICES, row_id) for row_id in state.devices),
        *(Subject(Panel.REQUESTS, number + 1) for number in range(log.exchanges.seen)),
    ):
        assert printable(subject.title(scenario.simulator)) == subject.title(scenario.simulator)
        for view in views_of(subject):
            lines = about(scenario.simulator, subject, view, Place(width, URL))
            for line in wrapped(lines, width):
                assert printable("a" + line.text) == "a" + line.text
                assert cell_len(line.text) <= max(2, width)


@SIZES
async def test_nothing_but_ink_is_on_any_screen(size: tuple[int, int]) -> None:
    scenario = attacked(*PAYLOADS.values())
    async with showing(scenario, size) as shown:
        for panel in (Panel.CLIENTS, Panel.DEVICES):
            await shown.press(str(panel.value), "home")
            for _ in PAYLOADS:
                await shown.press("enter")
                is_clean(shown)
                await shown.press("escape", "down")
                is_clean(shown)
        await shown.press("3", "home", "right")
        for key in ["pagedown", "down", "enter", "escape", "right", "down", "up", "left"] * 5:
            await shown.press(key)
            is_clean(shown)
        for key in ("a", "d", "u", "Y", "y", "o", "question_mark", "escape", "z"):
            await shown.press(key)
            is_clean(shown)
        await shown.pilot.resize_terminal(52, 14)
        await shown.settle()
        is_clean(shown)


@pytest.mark.parametrize("name", PAYLOADS)
async def test_at_least_ten_cells_of_a_hostile_name_are_shown_in_the_lists(name: str) -> None:
    payload = PAYLOADS[name].encode("utf-8", "replace").decode()
    scenario = attacked(PAYLOADS[name])
    async with showing(scenario, WIDE) as shown:
        start = printable(payload)[:6]
        client_rows = [line for line in shown.lines[3:6] if start in line]
        device_rows = [line for line in shown.lines[10:12] if start in line]
        assert client_rows
        assert device_rows


CLICKS = {name: PAYLOADS[name] for name in ("closing_tag", "click_action", "unknown_tag")}
CLICKS["action"] = "[@click=screen.decide('approve')]approve[/] [@click=app.quit]quit[/]"
CLICKS["link"] = "[link=file:///etc/passwd]x[/link] [@click='screen.decide(\"deny\")']y"


@pytest.mark.parametrize("name", CLICKS)
async def test_a_click_anywhere_runs_no_action(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = attacked(CLICKS[name])
    run: list[str] = []
    original = OperatorApp.run_action

    async def noted(app: OperatorApp, action: Any, *rest: Any, **named: Any) -> bool:
        run.append(str(action))
        return await original(app, action, *rest, **named)

    async with showing(scenario, WIDE) as shown:
        monkeypatch.setattr(OperatorApp, "run_action", noted)
        await shown.press("2", "right")
        run.clear()
        spots = [
            (match.start() + 2, y)
            for y, line in enumerate(shown.lines)
            for match in re.finditer(r"\[@|\[/|\[link|\[TODO|approve", line)
            if 1 < y < WIDE[1] - 2
        ]
        assert len(spots) > 3
        for spot in spots[:20]:
            await shown.pilot.click(offset=spot)
        await shown.settle()
        assert run == []
        assert not any(device.decisions for device in scenario.simulator.state.devices.values())


@pytest.mark.parametrize("name", PAYLOADS)
async def test_a_toast_shows_a_hostile_note_literally_and_does_nothing_when_clicked(
    name: str,
) -> None:
    scenario = Scenario()
    async with showing(scenario, WIDE) as shown:
        shown.running_server.notes.append(
            f"answered a request with 500, our fault: {PAYLOADS[name][:60]}"
        )
        shown.app._beat()
        await shown.settle()
        await shown.settle()
        assert shown.running_server.notes == []
        assert "answered a request with 500" in shown.text
        is_clean(shown)
        await shown.pilot.click(Toast)
        await shown.settle()
        assert shown.app.screen is shown.screen


async def test_a_flood_of_notes_becomes_a_few_toasts() -> None:
    async with showing(Scenario(), WIDE) as shown:
        shown.running_server.notes.extend(f"note {number}" for number in range(500))
        shown.app._beat()
        await shown.settle()
        await shown.settle()
        assert len(shown.app.screen.query(Toast)) == 4
        assert "and 497 more of these" in shown.text

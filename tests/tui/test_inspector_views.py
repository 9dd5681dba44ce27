"""The next answer, whole; folding; sizes; and tabs that fit."""

import json

import pytest

from oidc_sim.testing.scenario import URL, Scenario
from oidc_sim.tui.inspector.device import Place
from oidc_sim.tui.inspector.panel import Subject, View
from oidc_sim.tui.panels import Panel
from tests.tui.browser_sign_ins import begin, browser_client
from tests.tui.showing import NARROW, WIDE, showing
from tests.tui.test_inspector import of_device, signing_in, told

NARROWEST_BESIDE = (100, 40)


@pytest.mark.parametrize("decision", [None, "approve", "deny", "slow-down"])
def test_the_next_answer_is_told_whole_and_is_then_sent(decision: str | None) -> None:
    scenario, program, sign_in = signing_in()
    if decision:
        scenario.decide(decision, sign_in.user_code)
    said = told(scenario, of_device(sign_in), View.NEXT)[2:]
    program.poll(sign_in, 1, 0)
    exchange = scenario.simulator.log.exchanges.get(3)
    assert exchange is not None
    sent = exchange.response_head.decode().rstrip().split("\r\n")
    split = said.index("")
    names = [line.partition(":")[0] for line in said[:split] if not line.startswith("  ")]
    assert said[:2] == sent[:2]
    assert names == [line.partition(":")[0] for line in sent]
    assert set(json.loads("".join(said[split:]))) == set(json.loads(exchange.response_body))


def test_a_browsers_next_step_is_told_there_too() -> None:
    scenario = Scenario()
    begin(browser_client(scenario))
    code = next(iter(scenario.simulator.state.devices))
    lines = told(scenario, Subject(Panel.DEVICES, code), View.NEXT)
    assert lines[0] == "The browser waits for you."


def test_what_is_about_no_code_or_a_forgotten_one_says_so() -> None:
    scenario, _, sign_in = signing_in()
    assert told(scenario, Subject(Panel.REQUESTS, 1), View.NEXT) == ["It was about no device code."]
    scenario.simulator.state.devices.clear()
    assert told(scenario, of_device(sign_in), View.NEXT) == [
        f"The device code {sign_in.user_code} is forgotten."
    ]


def test_a_request_has_its_sizes_in_bytes() -> None:
    scenario, program, sign_in = signing_in()
    program.poll(sign_in)
    exchange = scenario.simulator.log.exchanges.get(3)
    assert exchange is not None
    out = f"{len(exchange.response_head)} + {len(exchange.response_body)}"
    fact = told(scenario, Subject(Panel.REQUESTS, 3))[4]
    assert fact.startswith("bytes      in ")
    assert fact.endswith(f"out {out} (head + body)")
    assert f"+ {len(exchange.request_body):,}, out" in fact


@pytest.mark.parametrize("size", [NARROW, NARROWEST_BESIDE, WIDE])
async def test_every_tab_is_seen_and_answers_a_click(size: tuple[int, int]) -> None:
    scenario, _, _ = signing_in()
    async with showing(scenario, size) as shown:
        await shown.press("enter")
        tabs = shown.line_with(" Timeline ")
        y = shown.lines.index(tabs)
        for view in (View.NEXT, View.CURL, View.REQUEST, View.RESPONSE, View.TIMELINE):
            await shown.pilot.click(offset=(tabs.index(f" {view}") + 2, y))
            assert shown.screen.panels.inspector.view is view


async def test_c_folds_json_and_unfolds_it() -> None:
    scenario, _, _ = signing_in()
    async with showing(scenario, WIDE) as shown:
        await shown.press("3", "up", "up", "enter", "c")
        assert shown.hint.startswith("no JSON in this view")
        await shown.press("right")
        assert '"codewhisperer:completions"' in shown.text
        await shown.press("c")
        assert '"scopes": [... 2 items]' in shown.text
        assert shown.hint.startswith("folded")
        await shown.press("c")
        assert '"codewhisperer:completions"' in shown.text


async def test_where_no_inspector_is_shown_c_says_so() -> None:
    scenario, _, _ = signing_in()
    async with showing(scenario, NARROW) as shown:
        await shown.press("c")
        assert shown.hint == "the inspector is not shown; ↵ opens it"


@pytest.mark.parametrize("key", ["c", "right", "enter"])
async def test_on_an_empty_list_each_key_says_that_there_is_no_row(key: str) -> None:
    async with showing(Scenario(), NARROW) as shown:
        await shown.press(key)
        assert shown.hint == "no row selected"


def test_a_place_without_height_shows_no_qr_code() -> None:
    assert Place(76, URL).height == 0

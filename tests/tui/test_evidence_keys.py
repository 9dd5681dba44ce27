"""``w`` writes evidence of the selection; ``J`` and the palette copy a request."""

import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from oidc_sim.evidence import evidence
from oidc_sim.evidence.selection import Selection, Taken
from oidc_sim.testing.scenario import DeviceFlow, Program, Scenario
from oidc_sim.tui.inspector.panel import Subject
from oidc_sim.tui.operator.panel_keys import selection_of
from oidc_sim.tui.panels import Panel
from tests.tui.showing import NARROW, Shown, showing
from tests.waiting import until


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def polled() -> tuple[Scenario, Program, DeviceFlow]:
    scenario = Scenario()
    program = scenario.register("aws-cli")
    sign_in = program.start()
    program.poll(sign_in, 2)
    return scenario, program, sign_in


async def written(shown: Shown) -> None:
    await shown.app.workers.wait_for_complete()
    await shown.settle()


async def test_w_writes_what_the_selected_code_did_and_says_where(here: Path) -> None:
    scenario, program, sign_in = polled()
    async with showing(scenario, NARROW) as shown:
        await shown.press("w")
        await written(shown)
        name = "oidc-sim-evidence-20261124-121114"
        assert shown.hint.startswith(f"wrote {name}/: sign-in {sign_in.user_code}, 3 requests")
    assert {it.name for it in (here / name).iterdir()} == {
        *("report.md", "evidence.har", "evidence.jsonl"),
    }
    assert program.client_secret not in (here / name / "evidence.har").read_text()


async def test_a_failure_to_write_is_one_line(here: Path) -> None:
    scenario, _, _ = polled()
    gone = here / "gone"
    gone.mkdir()
    import os

    os.chdir(gone)
    gone.rmdir()
    async with showing(scenario, NARROW) as shown:
        await shown.press("w")
        await written(shown)
        assert shown.hint == "cannot write evidence: No such file or directory"


async def test_without_a_row_w_says_why_not() -> None:
    async with showing(Scenario(), NARROW) as shown:
        await shown.press("w")
        assert shown.hint == "no row selected"


def test_each_panel_has_its_own_evidence() -> None:
    assert selection_of(Subject(Panel.CLIENTS, "c")) == Selection(client_id="c")
    assert selection_of(Subject(Panel.DEVICES, "A-B")) == Selection(user_code="A-B")
    assert selection_of(Subject(Panel.REQUESTS, 7)) == Selection(number=7)
    assert selection_of(Subject(Panel.REQUESTS, None)) is None


async def test_json_has_its_secrets_cut_until_it_is_asked_for_twice() -> None:
    scenario, program, _ = polled()
    async with showing(scenario) as shown:
        await shown.press("J")
        copied = json.loads(shown.app.clipboard)
        assert copied["outcome"] == "authorization_pending"
        assert program.client_secret not in shown.app.clipboard
        assert shown.hint.startswith("sent #4 as JSON, secrets cut, to the terminal's clipboard")
        await shown.press("J")
        assert program.client_secret in shown.app.clipboard
        assert "SECRETS IN FULL" in shown.hint


async def test_another_form_is_asked_for_anew() -> None:
    scenario, program, _ = polled()
    async with showing(scenario) as shown:
        await shown.press("Y", "J")
        assert program.client_secret not in shown.app.clipboard


async def test_the_palette_copies_a_har_entry_with_its_secrets_cut() -> None:
    scenario, program, _ = polled()
    async with showing(scenario) as shown:
        titles = {it.title: it for it in shown.app.get_system_commands(shown.screen)}
        for _ in range(2):
            await titles["Copy as HAR entry"].callback()
            await shown.settle()
            assert json.loads(shown.app.clipboard)["response"]["status"] == 400
            assert program.client_secret not in shown.app.clipboard
        assert "as HAR entry" in shown.hint


async def test_without_a_request_there_is_nothing_to_copy() -> None:
    async with showing(Scenario()) as shown:
        for action in ("copy_json", "copy_har"):
            await shown.screen.action_do(f"inspect.{action}")
            await shown.settle()
            assert shown.hint == "no request selected"


async def test_whoever_quits_does_not_wait_for_evidence(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, ended = threading.Event(), threading.Event()

    def endless(_taken: Taken, go_on: Callable[[], None]) -> None:
        try:
            while True:
                begun.set()
                go_on()
        finally:
            ended.set()

    monkeypatch.setattr(evidence, "evidence_of", endless)
    scenario, _, _ = polled()
    async with showing(scenario, NARROW) as shown:
        await shown.press("w")
        await until(begun.is_set)
        assert not ended.is_set()
    assert ended.is_set()

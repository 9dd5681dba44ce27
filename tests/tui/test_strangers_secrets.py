"""Fifty secrets that look real: no list, no inspector, no title and no toast has them (T-27)."""

import pytest

from oidc_sim.cli.runtime import _note
from oidc_sim.testing.scenario import URL, Scenario
from oidc_sim.tui.inspector.device import Place
from oidc_sim.tui.inspector.panel import Subject, about, views_of
from oidc_sim.tui.lists.requests import RequestRows
from oidc_sim.tui.panels import Panel
from oidc_sim.wire.errors import UNKNOWN_OPERATION
from oidc_sim.wire.operations import CREATE_TOKEN
from tests.process.test_strangers_secrets import leaks, said
from tests.text.redact.real_looking import SHAPED, fifty
from tests.tui.showing import WIDE, showing

SECRETS = fifty()
FOLDED_TOGETHER = 10_000
"""Cells: nothing of a line is on the next one, where it would not be found."""


def pasted_into() -> Scenario:
    """Somebody's secrets as name, scope, user agent, path, query, header, method, body and outcome."""
    scenario = Scenario()
    for name, secret in SECRETS.items():
        text = said(name, secret)
        program = scenario.register(text, (text[:100],), agent=text)
        program.poll(program.start(), 2)
        scenario.send(
            CREATE_TOKEN, {"grantType": "x", "extra": {name: secret, "a": text}}, agent=text
        )
        answer = UNKNOWN_OPERATION.answer()._replace(outcome=text)
        target = f"/{text.replace(' ', '/')}?{text.replace(' ', '&')}"
        scenario.record("POST", target, text.encode(), answer, text)
        scenario.record(text, target, b"", answer, text)
    return scenario


def test_no_view_of_the_inspector_and_no_list_has_one() -> None:
    scenario = pasted_into()
    simulator, written = scenario.simulator, {}
    state, requests = simulator.state, simulator.log.exchanges
    for subject in (
        *(Subject(Panel.CLIENTS, row_id) for row_id in state.clients),
        *(Subject(Panel.DEVICES, row_id) for row_id in state.devices),
        *(Subject(Panel.REQUESTS, number + 1) for number in range(requests.seen)),
    ):
        for view in views_of(subject):
            lines = about(simulator, subject, view, Place(FOLDED_TOGETHER, URL))
            text = "\n".join([subject.title(simulator), *(line.text for line in lines)])
            written[f"{subject} {view}"] = text.encode()
    rows = RequestRows(simulator)
    for index in range(requests.seen):
        written[f"row {index}"] = " ".join(rows.cells(index).cells).encode()
    assert len(written) > 20 * len(SECRETS)
    assert leaks(SECRETS, written) == []


@pytest.mark.parametrize("kind", SHAPED)
async def test_no_toast_quotes_one_from_an_exception(kind: str) -> None:
    secret = SECRETS[f"{kind} 0"]
    async with showing(Scenario(), WIDE) as shown:
        _note(
            shown.running_server,
            "answered a request with 500",
            ValueError(f"bad {secret}, and cut"),
        )
        assert leaks(SECRETS, {"note": shown.running_server.notes[0].encode()}) == []
        shown.app._beat()
        await shown.settle()
        await shown.settle()
        assert "our fault: ValueError" in shown.text
        assert leaks(SECRETS, {"screen": shown.text.encode()}) == []


async def test_copies_have_none_until_they_are_asked_for_twice() -> None:
    scenario = pasted_into()
    async with showing(scenario, WIDE) as shown:
        await shown.press("3", "end", "up", "Y")
        assert leaks(SECRETS, {"curl": shown.app.clipboard.encode()}) == []
        await shown.press("J")
        assert leaks(SECRETS, {"JSON": shown.app.clipboard.encode()}) == []
        await shown.press("J")
        assert leaks(SECRETS, {"JSON": shown.app.clipboard.encode()}) != []

"""A fault of the screen's own ends it in one line, and shows no client's secret."""

import pytest

from oidc_sim.testing.scenario import Scenario
from oidc_sim.tui.app import OperatorApp
from oidc_sim.tui.operator.screen import OperatorScreen
from tests.tui.showing import NARROW, showing


async def test_a_failing_screen_leaves_one_line_without_locals(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(_screen: OperatorScreen) -> None:
        secret = "SECRET\x1b[2J"
        raise ZeroDivisionError(secret)

    async def use() -> None:
        async with showing(Scenario(), NARROW) as shown:
            monkeypatch.setattr(OperatorScreen, "pull", fail)
            monkeypatch.setattr(shown.app, "_print_error_renderables", lambda: None)
            apps.append(shown.app)
            await shown.press("f")

    apps: list[OperatorApp] = []
    with pytest.raises(ZeroDivisionError):
        await use()
    (app,) = apps
    (line,) = map(str, app._exit_renderables)
    assert line.startswith("oidc-sim: the screen failed, our fault: ZeroDivisionError at ")
    assert line.endswith(
        "; run with --debug-log FILE to see where; 'oidc-sim serve' runs without it"
    )
    assert "SECRET" not in line
    assert line.isprintable()
    assert app.return_code == 1

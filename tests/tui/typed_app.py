"""The app over a scenario in which every dialog can be opened: `python -m tests.tui.typed_app`."""

import asyncio
import sys

from oidc_sim.engine.arrival import Target, Trigger
from oidc_sim.engine.commands import AddRule
from oidc_sim.faults.catalogue import fault_rule
from oidc_sim.testing.scenario import Scenario
from oidc_sim.tui.app import OperatorApp
from tests.tui.busy import busy
from tests.tui.showing import NARROW
from tests.tui.waiting_requests import arrive

SIZE = NARROW


def staged() -> Scenario:
    """Sign-ins in every state; the newest can be acted on in every way."""
    scenario = Scenario()
    busy(scenario)
    set_stage(scenario)
    return scenario


def set_stage(scenario: Scenario) -> str:
    """One more sign-in, the newest: it waits for a decision, a request is held and a fault waits."""
    program = scenario.register("acme-deploy")
    sign_in = program.start()
    target = Target(user_code=sign_in.user_code)
    scenario.simulator.dispatch(AddRule(target=target, trigger=Trigger()))
    assert arrive(scenario, program, sign_in)
    scenario.simulator.dispatch(fault_rule("server-error", {}, target))
    return sign_in.user_code


async def main() -> int:
    app = OperatorApp(staged().running_server())
    await app.run_async()
    return app.return_code or 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))

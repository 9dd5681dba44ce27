"""Requests that rules catch, as the gate has them do it."""

from oidc_sim.engine.arrival import Arrival
from oidc_sim.engine.commands import Admit
from oidc_sim.engine.replies import Admitted
from oidc_sim.record.exchange import Exchange, packed
from oidc_sim.testing.scenario import DeviceFlow, Program, Scenario


def arrive(
    scenario: Scenario, program: Program, sign_in: DeviceFlow, operation: str = "CreateToken"
) -> int | None:
    """A poll comes to the gate; its number when it is held."""
    simulator = scenario.simulator
    number = simulator.log.exchanges.seen + 1
    arrival = Arrival(
        operation=operation,
        endpoint="/token",
        client_id=program.client_id,
        user_code=sign_in.user_code,
    )
    admitted = simulator.dispatch(Admit(arrival=arrival, number=number))
    assert isinstance(admitted, Admitted)
    if not admitted.is_held:
        return None
    simulator.reserve(
        Exchange(
            number=number,
            at=simulator.now().at,
            method="POST",
            target="/token",
            operation=operation,
            status=0,
            outcome="held",
            user_code=sign_in.user_code,
            client_id=program.client_id,
            took_s=0.0,
            packed_headers=packed(()),
            request_body=b"{}",
            response_head=b"",
            response_body=b"",
        )
    )
    return number

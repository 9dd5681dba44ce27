"""What lies in wait for a device's next poll, so that what the client gets next is not told wrongly."""

from collections.abc import Iterator

from oidc_sim.engine.arrival import Arrival
from oidc_sim.engine.model import DEVICE_CODE_GRANT, Device
from oidc_sim.engine.rules import catcher_of
from oidc_sim.simulator.simulator import Simulator
from oidc_sim.tui.bars.lines import BLANK, Line, line
from oidc_sim.tui.cells import printable
from oidc_sim.tui.glyphs import Glyphs, Look, Role
from oidc_sim.tui.inspector.facts import toned
from oidc_sim.wire.operations import CREATE_TOKEN


def lines_in_wait(simulator: Simulator, device: Device, glyphs: Glyphs) -> Iterator[Line]:
    """The rule that has the next poll, and nothing nearly always.

    What only the request itself tells, such as a user agent that a filter asks for, is taken as empty.
    """
    if not simulator.state.lies_in_wait or device.browser is not None:
        return
    rule = catcher_of(simulator.state, poll_of(simulator, device), simulator.now())
    if rule is None:
        return
    if rule.fault is None:
        text, role = f"{glyphs.signs[Look.HELD]} rule {rule.rule_id} holds it; then:", Role.HELD
    else:
        sign = glyphs.signs[Look.FAULTY]
        text, role = f"{sign} {rule.fault}, by rule {rule.rule_id}; without it:", Role.FAULT
    yield line(toned(printable(text), role))
    yield BLANK


def poll_of(simulator: Simulator, device: Device) -> Arrival:
    """The next poll of its client, as the gate will see it."""
    from oidc_sim.faults.making.made_for import unfit  # seldom asked for

    return Arrival(
        operation=CREATE_TOKEN.name,
        endpoint=CREATE_TOKEN.path,
        client_id=device.client_id,
        client_name=device.client_name,
        user_code=device.user_code,
        grant_type=DEVICE_CODE_GRANT,
        scopes=device.scopes,
        state=device.state(simulator.now().at).value,
        unfit=unfit(CREATE_TOKEN.name, DEVICE_CODE_GRANT),
    )

"""Approval without anybody's hand: for demonstrations and scripts that run with no operator.

It is a deed like any other, so it is in the log, on the timeline, and can be undone.
Whoever undoes or denies has taken the device in hand, and from then on it is left to them.
"""

from oidc_sim.engine.commands import SetAutoApprove
from oidc_sim.engine.events import AutoApproveSet, DeedDone, Event
from oidc_sim.engine.model import Actor, Deed, Device, DeviceState, Ids, Now, Policy, State
from oidc_sim.engine.replies import Done

AFTER_S = 1.0
"""A device code waits that long, so that its client has shown it."""


def set_auto_approve(
    state: State, command: SetAutoApprove, now: Now, _ids: Ids
) -> tuple[list[Event], Done]:
    """Switch it on or off; what waits already is approved too."""
    if command.is_on == state.policy.auto_approves:
        return [], Done()
    return [AutoApproveSet(at=now.at, is_on=command.is_on)], Done()


def due_approval(policy: Policy, device: Device, now: Now) -> DeedDone | None:
    """The approval that is due to this device by now, if one is.

    A browser that waits shows nothing that somebody has to read first, so its is due at once; that of
    one that left is due when it comes back, or it would be for nobody.
    """
    if not policy.auto_approves or device.is_in_hand or device.browser_left_at is not None:
        return None
    due_at = device.issued_at if device.browser else device.issued_at + AFTER_S
    if now.at < due_at or device.state(now.at) is not DeviceState.PENDING:
        return None
    return DeedDone(at=now.at, user_code=device.user_code, deed=Deed.APPROVE, by=Actor.AUTO)

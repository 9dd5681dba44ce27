"""What an operator can do to a device, as one table: keys, routes, ``ctl`` and stdin are made from it."""

from dataclasses import dataclass

from oidc_sim.engine.commands import (
    Approve,
    Deny,
    DeviceCommand,
    Expire,
    ExpireClient,
    RegistrationCommand,
    RestoreClient,
    SlowDown,
    Undo,
)


@dataclass(frozen=True, slots=True)
class DeviceAction:
    """One deed, under the name that all adapters use."""

    name: str
    """As in ``oidc-sim ctl approve CODE`` and ``POST /_sim/devices/CODE/approve``."""
    command: type[DeviceCommand]
    key: str
    """The key on the screen."""
    done: str
    """What a person is told when it is done."""
    help: str
    """What it does, in a few words."""


DEVICE_ACTIONS = (
    DeviceAction("approve", Approve, "a", "approved", "let the client in"),
    DeviceAction("deny", Deny, "d", "denied", "the next poll gets access_denied"),
    DeviceAction("expire", Expire, "e", "expired", "the next poll gets expired_token"),
    DeviceAction("slow-down", SlowDown, "s", "slowed down", "one more slow_down, interval +5 s"),
    DeviceAction("undo", Undo, "u", "undone", "take the last of these back, until collected"),
)
DEVICE_ACTIONS_BY_NAME = {action.name: action for action in DEVICE_ACTIONS}
CLOCK = "clock"
"""What is set by ``oidc-sim ctl clock 8h`` and ``POST /_sim/clock``."""
FREEZE = {"freeze": True, "unfreeze": False}
"""Words for the clock, beside a time to step by."""


@dataclass(frozen=True, slots=True)
class ClientAction:
    """What an operator can do to a registration, under the names that adapters use."""

    name: str
    """As in ``oidc-sim ctl expire-client ID``."""
    route: str
    """As in ``POST /_sim/clients/ID/expire``."""
    command: type[RegistrationCommand]
    done: str
    """What a person is told when it is done."""
    help: str
    """What it does, in a few words."""


CLIENT_ACTIONS = (
    ClientAction(
        "expire-client",
        "expire",
        ExpireClient,
        "expired: it is told invalid_client until it registers anew",
        "end a client's registration: it is told invalid_client",
    ),
    ClientAction(
        "restore-client",
        "restore",
        RestoreClient,
        "restored: its registration is good again",
        "take expire-client back",
    ),
)
CLIENT_ACTIONS_BY_NAME = {action.name: action for action in CLIENT_ACTIONS}
AUTO_APPROVE = "auto-approve"
"""What is switched by ``oidc-sim ctl auto-approve on`` and ``POST /_sim/auto-approve``."""
DEMO = "demo"
"""Runs a client of our own, as in ``oidc-sim ctl demo device``."""
EVIDENCE = "evidence"
"""What is written by ``oidc-sim ctl evidence [CODE]`` and given by ``GET /_sim/evidence``."""
HOLD = "hold"
"""Lies in wait for a request, as in ``oidc-sim ctl hold CODE``."""
FAULT = "fault"
"""Lies in wait with a fault, as in ``oidc-sim ctl fault server-error code=WDJB-MJHT``."""
RELEASE_ALL = "all"
"""In place of a number, as in ``oidc-sim ctl release all``."""

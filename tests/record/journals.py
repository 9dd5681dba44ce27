"""Journals to read and to damage."""

import copy
import io
from collections.abc import Iterable
from dataclasses import replace

from oidc_sim.engine.events import Event, Polled, PollOutcome
from oidc_sim.engine.model import Device, Policy, State
from oidc_sim.engine.pace import Pace
from oidc_sim.record.journal.replay import Reading
from oidc_sim.record.journal.replay import replay as replay_file
from oidc_sim.record.journal.rows import VERSION, JournalHeader, Row, encode_row
from tests.record.busy_world import FULL, POLICY, run

HEAD = JournalHeader(version=VERSION)


def lines(rows: Iterable[Row]) -> list[bytes]:
    """A whole journal, row by row."""
    return [encode_row(row) for row in (HEAD, *rows)]


def read(data: bytes, policy: Policy = POLICY) -> tuple[State, Reading]:
    """What reading these bytes leads to, within a policy's bounds."""
    state = State(policy=policy)
    return state, replay_file(io.BytesIO(data), state)


def kept(events: Iterable[Event]) -> list[Event]:
    """The events that a journal keeps."""
    return [it for it in events if type(it) is not Polled or it.outcome is PollOutcome.SLOW_DOWN]


def without_polls(state: State) -> State:
    """A copy that knows nothing of what polls alone change, nor of settings."""
    state = copy.deepcopy(state)
    state.policy = POLICY
    state.devices = {code: _unpolled(device) for code, device in state.devices.items()}
    for client in state.clients.values():
        client.last_seen_at = 0
    return state


def _unpolled(device: Device) -> Device:
    return replace(device, polls=0, last_poll_at=None, pace=Pace())


def long_journal(rows: int) -> list[bytes]:
    """A journal with this many rows below its head, of all kinds."""
    script = FULL
    while len(events := kept(run(script).events)) < rows:
        script = script + FULL
    return lines(events[:rows])

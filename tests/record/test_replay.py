"""Reading: what was written comes back, whatever happened to the rest of the file."""

import io
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oidc_sim.actions.views import state_view
from oidc_sim.engine.clock import wake
from oidc_sim.engine.directory import CREDENTIALS_KEPT, IssuedCredentials, Session
from oidc_sim.engine.events import (
    ClientForgotten,
    CodeIssued,
    DeviceAuthorized,
    Event,
    SessionForgotten,
    TokenIssued,
)
from oidc_sim.engine.evolve_session import MAX_TOKENS
from oidc_sim.engine.model import (
    MAX_DECISIONS,
    Client,
    Decision,
    Device,
    DeviceState,
    Now,
    Policy,
    RefreshRotation,
    State,
)
from oidc_sim.engine.records import Record, SpentAssertion, records
from oidc_sim.record.journal.replay import DAMAGES_NAMED, Reading, replay
from oidc_sim.record.journal.rows import MAX_ROW_BYTES, JournalHeader, decode_row, encode_row
from oidc_sim.simulator.simulator import Simulator
from tests.record.busy_world import POLICY, AllIds, Script, run, scripts
from tests.record.journals import kept, lines, long_journal, read, without_polls

LONG = long_journal(200)
WHOLE = b"".join(LONG)
OFFSETS = range(len(WHOLE) + 1)
CREDENTIALS = IssuedCredentials(
    at=1.0, account_id="1" * 12, role_name="r", access_key_id="ASIA", expires_at=2.0
)
AFTER_ALL = Now(at=1_000_000.0, tick=1.0)


def rows_before(offset: int) -> int:
    """Rows below the head that end before this offset."""
    return max(0, WHOLE[:offset].count(b"\n") - 1)


@given(scripts, st.sampled_from(RefreshRotation))
def test_what_was_kept_makes_the_same_state_but_for_polls(
    script: Script, rotation: RefreshRotation
) -> None:
    world = run(script, rotation)
    state, reading = read(b"".join(lines(kept(world.events))))
    assert without_polls(state) == without_polls(world.state)
    assert reading == Reading(rows=len(kept(world.events)))
    assert reading.notes() == []


@given(scripts, scripts)
def test_a_compacted_journal_goes_on_like_the_whole_one(before: Script, after: Script) -> None:
    """Records first, events after them: as when a process started, and then went on."""
    first = run(before)
    whole = run([*before, *after])
    news = kept(whole.events[len(first.events) :])
    state, _ = read(b"".join(lines([*records(first.state), *news])))
    assert without_polls(state) == without_polls(whole.state)


def test_throttling_policies_differ_in_nothing_but_the_interval() -> None:
    policy = Policy(interval_s=5, throttles=True)
    world = run([("register", 0), ("device", 0), *[("poll", 0)] * 3], policy=policy)
    state, _ = read(b"".join(lines(kept(world.events))))
    (ours,), (theirs,) = world.state.devices.values(), state.devices.values()
    assert (ours.interval_s, theirs.interval_s) == (15, 5), "a client that waits longer is welcome"


def test_a_journal_of_the_first_release_is_read() -> None:
    """Written by two processes of 17ce5fb, one after the other: records, and events behind them."""
    state = State()
    with Path(__file__).with_name("journal-17ce5fb.jsonl").open("rb") as file:
        reading = replay(file, state)
    assert reading == Reading(rows=28)
    assert len(state.clients) == 8
    at = max(device.issued_at for device in state.devices.values())
    assert Counter(device.state(at) for device in state.devices.values()) == {
        DeviceState.PENDING: 2,
        DeviceState.DENIED: 2,
        DeviceState.COLLECTED: 4,
    }
    sessions = state.sessions.values()
    assert [session.is_over(at) for session in sessions] == [False, True, False, True]
    assert [len(session.refresh_digests) for session in sessions] == [2] * 4
    assert [len(session.credentials) for session in sessions] == [1] * 4


def test_the_long_journal_is_long() -> None:
    assert len(LONG) == 201
    assert len({line.split(b'"type":"')[1].split(b'"')[0] for line in LONG}) > 10


@pytest.mark.parametrize("part", range(8))
def test_cut_at_any_byte_it_opens_and_loses_at_most_one_row(
    part: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "oidc_sim.record.journal.replay.decode_row", cache(decode_row)
    )  # the same rows
    for offset in OFFSETS[part::8]:
        state, reading = read(WHOLE[:offset])
        assert rows_before(offset) <= reading.rows <= rows_before(offset) + 1
        assert reading.damages == 0
        tail = WHOLE[:offset].rpartition(b"\n")[2]
        assert reading.is_torn is (tail != b"" and tail + b"\n" not in LONG)
        if offset % 500 == 0:
            assert state == read(b"".join(LONG[: reading.rows + 1]))[0]


def test_a_torn_row_is_told_of() -> None:
    _, reading = read(WHOLE[:-10])
    assert reading.notes() == ["journal: the last row was cut off, and is lost"]
    assert not reading.is_partial, "there is nothing in it that could be saved"


@pytest.mark.parametrize("number", [2, 3, 100, 200])
def test_a_bad_row_in_the_middle_is_named_and_the_rest_is_read(number: int) -> None:
    damaged = [*LONG[: number - 1], LONG[number - 1].replace(b"at", b"ta", 1), *LONG[number:]]
    _, reading = read(b"".join(damaged))
    assert reading.rows == 199
    assert reading.damaged == [(number, "its checksum is wrong")]
    assert reading.notes()[0] == f"journal: row {number} was skipped: its checksum is wrong"
    assert reading.is_partial


def test_many_bad_rows_are_told_of_in_few_lines() -> None:
    _, reading = read(LONG[0] + b"?\n" * 100)
    assert len(reading.notes()) == DAMAGES_NAMED + 1
    assert reading.notes()[-1] == "journal: 95 more damaged rows were skipped"


@given(st.data())
def test_no_damage_crashes_anything(data: st.DataObject) -> None:
    """Bytes changed, rows lost, doubled and out of order: then the program works with what it got."""
    rows = data.draw(st.lists(st.sampled_from(LONG), max_size=80))
    damaged = bytearray(b"".join(rows))
    if damaged:
        for at in data.draw(st.lists(st.integers(0, len(damaged) - 1), max_size=5)):
            damaged[at] = data.draw(st.integers(0, 255))
    state, reading = read(bytes(damaged))
    assert reading.rows <= len(rows)
    wake(state, AFTER_ALL)
    use(state)


def use(state: State) -> None:
    """Look at everything, let everybody poll, and take it down again."""
    simulator = Simulator(state.policy, AllIds())
    simulator.state = state
    simulator.adopt()
    state_view(simulator)
    for record in records(state):
        encode_row(record)


def test_undone_decisions_whose_decision_was_lost_do_nothing() -> None:
    script: Script = [("register", 0), ("device", 0), ("slow_down", 0), ("undo", 0)]
    events = kept(run(script).events)
    state, _ = read(b"".join(lines([*events[:2], events[3]])))
    (device,) = state.devices.values()
    assert (device.interval_s, device.slow_downs_owed, device.decisions) == (1, 0, [])


def test_slow_downs_paid_whose_decision_was_lost_leave_no_debt() -> None:
    script: Script = [("register", 0), ("device", 0), ("slow_down", 0), ("poll", 0)]
    events = kept(run(script).events)
    state, _ = read(b"".join(lines([*events[:2], events[3]])))
    (device,) = state.devices.values()
    assert device.slow_downs_owed == 0


def test_rows_of_a_newer_version_are_skipped_and_told_of() -> None:
    head = encode_row(JournalHeader(version=2))
    state, reading = read(head + b"".join(LONG[1:]))
    assert reading.rows == 200
    assert reading.is_newer
    assert reading.is_partial
    assert reading.notes() == ["journal: a newer version wrote it; 0 rows were skipped"]
    assert state == read(WHOLE)[0]


def test_a_journal_without_its_head_is_read_and_told_of() -> None:
    _, reading = read(b"".join(LONG[1:]))
    assert reading.rows == 200
    assert reading.notes() == ["journal: row 1 was skipped: it does not say that this is a journal"]


def test_two_journals_in_one_file_are_read_one_after_the_other() -> None:
    state, reading = read(WHOLE + WHOLE)
    assert reading.rows == 400
    assert reading.notes() == []
    assert list(state.clients) == list(read(WHOLE)[0].clients)


def test_a_line_without_end_costs_no_memory_and_one_row() -> None:
    class Endless(io.BytesIO):
        largest = 0

        def readline(self, size: int | None = -1, /) -> bytes:
            assert size is not None
            self.largest = max(self.largest, size)
            return super().readline(size)

    file = Endless(LONG[0] + b"0" * (3 * MAX_ROW_BYTES) + b"\n" + LONG[1])
    reading = replay(file, State())
    assert (reading.rows, reading.damages) == (1, 1)
    assert 0 < file.largest <= MAX_ROW_BYTES + 1


def test_an_endless_last_line_is_damage_and_no_torn_row() -> None:
    _, reading = read(LONG[0] + b"0" * (2 * MAX_ROW_BYTES))
    assert (reading.damages, reading.is_torn) == (1, False)


@pytest.mark.parametrize("data", [b"", b"\n", b"\n\n", b"\0" * 1000, b"\r\n", b"{}\n"])
def test_files_that_are_no_journals_are_read_as_nothing(data: bytes) -> None:
    state, reading = read(data)
    assert state == State(policy=state.policy)
    assert reading.rows == 0


def test_an_empty_file_is_no_damage() -> None:
    assert read(b"")[1] == Reading()


def test_a_whole_last_row_without_its_line_feed_is_not_lost() -> None:
    _, reading = read(WHOLE[:-1])
    assert (reading.rows, reading.is_torn) == (200, False)


def test_events_about_nobody_change_nothing() -> None:
    state, reading = read(
        b"".join(
            lines([ClientForgotten(at=1, client_id="x"), SessionForgotten(at=1, session_id="")])
        )
    )
    assert state == State(policy=state.policy)
    assert reading.rows == 2


def many(kind: Any, count: int) -> list[Record]:
    """Copies of a record, each with an id of its own."""
    key = {Client: "client_id", Device: "user_code", Session: "session_id"}
    name = key.get(type(kind), "assertion_digest")
    return [replace(kind, **{name: f"{name}-{number}"}) for number in range(count)]


def test_what_is_more_than_is_kept_is_left_out_while_it_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever made such a journal: it takes no more memory than a full server has (T-46)."""
    monkeypatch.setattr("oidc_sim.record.journal.replay.CUT_EVERY_ROWS", 10)
    monkeypatch.setattr("oidc_sim.engine.records.MAX_ASSERTIONS", 4)
    (client,), (device, *_), (session, *_) = some_of_each()
    spent = SpentAssertion(assertion_digest="", at=1.0)
    rows = [row for kind in (client, device, session, spent) for row in many(kind, 100)]
    state = State(policy=POLICY)
    largest = 0

    class Watched(io.BytesIO):
        def readline(self, size: int | None = -1, /) -> bytes:
            nonlocal largest
            known = (state.clients, state.devices, state.sessions, state.assertions)
            largest = max(largest, *(len(it) for it in known))
            return super().readline(size)

    reading = replay(Watched(b"".join(lines(rows))), state)
    assert largest <= POLICY.max_devices + 10
    assert reading.is_partial
    (note,) = reading.notes()
    assert note.startswith("journal: it had more than is kept, and this was left out: 96 reg")
    assert note.endswith(": 96 registrations, 95 codes, 96 sessions, 96 assertions")
    assert list(state.clients) == [f"client_id-{number}" for number in range(96, 100)]
    assert set(state.user_codes.values()) <= state.devices.keys()
    assert set(state.access_tokens.values()) <= state.sessions.keys()


def some_of_each() -> tuple[list[Client], list[Device], list[Session]]:
    state = run([("register", 0), ("device", 0), ("approve", 0), ("poll", 0)]).state
    return list(state.clients.values()), list(state.devices.values()), list(state.sessions.values())


def test_what_comes_again_and_again_about_the_same_leaves_one_trace() -> None:
    """Digests of codes and tokens lead to what is there; those that were replaced lead nowhere."""
    script: Script = [("browse", 0), ("approve", 0), ("send_back", 0), ("redeem", 0)]
    events = kept(run(script).events)
    rows: list[Event] = []
    for number in range(100):
        for event in events:
            if isinstance(event, TokenIssued):
                rows.append(replace(event, access_digest=f"{number}", refresh_digest=f"{number}"))
            elif isinstance(event, CodeIssued | DeviceAuthorized):
                rows.append(replace(event, code_digest=f"{number} {type(event)}"))
    state, reading = read(b"".join(lines(rows)))
    assert reading == Reading(rows=len(rows))
    assert (len(state.user_codes), len(state.access_tokens), len(state.refresh_tokens)) == (1, 1, 1)


def test_a_record_that_holds_more_than_one_may_is_damage() -> None:
    _, (device,), (session,) = some_of_each()
    token = {f"digest-{number}": 2.0 for number in range(MAX_TOKENS + 1)}
    rows: list[Record] = [
        replace(session, tokens=token),
        replace(session, refresh_digests=list(token)),
        replace(session, credentials=[CREDENTIALS] * (CREDENTIALS_KEPT + 1)),
        replace(device, decisions=[Decision.APPROVE] * (MAX_DECISIONS + 1)),
    ]
    state, reading = read(b"".join(lines(rows)))
    assert (reading.rows, reading.damages) == (0, 4)
    assert reading.damaged[0] == (2, "it holds more than one of its kind may")
    assert (state.sessions, state.devices) == ({}, {})

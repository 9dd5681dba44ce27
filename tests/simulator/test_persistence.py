"""What one process leaves and the next one finds; everything here without a server."""

import asyncio
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from oidc_sim.engine.commands import (
    Approve,
    AuthorizeDevice,
    Poll,
    RegisterClient,
    Reset,
    SetAutoApprove,
    Undo,
)
from oidc_sim.engine.events import ClientRegistered
from oidc_sim.engine.model import Policy
from oidc_sim.engine.replies import Authorized, Registered, Tokens
from oidc_sim.record.journal.rows import decode_row, encode_row
from oidc_sim.settings.model import Settings, SettingsError
from oidc_sim.simulator import persistence
from oidc_sim.simulator.clock import Clock
from oidc_sim.simulator.persistence import Kept, open_kept
from oidc_sim.simulator.simulator import Simulator
from tests.record.busy_world import AllIds

KEY = "signing.key"
JOURNAL = "journal.jsonl"


@pytest.fixture
def state_dir(tmp_path: Path) -> Path:
    return tmp_path / "state"


def settings(**values: Any) -> Settings:
    return Settings.model_validate(values)


def live(
    settings: Settings,
    work: Callable[[Simulator], object],
    environment: Mapping[str, str] | None = None,
    later_s: float = 0,
) -> Kept:
    """A process from its start to its end, some time after the one before."""

    async def process() -> Kept:
        kept = open_kept(settings, environment or {})
        clock = Clock(wall=lambda: time.time() + later_s)
        simulator = Simulator(
            settings.policy(), AllIds(), clock, sink=kept.sink, auto_approves=settings.auto_approve
        )
        kept.restore(simulator, simulator.now())
        kept.start(simulator, kept.notes.append)
        work(simulator)
        await kept.close()
        return kept

    return asyncio.run(process())


def register(simulator: Simulator) -> Registered:
    reply = simulator.dispatch(RegisterClient(name="pc", client_type="public", scopes=("s",)))
    assert isinstance(reply, Registered)
    return reply


def test_what_one_process_knew_the_next_one_knows(state_dir: Path) -> None:
    chosen = settings(state_dir=state_dir)
    held: dict[str, Any] = {}

    def first(simulator: Simulator) -> None:
        client = held["client"] = register(simulator)
        held["device"] = simulator.dispatch(
            AuthorizeDevice(client_id=client.client.client_id, client_secret=client.client_secret)
        )

    def second(simulator: Simulator) -> None:
        client, device = held["client"], held["device"]
        assert isinstance(device, Authorized)
        assert list(simulator.stories) == [device.device.user_code]
        (moment,) = simulator.stories[device.device.user_code].timeline.moments
        assert (moment.what, moment.at) == ("authorized", device.device.issued_at)
        assert list(simulator.log.entries.since(0)) == [], "nothing happened yet"
        simulator.dispatch(Approve(device.device.user_code))
        tokens = simulator.dispatch(
            Poll(
                device_code=device.device_code,
                client_id=client.client.client_id,
                client_secret=client.client_secret,
            )
        )
        assert isinstance(tokens, Tokens)

    live(chosen, first)
    live(chosen, second)
    live(chosen, lambda simulator: held.update(sessions=list(simulator.state.sessions)))
    assert held["sessions"] == [held["device"].device.user_code]


def test_auto_approve_is_for_one_process_but_a_code_taken_back_stays_in_hand(
    state_dir: Path,
) -> None:
    """To be let in without a hand is for whoever started this process to say, each time."""
    seen: list[tuple[bool, bool]] = []

    def first(simulator: Simulator) -> None:
        simulator.dispatch(SetAutoApprove(is_on=True))
        device = authorize(simulator, register(simulator)).device
        simulator.dispatch(Approve(device.user_code))
        simulator.dispatch(Undo(device.user_code))

    def later(simulator: Simulator) -> None:
        (device,) = simulator.state.devices.values()
        seen.append((simulator.state.auto_approves, device.is_in_hand))

    for work in (first, later, later):
        live(settings(state_dir=state_dir), work)
    assert seen == [(False, True)] * 2


def test_what_was_overdue_is_gone_after_a_start(state_dir: Path) -> None:
    chosen = settings(state_dir=state_dir)
    year_s = 365 * 86400
    live(chosen, lambda simulator: authorize(simulator, register(simulator)))
    seen: list[tuple[int, int]] = []

    def look(simulator: Simulator) -> None:
        seen.append((len(simulator.state.clients), len(simulator.state.devices)))

    live(chosen, look)
    live(chosen, look, later_s=year_s)
    assert seen == [(1, 1), (0, 0)]
    assert (state_dir / JOURNAL).read_bytes().count(b"\n") == 1, "the file has only its head"


def test_lives_are_no_longer_after_the_wall_clock_was_set_back(state_dir: Path) -> None:
    chosen = settings(state_dir=state_dir)
    left_s: list[tuple[float, float]] = []

    def look(simulator: Simulator) -> None:
        at = simulator.now().at
        (client,) = simulator.state.clients.values()
        (device,) = simulator.state.devices.values()
        left_s.append((client.expires_at - at, device.expires_at - at))

    live(chosen, lambda simulator: authorize(simulator, register(simulator)))
    live(chosen, look, later_s=-400 * 86400)
    live(chosen, look, later_s=-400 * 86400)
    policy = chosen.policy()
    for registration_s, code_s in left_s:
        assert 0 < registration_s <= policy.registration_lifetime_s
        assert 0 < code_s <= policy.lifetime_s


def authorize(simulator: Simulator, client: Registered) -> Authorized:
    reply = simulator.dispatch(
        AuthorizeDevice(client_id=client.client.client_id, client_secret=client.client_secret)
    )
    assert isinstance(reply, Authorized)
    return reply


def test_a_code_taken_back_is_not_in_hand_because_the_next_process_approves_by_itself(
    state_dir: Path,
) -> None:
    seen: list[bool] = []

    def first(simulator: Simulator) -> None:
        device = authorize(simulator, register(simulator)).device
        simulator.dispatch(Approve(device.user_code))
        simulator.dispatch(Undo(device.user_code))

    def second(simulator: Simulator) -> None:
        assert simulator.state.auto_approves
        seen.extend(device.is_in_hand for device in simulator.state.devices.values())

    live(settings(state_dir=state_dir), first)
    live(settings(state_dir=state_dir, auto_approve=True), second)
    assert seen == [False]


def test_the_default_is_the_users_state_directory(tmp_path: Path) -> None:
    environment = {"HOME": str(tmp_path)}
    live(settings(), register, environment)
    folder = tmp_path / ".local/state/oidc-sim"
    assert sorted(it.name for it in folder.iterdir()) == [JOURNAL, "lock", KEY]
    assert (folder / JOURNAL).read_bytes().count(b"\n") == 2


@pytest.mark.parametrize("values", [{"ephemeral": True}, {"seed": 1}])
def test_an_ephemeral_or_seeded_process_writes_nothing(
    tmp_path: Path, values: dict[str, Any]
) -> None:
    kept = live(settings(**values), register, {"HOME": str(tmp_path)})
    assert list(tmp_path.iterdir()) == []
    assert kept.view() is None
    assert kept.notes == []
    assert kept.signing_key is None


def test_ephemeral_counts_more_than_a_state_directory(state_dir: Path) -> None:
    live(settings(ephemeral=True, state_dir=state_dir), register)
    assert not state_dir.exists()


def test_a_seeded_process_with_a_state_directory_of_its_own_keeps_things(state_dir: Path) -> None:
    live(settings(seed=1, state_dir=state_dir), register)
    assert (state_dir / JOURNAL).exists()


def test_the_signing_key_is_made_once_and_is_chance(tmp_path: Path) -> None:
    first, again, other = (
        live(settings(state_dir=tmp_path / name), register).signing_key for name in "aab"
    )
    assert first == again == (tmp_path / "a" / KEY).read_bytes()
    assert first is not None
    assert len(first) == 32
    assert other != first


def test_everything_written_is_for_the_owner_alone(state_dir: Path) -> None:
    before = os.umask(0)
    try:
        live(settings(state_dir=state_dir), register)
    finally:
        os.umask(before)
    assert state_dir.stat().st_mode & 0o777 == 0o700
    assert {it.stat().st_mode & 0o777 for it in state_dir.iterdir()} == {0o600}


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_damaged_key_ends_the_start_in_one_line(state_dir: Path, length: int) -> None:
    live(settings(state_dir=state_dir), register)
    (state_dir / KEY).write_bytes(b"k" * length)
    with pytest.raises(SettingsError, match=r"^.*signing\.key is damaged; delete it .*$"):
        open_kept(settings(state_dir=state_dir), {})


@pytest.mark.parametrize("name", [KEY, JOURNAL, "lock"])
def test_a_planted_link_ends_the_start_in_one_line(state_dir: Path, name: str) -> None:
    state_dir.mkdir(0o700)
    (state_dir / name).symlink_to("/etc/hostname")
    with pytest.raises(
        SettingsError, match=f"^{state_dir / name} is a symbolic link; remove it, or use .*$"
    ):
        live(settings(state_dir=state_dir), register)


def test_a_second_process_is_told_who_was_first_and_what_to_do(state_dir: Path) -> None:
    first = open_kept(settings(state_dir=state_dir), {})
    with pytest.raises(SettingsError) as refusal:
        open_kept(settings(state_dir=state_dir), {})
    assert str(refusal.value) == (
        f"--state-dir: process {os.getpid()} uses {state_dir}; "
        "use another --state-dir, or --ephemeral"
    )
    asyncio.run(first.close())
    asyncio.run(open_kept(settings(state_dir=state_dir), {}).close())


def test_a_named_directory_that_cannot_be_made_ends_the_start(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(SettingsError, match=r"^--state-dir: File exists: "):
        open_kept(settings(state_dir=tmp_path / "file" / "state"), {})


def test_a_home_that_cannot_be_written_leaves_the_server_running(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    kept = live(settings(), register, {"HOME": str(tmp_path / "file")})
    path = tmp_path / "file/.local/state/oidc-sim/journal.jsonl"
    assert kept.view() == {
        "path": str(path),
        "rows": 0,
        "stopped_because": f"File exists: {tmp_path / 'file'}",
    }
    (note,) = kept.notes
    assert note.startswith("NOTHING IS KEPT after this process ends: File exists")


def test_without_a_home_nothing_is_kept_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_home() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", no_home)
    kept = live(settings(), register, {})
    assert "Could not determine home directory" in kept.notes[0]
    assert kept.view() is not None


def test_a_damaged_journal_is_told_of_and_kept_aside(state_dir: Path) -> None:
    live(settings(state_dir=state_dir), lambda simulator: [register(simulator) for _ in range(3)])
    whole = (state_dir / JOURNAL).read_bytes()
    (state_dir / JOURNAL).write_bytes(whole.replace(b"pc", b"cp", 1))
    kept = live(settings(state_dir=state_dir), lambda _: None)
    assert kept.notes == [
        "journal: row 2 was skipped: its checksum is wrong",
        f"journal: as it was, it is kept as {state_dir / 'journal.damaged.jsonl'}",
    ]
    assert (state_dir / JOURNAL).read_bytes().count(b"\n") == 3


def test_of_a_journal_with_far_too_much_a_part_is_taken_and_the_file_kept_aside(
    state_dir: Path,
) -> None:
    live(settings(state_dir=state_dir), register)
    head, row = (state_dir / JOURNAL).read_bytes().splitlines()
    client = decode_row(row)
    assert isinstance(client, ClientRegistered)
    most = Policy().max_clients
    rows = [encode_row(replace(client, client_id=f"id-{n}")) for n in range(most + 50)]
    (state_dir / JOURNAL).write_bytes(b"".join([head, b"\n", *rows]))
    known: list[str] = []
    kept = live(settings(state_dir=state_dir), lambda it: known.extend(it.state.clients))
    assert kept.notes == [
        "journal: it had more than is kept, and this was left out: 50 registrations",
        f"journal: as it was, it is kept as {state_dir / 'journal.damaged.jsonl'}",
    ]
    assert (len(known), known[0]) == (most, "id-50")


def test_a_journal_that_cannot_be_read_is_not_destroyed(
    state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    live(settings(state_dir=state_dir), register)
    whole = (state_dir / JOURNAL).read_bytes()

    def fail(*_: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(persistence, "load", fail)
    with pytest.raises(SettingsError, match="cannot read the journal: Input/output error"):
        live(settings(state_dir=state_dir), register)
    assert (state_dir / JOURNAL).read_bytes() == whole


def test_reading_a_big_journal_is_announced(
    state_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    live(settings(state_dir=state_dir), register)
    assert capsys.readouterr() == ("", "")
    monkeypatch.setattr(persistence, "BIG_JOURNAL_BYTES", 10)
    live(settings(state_dir=state_dir), register)
    assert capsys.readouterr() == ("", "oidc-sim: reads its journal, 0 MiB\n")


def test_restarts_keep_the_journal_small(state_dir: Path) -> None:
    """Compaction at start: what was undone, refreshed or forgotten leaves no rows."""
    sizes = []
    for _ in range(5):
        live(settings(state_dir=state_dir), busy)
        sizes.append((state_dir / JOURNAL).stat().st_size)
    assert sizes[-1] < 2 * sizes[0]


def busy(simulator: Simulator) -> None:
    register(simulator)
    simulator.dispatch(Reset())

"""Opens what the process before left, and leaves it to the next: state, signing key, journal.

The state directory holds ``journal.jsonl``, ``signing.key`` and ``lock``. Nothing of it is touched
with ``--ephemeral``, nor with ``--seed`` unless ``--state-dir`` is given too: a seeded run repeats its
ids, so what it keeps would mix with what real clients rely on.

A directory that cannot be written, or that another process uses, leaves the server running without a
journal, and says so; one that was named with ``--state-dir`` ends the start. So does what looks planted
(links, other owners): to go on would hide it.
"""

import os
import secrets
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from oidc_sim.engine.clock import wake
from oidc_sim.engine.events import Event
from oidc_sim.engine.model import Now, State
from oidc_sim.engine.records import records
from oidc_sim.files.directories import state_directory
from oidc_sim.files.private_folder import InUseError, PrivateFolder, UnsafeError, danger_above
from oidc_sim.record.journal.file import NAME, JournalFile
from oidc_sim.record.journal.journal import Journal, journal_size, load
from oidc_sim.record.journal.replay import Reading
from oidc_sim.settings.model import Settings, SettingsError
from oidc_sim.simulator.simulator import Simulator

KEY_NAME = "signing.key"
LOCK_NAME = "lock"
KEY_BYTES = 32
BIG_JOURNAL_BYTES = 4 * 1024 * 1024
"""Reading one takes long enough that a person wants to know why nothing happens yet."""


@dataclass(slots=True)
class Kept:
    """Folder, key and journal that outlive the process; with ``folder`` None, nothing does."""

    signing_key: bytes | None = None
    """The directory's own; None without one."""
    folder: PrivateFolder | None = None
    journal: Journal | None = None
    path: Path | None = None
    """Path of the journal, where there should be one."""
    trouble: str | None = None
    """Why nothing is kept although it should be."""
    notes: list[str] = field(default_factory=list)
    """Sentences for the person who started the program."""

    @property
    def sink(self) -> Callable[[Sequence[Event]], object] | None:
        """The journal's receiver of every command's events, called before the command is answered."""
        return self.journal.note if self.journal else None

    def restore(self, simulator: Simulator, now: Now) -> None:
        """Let the simulator go on from where an earlier process ended; before it is used.

        Raises:
            SettingsError: The journal is no file of ours, or cannot be read: to write a new one would destroy it.
        """
        if self.folder is None or self.journal is None:
            return
        with _as_settings_error():
            self.notes += _read_journal(self.folder, simulator)
            wake(simulator.state, now)
            self.journal.begin(records(simulator.state))
        simulator.adopt()

    def start(self, simulator: Simulator, tell: Callable[[str], object]) -> None:
        """Begin to write, in the running loop; ``tell`` takes sentences for a person."""
        if self.journal:
            self.journal.start(lambda: records(simulator.state), tell)

    async def close(self) -> None:
        """Have everything on the disk, and let another process use the directory."""
        if self.journal:
            await self.journal.close()
        if self.folder:
            self.folder.close()

    @property
    def is_incomplete(self) -> bool:
        """Whether the journal was given up in mid-run."""
        return self.journal is not None and self.journal.stopped_because is not None

    def view(self) -> dict[str, Any] | None:
        """The journal as the control API shows it; None where none is wanted."""
        if self.journal:
            return self.journal.view()
        if self.trouble is None:
            return None
        return {"path": str(self.path), "rows": 0, "stopped_because": self.trouble}


def open_kept(settings: Settings, environment: Mapping[str, str]) -> Kept:
    """Lock the state directory and read the signing key.

    Raises:
        SettingsError: The directory must not be used, or cannot be although it was named.
    """
    kept = Kept()
    if not settings.keeps_state:
        return kept
    try:
        path = state_directory(environment, settings.state_dir)
        kept.path = path / NAME
        with _as_settings_error():
            kept.folder = _locked(path)
            if danger := danger_above(path):
                kept.notes.append(f"{danger}, or use another --state-dir")
            kept.signing_key = _signing_key(kept.folder)
            kept.journal = Journal(JournalFile(kept.folder))
    except (OSError, RuntimeError) as error:  # RuntimeError: there is no home directory
        _go_without(kept, settings, _why(error), "name another with --state-dir")
    except InUseError as error:
        _go_without(kept, settings, str(error), "use another --state-dir, or --ephemeral")
    return kept


def _locked(path: Path) -> PrivateFolder:
    folder = PrivateFolder.open(path)
    try:
        folder.lock(LOCK_NAME)
    except BaseException:
        folder.close()
        raise
    return folder


def _signing_key(folder: PrivateFolder) -> bytes:
    """Read the key that this directory's tokens and credentials are signed with; make it once."""
    descriptor = folder.open_to_read(KEY_NAME)
    if descriptor is None:
        key = secrets.token_bytes(KEY_BYTES)
        folder.replace(KEY_NAME, [key])
        return key
    with os.fdopen(descriptor, "rb") as file:
        key = file.read(KEY_BYTES + 1)
    if len(key) != KEY_BYTES:
        raise UnsafeError(f"{folder.path / KEY_NAME} is damaged; delete it for a new key")
    return key


def _read_journal(folder: PrivateFolder, simulator: Simulator) -> list[str]:
    """Bring the journal into the simulator's state; gives notes for a person."""
    try:
        size = journal_size(folder)
        if size > BIG_JOURNAL_BYTES:
            print(f"oidc-sim: reads its journal, {size >> 20} MiB", file=sys.stderr)  # noqa: T201
        reading = _load(folder, simulator.state)
    except OSError as error:
        raise UnsafeError(f"cannot read the journal: {_why(error)}; move it away") from None
    notes = reading.notes()
    if reading.is_partial:
        notes.append(f"journal: as it was, it is kept as {folder.path / str(reading.kept_as)}")
    return notes


def _load(folder: PrivateFolder, state: State) -> Reading:
    """Load with auto-approve as the journal has it, then restore this process's own."""
    auto_approves, state.auto_approves = state.auto_approves, False
    try:
        return load(folder, state)
    finally:
        state.auto_approves = auto_approves


@contextmanager
def _as_settings_error() -> Iterator[None]:
    """Turn what the person has to see to into a wrong setting."""
    try:
        yield
    except UnsafeError as error:
        raise SettingsError(f"{error}, or use another --state-dir, or --ephemeral") from None


def _go_without(kept: Kept, settings: Settings, why: str, advice: str) -> None:
    if settings.state_dir is not None:
        raise SettingsError(f"--state-dir: {why}; {advice}")
    if kept.folder is not None:
        kept.folder.close()
    kept.folder = kept.journal = kept.signing_key = None
    kept.trouble = why
    kept.notes.append(f"NOTHING IS KEPT after this process ends: {why}; {advice}")


def _why(error: OSError | RuntimeError) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}: {error.filename}" if error.filename else error.strerror
    return str(error)

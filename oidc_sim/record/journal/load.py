"""The journal that an earlier process left: read, and kept as it was where it cannot be read in full."""

import os

from oidc_sim.engine.model import State
from oidc_sim.files.private_folder import PrivateFolder, UnsafeError
from oidc_sim.record.journal.file import NAME
from oidc_sim.record.journal.replay import Reading, replay

DAMAGED_NAME = "journal.damaged.jsonl"
"""A copy of a journal that could not be read in full: compaction would lose what we cannot read."""
DAMAGED_KEPT = 10
"""Damaged journals that are kept beside it; the last one makes way for a newer one."""
MAX_BYTES = 1 << 30
"""What is larger is no journal of ours: those are compacted long before."""


def load(folder: PrivateFolder, state: State) -> Reading:
    """Bring the folder's journal into a state.

    Raises:
        UnsafeError: It is too large, or not a file of ours.
        OSError: It cannot be read.
    """
    descriptor = folder.open_to_read(NAME)
    if descriptor is None:
        return Reading()
    with os.fdopen(descriptor, "rb") as file:
        if os.fstat(descriptor).st_size > MAX_BYTES:
            raise UnsafeError(f"{folder.path / NAME} is too large to be a journal; move it away")
        reading = replay(file, state)
        if reading.is_partial:
            file.seek(0)
            reading.kept_as = _free_name(folder)
            folder.replace(reading.kept_as, iter(lambda: file.read(1 << 16), b""))
    return reading


def _free_name(folder: PrivateFolder) -> str:
    """Where to keep a damaged journal: an earlier one is not overwritten, up to a bound."""
    names = [DAMAGED_NAME, *(f"journal.damaged-{n}.jsonl" for n in range(2, DAMAGED_KEPT + 1))]
    return next((name for name in names if not folder.has(name)), names[-1])


def journal_size(folder: PrivateFolder) -> int:
    """Bytes of the folder's journal, 0 where there is none.

    Raises:
        UnsafeError: It is not a file of ours.
        OSError: It cannot be looked at.
    """
    descriptor = folder.open_to_read(NAME)
    if descriptor is None:
        return 0
    try:
        return os.fstat(descriptor).st_size
    finally:
        os.close(descriptor)

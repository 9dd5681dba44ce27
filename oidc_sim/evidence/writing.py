"""Writes evidence where a person stands, and says in one line what came of it."""

from pathlib import Path

from oidc_sim.evidence.evidence import evidence_of
from oidc_sim.evidence.folder import reason, write_folder
from oidc_sim.evidence.selection import Taken

NOTHING = "nothing is kept about it any more"


def write_taken(taken: Taken, where: Path) -> str:
    """Write what was taken, also from a thread; returns what to tell."""
    try:
        folder = write_folder(evidence_of(taken).files(), taken.at, where)
    except OSError as error:
        return reason(error)
    count = len(taken.exchanges)
    requests = f"{count:,} request{'' if count == 1 else 's'}"
    return f"wrote {folder}/: {taken.title}, {requests}, secrets cut"

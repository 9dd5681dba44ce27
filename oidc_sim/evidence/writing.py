"""Writes evidence where a person stands, and says in one line what came of it."""

from pathlib import Path

from oidc_sim.evidence.allowance import GoOn, whatever
from oidc_sim.evidence.evidence import evidence_of
from oidc_sim.evidence.folder import reason, write_folder
from oidc_sim.evidence.selection import Taken

NOTHING = "nothing is kept about it any more"


def write_taken(taken: Taken, where: Path, go_on: GoOn = whatever) -> str:
    """Write what was taken, also from a thread that may be abandoned; returns what to tell."""
    try:
        folder = write_folder(evidence_of(taken, go_on).files(), taken.at, where, go_on)
    except OSError as error:
        return reason(error)
    count = len(taken.exchanges)
    requests = f"{count:,} request{'' if count == 1 else 's'}"
    return f"wrote {folder}/: {taken.title}, {requests}, secrets cut"

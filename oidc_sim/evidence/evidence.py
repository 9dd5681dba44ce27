"""Makes archive, lines and report of what was taken, and writes them as a folder.

Making them is pure, and slow for ten thousand requests.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oidc_sim.evidence.allowance import Allowance, GoOn, whatever
from oidc_sim.evidence.folder import files_of, reason, write_folder
from oidc_sim.evidence.har import har
from oidc_sim.evidence.report import report
from oidc_sim.evidence.selection import Taken
from oidc_sim.record.lines import entry_json


@dataclass(frozen=True, slots=True)
class Evidence:
    """The same happenings in three forms, secrets cut in each."""

    har: dict[str, Any]
    """An archive that a browser's network tab opens."""
    report: str
    """For people, in Markdown."""
    lines: list[dict[str, Any]]
    """Events and exchanges in order, as ``ctl events`` prints them."""

    def files(self) -> dict[str, Iterable[bytes]]:
        """Give the files to write, by name, in pieces."""
        return files_of(self.members())

    def members(self) -> dict[str, Any]:
        """Give the JSON members of the control API."""
        return {"har": self.har, "report": self.report, "lines": self.lines}


def evidence_of(taken: Taken, go_on: GoOn = whatever) -> Evidence:
    """Make all three forms; ``go_on`` is called between pieces, and what it raises ends the work."""
    in_archive, in_lines, in_report = (Allowance(go_on) for _ in range(3))
    archive = har(taken.exchanges, taken.url, in_archive)
    lines = [entry_json(entry, in_lines.value) for entry in reversed(taken.entries)]
    left_out = in_archive.left_out + in_lines.left_out
    return Evidence(har=archive, report=report(taken, in_report, left_out), lines=lines[::-1])


NOTHING = "nothing is kept about it any more"


def write_taken(taken: Taken, where: Path, go_on: GoOn = whatever) -> str:
    """Write what was taken, also from a thread that may be abandoned; gives a sentence about it."""
    try:
        folder = write_folder(evidence_of(taken, go_on).files(), taken.at, where, go_on)
    except OSError as error:
        return reason(error)
    count = len(taken.exchanges)
    requests = f"{count:,} request{'' if count == 1 else 's'}"
    return f"wrote {folder}/: {taken.title}, {requests}, secrets cut"

"""Archive, lines and report of what was taken; pure, and slow for ten thousand requests."""

from dataclasses import dataclass
from typing import Any

from oidc_sim.evidence.folder import files_of
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

    def files(self) -> dict[str, bytes]:
        """What is written, by name."""
        return files_of(self.members())

    def members(self) -> dict[str, Any]:
        """As the control API gives it."""
        return {"har": self.har, "report": self.report, "lines": self.lines}


def evidence_of(taken: Taken) -> Evidence:
    """All three forms."""
    return Evidence(
        har=har(taken.exchanges, taken.url),
        report=report(taken),
        lines=[entry_json(entry) for entry in taken.entries],
    )

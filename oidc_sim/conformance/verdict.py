"""What a cadence comes to, in words: the same on the screen and in evidence."""

from enum import StrEnum
from typing import NamedTuple

from oidc_sim.conformance.cadence import Cadence
from oidc_sim.engine.pace import Timing

RULE = "RFC 8628 §3.5"


class Finding(StrEnum):
    """How the last poll came."""

    TOO_FAST = "too fast"
    NOT_JUDGED = "not judged"
    """A second poll at once, which AWS CLI makes by design."""
    KEEPS_PACE = "keeps pace"


class Verdict(NamedTuple):
    """A finding and the sentence that gives its reason, without a sign before it."""

    finding: Finding
    text: str


def verdict_on(cadence: Cadence) -> Verdict | None:
    """How the client keeps RFC 8628's pace, by its last poll; None before its second."""
    waited_s = cadence.waited_s
    if waited_s is None:
        return None
    pace = f"told {cadence.asked_s} s, waited {_exactly(waited_s)}"
    match cadence.timing:
        case Timing.TOO_EARLY:
            return Verdict(Finding.TOO_FAST, f"too fast: {pace}")
        case Timing.SECOND:
            return Verdict(Finding.NOT_JUDGED, f"second poll at once: {pace}; not judged")
        case _:
            early = f"; {cadence.early_polls:,} too early before" if cadence.early_polls else ""
            return Verdict(Finding.KEEPS_PACE, f"keeps pace: {pace}{early}")


def _exactly(span_s: float) -> str:
    return f"{span_s:.2f} s" if span_s < 1 else f"{span_s:.1f} s"

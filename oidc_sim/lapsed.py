"""What a step of the clock did, in words for the hint line, ``ctl`` and ``serve``."""

from dataclasses import asdict

from oidc_sim.engine.replies import Lapses

_ONE = {
    "codes": "code",
    "tokens": "token",
    "sessions": "session",
    "registrations": "registration",
    "credentials": "role credential",
}


def lapsed(lapses: Lapses) -> str:
    """Such as ``2 codes expired, 1 token expired``."""
    return lapsed_words(asdict(lapses))


def lapsed_words(counts: dict[str, int]) -> str:
    """The same, from the control API's members."""
    told = [
        f"{count:,} {_ONE[kind]}{'' if count == 1 else 's'} expired"
        for kind, count in counts.items()
        if count
    ]
    return ", ".join(told) or "nothing expired"

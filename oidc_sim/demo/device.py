"""The device flow as a client sees it (RFC 8628; wire.md#77, wire.md#78)."""

from typing import Any

from oidc_sim.demo.asking import Answer, NoAnswerError
from oidc_sim.demo.signing_in import START_URL, FailedError, Stage, error_of, granted

DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
LEAST_S = 0.2
"""Between two polls, however short the interval: a demo is no load test."""
SLOWER_BY_S = 5
"""RFC 8628 §3.5."""
MOST_FAILURES = 3
"""Polls in a row that may fail in the server or on the way, as SDKs retry."""
_OVER = {"access_denied", "expired_token", "invalid_grant"}
_SERVERS_FAULT = 500
_TOO_MANY = 429


async def sign_in_by_device(stage: Stage) -> None:
    """Ask for a code and poll until it is collected, denied or expired.

    Raises:
        FailedError: The server answered something else.
        NoAnswerError: There was no answer.
    """
    who = await stage.register()
    start = await stage.asking.post("/device_authorization", {**who, "startUrl": START_URL})
    given = granted(start)
    poll = {**who, "deviceCode": given.get("deviceCode"), "grantType": DEVICE_GRANT}
    await _poll(stage, poll, float(given.get("interval") or 0))


async def _poll(stage: Stage, poll: dict[str, Any], interval_s: float) -> None:
    failures = 0
    while failures < MOST_FAILURES:
        await stage.sleep(max(LEAST_S, interval_s * stage.performance.pace))
        error = await _asked(stage, poll)
        failures = failures + 1 if error is None else 0
        if error in _OVER or error == "":
            return
        if error == "slow_down" and stage.performance.heeds:
            interval_s += SLOWER_BY_S
        elif error not in {None, "authorization_pending", "slow_down"}:
            raise FailedError(f"its poll got {error}")
    raise FailedError(f"{MOST_FAILURES} polls in a row got no usable answer")


async def _asked(stage: Stage, poll: dict[str, Any]) -> str | None:
    """The error in a word, empty with the token; None where another try may help."""
    try:
        answer = await stage.asking.post("/token", poll)
    except NoAnswerError:
        return None
    return _word(answer)


def _word(answer: Answer) -> str | None:
    if answer.status >= _SERVERS_FAULT or answer.status == _TOO_MANY:
        return None
    if answer.members.get("accessToken"):
        return ""
    return error_of(answer) if answer.members.get("error") else None

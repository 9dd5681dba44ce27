"""A browser sign-in: where its browser waits to go, and what happens next.

Its facts and its next step take the place of a device code's interval and poll; all else is told of
both alike by ``device``.
"""

from collections.abc import Iterable, Iterator

from oidc_sim.engine.model import BrowserRequest, Device, DeviceState
from oidc_sim.tui.bars.lines import Line, line
from oidc_sim.tui.cells import joined, printable
from oidc_sim.tui.inspector.facts import fact, muted, plain, stranger
from oidc_sim.tui.times import spoken_ago, time_left

_WITH_CODE = "with a code"
_WITH_ERROR = "with error=access_denied"
_WITH_THE_CODE = {
    DeviceState.APPROVED: "The code is redeemed for:",
    DeviceState.COLLECTED: "A second use of the code is told:",
}


def sign_in_facts(device: Device, browser: BrowserRequest, at: float) -> Iterator[Line]:
    """What was asked for, and where browser and code are now; ``at`` is simulated time."""
    yield fact("kind", printable("browser sign-in, PKCE S256"))
    yield fact("redirect", stranger(browser.redirect_uri))
    if browser.client_state is not None:
        yield fact("its state", stranger(browser.client_state))
    yield fact("browser", printable(_where(device, at)))
    if device.code_digest:
        yield fact("code", printable(_code(device, at)))


def next_step(
    device: Device, browser: BrowserRequest, at: float, answer: Iterable[Line]
) -> Iterator[Line]:
    """Where the browser goes next, or what its client is told when it brings the code.

    Args:
        device: The sign-in.
        browser: What it was asked with.
        at: Simulated time, seconds since 1970.
        answer: What a client is told that brings the code now.
    """
    stands = device.state(at)
    if device.code_digest:
        yield plain(_WITH_THE_CODE.get(stands, "Whoever brings the code is told:"))
        yield from answer
    elif device.was_turned_away:
        yield _sent("it went back to ", browser, _WITH_ERROR)
        yield muted("Nothing more comes of it.")
    elif stands is DeviceState.PENDING:
        yield plain(_who_waits(device, at))
        yield _sent("a: it goes back to ", browser, _WITH_CODE)
        yield _sent("d: it goes back there ", None, _WITH_ERROR)
    else:
        with_what = _WITH_CODE if stands is DeviceState.APPROVED else _WITH_ERROR
        if device.browser_left_at is not None:
            yield plain(_who_waits(device, at))
        yield _sent("the browser goes back to ", browser, with_what)


def _who_waits(device: Device, at: float) -> str:
    if device.browser_left_at is None:
        return "The browser waits for you."
    return f"The browser left {spoken_ago(at - device.browser_left_at)}. When it comes back:"


def _sent(start: str, browser: BrowserRequest | None, with_what: str) -> Line:
    place = joined(stranger(browser.redirect_uri), printable(" ")) if browser else printable("")
    return line(printable(start), place, printable(with_what), hang=2)


def _where(device: Device, at: float) -> str:
    if device.code_digest:
        return "went back with a code"
    if device.was_turned_away:
        return "went back with an error"
    if device.browser_left_at is not None:
        return f"left {spoken_ago(at - device.browser_left_at)}"
    return "waits for you" if device.state(at) is DeviceState.PENDING else "about to go back"


def _code(device: Device, at: float) -> str:
    if device.collected_at is not None:
        return "redeemed"
    if device.state(at) is DeviceState.EXPIRED:
        return "good for nothing any more"
    return f"good for {time_left(device.expires_at - at)}, once"

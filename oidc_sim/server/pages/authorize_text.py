"""The pages that a browser sign-in shows while it waits, and when there is nothing to wait for."""

from html import escape

from oidc_sim.engine.model import DeviceState
from oidc_sim.server.pages.page_text import (
    Html,
    Question,
    code_to_compare,
    decision_form,
    facts,
    page,
)

WAITING = "Waiting for a decision, yours or the operator\N{RIGHT SINGLE QUOTATION MARK}s"
_BY_ITSELF = (
    "The operator can decide too, on oidc-sim\N{RIGHT SINGLE QUOTATION MARK}s screen under the code "
    "above. This page then goes on by itself."
)
_OVER = {
    DeviceState.PENDING: (
        "Taken back",
        "This browser was sent back to the client already, and the approval was taken back since.",
    ),
    DeviceState.APPROVED: (
        "Approved",
        "This sign-in is approved, and this browser was sent back to the client already.",
    ),
    DeviceState.COLLECTED: ("Signed in", "This sign-in is complete: the client has its token."),
    DeviceState.DENIED: ("Denied", "This sign-in was denied, and the client has been told."),
    DeviceState.EXPIRED: (
        "Expired",
        "Nobody decided about this sign-in in time, and the client has been told.",
    ),
}
_LOOKS = {
    DeviceState.APPROVED: "approved",
    DeviceState.COLLECTED: "approved",
    DeviceState.DENIED: "denied",
    DeviceState.EXPIRED: "denied",
}


def ask(question: Question, returns_to: str, again: str) -> Html:
    """The page that asks, while the operator may decide too; ``again`` is its own address."""
    main = (
        f'<p class="waiting" role="status">{WAITING}</p>'
        + code_to_compare(question.user_code)
        + facts(question, ("Returns to", f"<code>{escape(returns_to)}</code>"))
        + decision_form("/sign-in", question)
        + f'<p class="care">{_BY_ITSELF} <a href="{escape(again, quote=True)}">Look again</a></p>'
    )
    return page("Approve or deny", "Do you approve this sign-in?", main)


def over(state: DeviceState) -> Html:
    """The page for a browser that comes back after it was sent on."""
    heading, text = _OVER[state]
    main = f'<p role="status">{text} You can close this window.</p>'
    return page(heading, heading, main, look=_LOOKS.get(state, "plain"))


def forgotten() -> Html:
    """The page for a sign-in that is unknown."""
    return _error("This sign-in is over", "oidc-sim does not know it any more. Start it again.")


def elsewhere() -> Html:
    """The page for a browser that is not the one that began."""
    why = (
        "This sign-in was begun in another browser, or before oidc-sim was started anew. "
        "Go on there, or start it again from your terminal."
    )
    return _error("Not in this browser", why)


def unproven() -> Html:
    """The page for a form that is none of ours, or not this browser's."""
    why = "This form was not made for this browser, or it is from an earlier run of oidc-sim."
    return _error("Nothing was decided", why)


def malformed(why: str) -> Html:
    """The page for a request that cannot be read; ``why`` is our own words."""
    return _error("That could not be read", why)


def detour(target: str) -> Html:
    """A page that opens an address of ours at once, in our own name."""
    url = escape(target, quote=True)
    main = f'<p role="status"><a href="{url}">Go on to sign in</a></p>'
    head = f'<meta http-equiv="refresh" content="0; url={url}">\n'
    return page("Going on", "Going on to sign in", main, head=head)


def _error(heading: str, why: str) -> Html:
    main = f'<p class="alert" role="alert">{escape(why)}</p>'
    return page(f"Error: {heading}", heading, main)

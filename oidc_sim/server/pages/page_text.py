"""The words and the HTML of the pages: plain, without script, and the same with or without style.

By hand rather than by a template engine: there are five small pages, and one function, ``shown``, is
the only way from a stranger's text to HTML. Everything else here is our own words. Each page says at
its top that it is a simulator's (T-27).
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from typing import NewType

from oidc_sim.engine.model import Decision, Device, DeviceState
from oidc_sim.text.printable import printable
from oidc_sim.text.redact import redact_text

Html = NewType("Html", str)
"""Well-formed, and safe to put into a page."""

BUTTONS = (Decision.APPROVE, Decision.DENY)
"""What can be decided on a page."""
BANNER = "Simulator \N{EN DASH} this is oidc-sim, not AWS."
WRONG_CODE = (
    "No sign-in is waiting for this code. It may be mistyped, expired or already used: compare it "
    "with your terminal, or start the sign-in again there."
)
"""One answer for all of these, so that a guesser learns nothing (T-20)."""
_MAX_SHOWN = 80
"""Characters of a client's name or scope; a name of 60 kB must not push the buttons away."""
_MAX_AGENT = 200
"""Characters of a user agent; botocore's have about that many."""
_MINUTE_S, _HOUR_S, _DAY_S = 60, 3600, 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """The facts that a person needs to decide. Texts are the client's own, as they came."""

    user_code: str
    csrf_token: str
    client_name: str
    scopes: tuple[str, ...]
    asked_at: float
    """Simulated seconds since 1970."""
    asked_ago_s: float
    user_agent: str | None

    @classmethod
    def about(
        cls, device: Device, csrf_token: str, now: float, user_agent: str | None = None
    ) -> "Question":
        """Ask about a sign-in at this simulated second."""
        return cls(
            user_code=device.user_code,
            csrf_token=csrf_token,
            client_name=device.client_name,
            scopes=device.scopes,
            asked_at=device.issued_at,
            asked_ago_s=now - device.issued_at,
            user_agent=user_agent,
        )


def shown(text: str, most: int = _MAX_SHOWN) -> Html:
    """Make a stranger's text safe to show: cut, invisible characters as escapes, markup as text."""
    cut = text if len(text) <= most else text[:most] + "…"
    return Html(f"<bdi>{escape(printable(cut), quote=True)}</bdi>")


def home() -> Html:
    """The page at the root: it explains the simulator, and has the form."""
    intro = (
        "<p>oidc-sim plays AWS IAM Identity Center's sign-in service on this computer, for programs "
        "that are being tested. No AWS account is behind it.</p>"
        "<p>If your terminal shows a code, enter it here or on "
        '<a href="/device">the page for codes</a>.</p>'
    )
    return page("oidc-sim", "A simulated AWS sign-in", intro + _code_form())


def enter_code() -> Html:
    """The page that asks for a user code."""
    intro = "<p>Your terminal shows a code. Type it here to see who wants to sign in.</p>"
    return page("Enter the code", "Enter the code from your terminal", intro + _code_form())


def wrong_code() -> Html:
    """The page that asks again."""
    alert = f'<p class="alert" id="error" role="alert">{WRONG_CODE}</p>'
    main = alert + _code_form(is_again=True)
    return page("Error: unknown code", "Enter the code from your terminal", main)


def ask(question: Question) -> Html:
    """The page that shows who wants to sign in, and asks.

    No button has the focus: a key that is held down while the page opens must not decide.
    """
    agent = shown(redact_text(question.user_agent or "not known"), _MAX_AGENT)
    main = (
        code_to_compare(question.user_code)
        + facts(question, ("User agent", f'<span class="agent">{agent}</span>'))
        + decision_form("/device", question)
    )
    return page("Approve or deny", "Does this code match the one in your terminal?", main)


def code_to_compare(user_code: str) -> str:
    """The user code, large."""
    return f'<p class="code"><code>{escape(user_code)}</code></p>'


def decision_form(action: str, question: Question) -> str:
    """A word of warning, and the two buttons."""
    code = escape(question.user_code, quote=True)
    return (
        '<p class="care">Approve only a sign-in that you started yourself. '
        "If somebody sent you here, deny it.</p>"
        f'<form method="post" action="{action}">'
        f'<input type="hidden" name="user_code" value="{code}">'
        f'<input type="hidden" name="csrf_token" value="{escape(question.csrf_token, quote=True)}">'
        '<p class="choice">'
        f"{' '.join(_button(decision) for decision in BUTTONS)}</p></form>"
    )


def _button(decision: Decision) -> str:
    return (
        f'<button type="submit" name="decision" value="{decision}" class="{decision}">'
        f"{decision.capitalize()}</button>"
    )


def approved(client_name: str) -> Html:
    """The page after approving."""
    main = (
        f'<p role="status">{shown(client_name)} gets its token when it asks next. '
        "You can close this window and go back to your terminal.</p>"
    )
    return page("Approved", "Approved", main, look="approved")


def denied(client_name: str) -> Html:
    """The page after denying."""
    main = (
        f'<p role="status">{shown(client_name)} is told that access was denied, and gets no token. '
        "You can close this window.</p>"
    )
    return page("Denied", "Denied", main, look="denied")


def refused(heading: str, why: str) -> Html:
    """An error page; both texts are our own words."""
    main = (
        f'<p class="alert" role="alert">{escape(why)}</p>'
        '<p class="onward"><a href="/device">Enter a code</a></p>'
    )
    return page(f"Error: {escape(heading)}", escape(heading), main)


def page(title: str, heading: str, main: str, look: str = "plain", head: str = "") -> Html:
    """A whole page out of HTML that is safe to put into one; ``head`` is more of its head."""
    return Html(
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{title} | oidc-sim, a simulator</title>\n{head}"
        '<link rel="stylesheet" href="/style.css">\n'
        f'</head>\n<body>\n<header class="banner"><p>{BANNER}</p></header>\n'
        f'<main class="{look}">\n<h1>{heading}</h1>\n{main}\n</main>\n</body>\n</html>\n'
    )


def _code_form(*, is_again: bool = False) -> str:
    described_by = "error hint" if is_again else "hint"
    invalid = ' aria-invalid="true"' if is_again else ""
    return (
        '<form method="get" action="/device"><p>'
        '<label for="user_code">Code</label>'
        '<span class="hint" id="hint">Eight letters. Capitals and the dash do not matter.</span>'
        '<input id="user_code" name="user_code" type="text" required autofocus maxlength="32" '
        'autocomplete="off" autocapitalize="characters" autocorrect="off" spellcheck="false" '
        f'placeholder="XXXX-XXXX" aria-describedby="{described_by}"{invalid}>'
        '</p><p class="choice"><button type="submit" class="approve">Continue</button></p></form>'
    )


def facts(question: Question, *more: tuple[str, str]) -> str:
    """A list of client, scopes and time of a question; ``more`` are rows of safe HTML."""
    rows = [
        ("Client", f"<strong>{shown(question.client_name)}</strong>"),
        ("Scopes", _scopes(question.scopes)),
        ("Asked", _asked(question)),
        *more,
    ]
    items = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in rows)
    return f"<dl>{items}</dl>"


def _scopes(scopes: tuple[str, ...]) -> str:
    if not scopes:
        return "none asked for"
    items = "".join(f"<li><code>{shown(scope)}</code></li>" for scope in scopes)
    return f"<ul>{items}</ul>"


def _asked(question: Question) -> str:
    ago = in_words(question.asked_ago_s)
    try:
        moment = datetime.fromtimestamp(question.asked_at, UTC).astimezone()
    except (ValueError, OverflowError, OSError):  # the operator may have stepped beyond year 9999
        return ago
    return f'<time datetime="{moment.isoformat("T", "seconds")}">{moment:%H:%M:%S}</time>, {ago}'


def in_words(ago_s: float) -> str:
    """Say how long ago something was, in whole units."""
    seconds = max(0, int(ago_s))
    for unit_s, unit in ((_DAY_S, "day"), (_HOUR_S, "hour"), (_MINUTE_S, "minute"), (1, "second")):
        count = seconds // unit_s
        if count:
            return f"{count} {unit}{'' if count == 1 else 's'} ago"
    return "just now"


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


def ask_and_wait(question: Question, returns_to: str, again: str) -> Html:
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

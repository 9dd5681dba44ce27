"""Editor of a held request's answer: status, headers and body.

An answer made from the preview is sent once the request has been done, with the real ids and tokens in it;
``f3`` changes that. The request's countdown stands still while the editor is open. The editor answers the
request itself, so that nothing written is lost when that cannot be done any more.

The text shown is the text sent: characters that nobody would see are shown, and go out, as escapes.
"""

import json
from dataclasses import dataclass, replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static, TextArea
from textual.widgets.text_area import Edit, EditResult

from oidc_sim.engine.arrival import Held, HeldDecision
from oidc_sim.engine.commands import DecideHeld, PauseHeld
from oidc_sim.engine.held import EDIT, HOW_ENDED
from oidc_sim.engine.replies import Impossible
from oidc_sim.simulator.simulator import Simulator
from oidc_sim.tui.cells import printable
from oidc_sim.tui.decisions import Noted, Result
from oidc_sim.wire.edited import BODILESS, OURS, STATUS_RULE, objection_to

_HEAD_END = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class AnswerText:
    """An answer as the three fields of the editor."""

    status: str = "200"
    headers: str = "Content-Type: application/json"
    """``Name: value``, one on each line."""
    body: str = "{}"


EMPTY = AnswerText()
"""Start where the true answer is not known."""


class AnswerTextError(ValueError):
    """Says why a text is no answer."""


def visible(text: str) -> str:
    r"""The text with an escape for each character that is no ink; lines stay lines, tabs stay tabs.

    A line may end with ``\r\n``: that it did is lost.
    """
    lines = text.replace("\r\n", "\n").split("\n")
    return "\n".join("\t".join(map(printable, line.split("\t"))) for line in lines)


def as_text(whole: bytes) -> AnswerText:
    """All bytes of a response as they can be edited, without what the server says by itself."""
    head, _, body = whole.partition(_HEAD_END)
    first, *lines = head.decode("latin-1").split("\r\n")
    kept = [line for line in lines if line.partition(":")[0].lower() not in OURS]
    return AnswerText(
        status=first.split(" ")[1],
        headers=visible("\n".join(kept)),
        body=visible(body.decode("utf-8", "backslashreplace")),
    )


def read(text: AnswerText) -> HeldDecision:
    """The decision to answer with this text.

    Raises:
        AnswerTextError: HTTP does not allow it, or it is not clear.
    """
    if not text.status.isdecimal():
        raise AnswerTextError(STATUS_RULE)
    decision = HeldDecision(
        how=EDIT,
        status=int(text.status),
        headers=tuple(map(_header, filter(str.strip, text.headers.split("\n")))),
        body=text.body.encode("utf-8", "backslashreplace"),
    )
    if (why := objection_to(decision)) is not None:
        raise AnswerTextError(why)
    if decision.status in BODILESS and decision.body:
        raise AnswerTextError(f"an answer with status {decision.status} has no body: empty it")
    return decision


def _header(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    if not colon:
        raise AnswerTextError(f"write headers as Name: value, not {line.strip()[:30]!r}")
    if name.strip().lower() in OURS:
        raise AnswerTextError(f"leave {name.strip()} out: it follows from the body by itself")
    return name.rstrip(), value.strip()


def doubt_about(decision: HeldDecision) -> str | None:
    """Warn about an answer that is allowed but hardly meant: a body that is no JSON and says it is."""
    is_json = any(
        name.lower() == "content-type" and "json" in value.lower()
        for name, value in decision.headers
    )
    if not is_json or not decision.body:
        return None
    try:
        json.loads(decision.body)
    except (ValueError, RecursionError):
        return "the body is no JSON, as Content-Type says"
    return None


def pause(simulator: Simulator, number: int, *, is_paused: bool) -> None:
    """Stop the request's countdown, or let it go on; does nothing once it is not held."""
    simulator.dispatch(PauseHeld(number=number, is_paused=is_paused))


def save(simulator: Simulator, number: int, decision: HeldDecision) -> str | None:
    """Answer the request with a decision; returns why not where that failed."""
    reply = simulator.dispatch(DecideHeld(number=number, decision=decision))
    return what_became_of(simulator, number) or reply.why if isinstance(reply, Impossible) else None


def what_became_of(simulator: Simulator, number: int) -> str | None:
    """Say how a request ended that can be answered no more; None while it waits."""
    held = simulator.state.held.get(number)
    if held is not None and held.decision is None:
        return None
    if held is not None and held.decision is not None:
        return f"#{number} waits no more: {HOW_ENDED.get(held.decision.how, held.decision.how)}"
    exchange = simulator.log.exchanges.get(number)
    if exchange is None:
        return f"#{number} is gone"
    if exchange.status:
        return f"#{number} was answered meanwhile: {exchange.status} {printable(exchange.outcome)}"
    return f"#{number} waits no more: {printable(exchange.outcome)}"


class AnswerField(TextArea):
    """A text of several lines that is sent as it is shown; ``tab`` leaves it."""

    def __init__(self, text: str, *, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(visible(text), id=id, compact=True, highlight_cursor_line=False)
        self.cursor_blink = False

    def edit(self, edit: Edit) -> EditResult:
        """Put in what can be seen; Textual comes through here for keys, pastes and undo alike."""
        shown = visible(edit.text)
        return super().edit(edit if shown == edit.text else replace(edit, text=shown))


LOOKS_EVERY_S = 0.5
_SEND = "Send it: F2, or from here"
_ASKED = "Send it?  y yes  n no"


class SendLine(Static, can_focus=True):
    """Where ``y`` sends and ``n`` does not."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "screen.send", show=False, id="answer.yes"),
        Binding("n", "screen.leave", show=False, id="answer.no"),
    ]

    def on_focus(self) -> None:
        """Asks: only here ``y`` and ``n`` are keys and no letters."""
        self.update(_ASKED)

    def on_blur(self) -> None:
        """Says how to send: elsewhere ``y`` and ``n`` are typed."""
        self.update(_SEND)


class AnswerEditor(ModalScreen[Result | None]):
    """Edits and sends an answer; gives what was done, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Close", show=False, id="answer.close", priority=True),
        Binding("f2", "send", "Send", show=False, id="answer.send", priority=True),
        Binding("f3", "toggle_done", "Do it", show=False, id="answer.done", priority=True),
    ]
    AUTO_FOCUS = "#status"
    VERTICAL_BREAKPOINTS = [(0, "-low"), (22, "-high")]  # noqa: RUF012 - Textual annotates it so

    DEFAULT_CSS = """
    AnswerEditor {
        align: center middle;
        #answer {
            width: 96%; max-width: 100; height: 96%; max-height: 32; padding: 0 1;
            border: heavy $foreground; background: $surface;
            border-title-color: $foreground; border-subtitle-color: $foreground;
        }
        Static { height: auto; }
        Static.label { text-style: bold; height: 1; }
        .line { height: 1; }
        .line Static { width: 10; }
        Input, Input:focus { border: none; height: 1; width: 8; padding: 0; background: $panel; }
        TextArea, TextArea:focus { border: none; padding: 0; background: $panel; }
        #headers, #headers:focus { height: auto; min-height: 2; max-height: 6; }
        #body { height: 1fr; }
        #foot { dock: bottom; height: auto; background: $surface; }
        SendLine:focus { text-style: bold reverse; }
        #wrong { color: $text-error; height: auto; min-height: 1; max-height: 2; }
        &.-low #about { display: none; }
        &.-low #headers { max-height: 3; }
    }
    """

    def __init__(self, simulator: Simulator, held: Held, whole: bytes | None, *, of: int) -> None:
        """Begin with ``whole``, all bytes of the true answer; None where nobody knows them.

        ``held`` is the oldest of ``of`` requests that are held of what is selected.
        """
        super().__init__()
        self._simulator = simulator
        self._number = held.number
        oldest = f", the oldest of {of:,}" if of > 1 else ""
        self._title = f"Answer #{held.number} {held.arrival.operation or ''}{oldest}"
        self._whole = whole
        self._is_done = whole is not None
        self._begun = EMPTY if whole is None else as_text(whole)
        self._about = _STARTS_EMPTY if whole is None else _STARTS_TRUE
        self._doubted: AnswerText | None = None
        self._is_leaving = False

    def compose(self) -> ComposeResult:
        """Three fields, what to know, and a line that sends."""
        with Vertical(id="answer") as box:
            box.border_title = Content(printable(self._title))
            box.border_subtitle = "F2 send  F3 do it or not  tab next field  esc cancel"
            with Horizontal(classes="line"):
                yield Static("Status", markup=False, classes="label")
                yield Input(
                    self._begun.status,
                    restrict=r"[0-9]*",
                    max_length=3,
                    select_on_focus=False,
                    id="status",
                )
            yield Static(_HEADERS, markup=False, classes="label")
            yield AnswerField(self._begun.headers, id="headers")
            yield Static("Body", markup=False, classes="label")
            yield AnswerField(self._begun.body, id="body")
            with Vertical(id="foot"):
                yield Static(self._about, markup=False, id="about")
                yield Static(self._what_is_done(), markup=False, id="done")
                yield SendLine(_SEND, markup=False)
                yield Static("", markup=False, id="wrong")

    def on_mount(self) -> None:
        """Stops the countdown, and watches whether the request still waits."""
        pause(self._simulator, self._number, is_paused=True)
        self.set_interval(LOOKS_EVERY_S, self.look)
        self.look()

    def on_unmount(self) -> None:
        """Lets the countdown go on, however the dialog ends."""
        pause(self._simulator, self._number, is_paused=False)

    def look(self) -> None:
        """Say so when the request waits no more."""
        if (ended := what_became_of(self._simulator, self._number)) is not None:
            self._complain(f"{ended}. Nothing can be sent.")

    def action_send(self) -> None:
        """Send the answer, or say why not."""
        text = self._text()
        try:
            decision = read(text)
        except AnswerTextError as error:
            self._complain(str(error))
            return
        doubt = doubt_about(decision)
        if doubt is not None and self._doubted != text:
            self._doubted = text
            again = "y" if self.query_one(SendLine).has_focus else "F2"
            self._complain(f"{doubt}; {again} again sends it")
            return
        if self._is_done and self._whole is not None:
            decision = replace(decision, is_done=True, previewed=self._whole)
        why = save(self._simulator, self._number, decision)
        if why is None:
            self.dismiss(Noted(f"#{self._number} {HOW_ENDED[EDIT]}"))
        else:
            self._complain(why)

    def action_toggle_done(self) -> None:
        """Have the request done before it is answered so, or not."""
        if self._whole is None:
            self._complain(_UNKNOWN)
            return
        self._is_done = not self._is_done
        self.query_one("#done", Static).update(self._what_is_done())

    def action_leave(self) -> None:
        """Close; what was written is only thrown away when asked twice."""
        if self._is_leaving or self._text() == self._begun:
            self.dismiss(None)
            return
        self._is_leaving = True
        self._complain("not sent yet: esc again throws it away")

    @on(Input.Changed)
    @on(TextArea.Changed)
    def _forgive(self) -> None:
        self._is_leaving = False
        self._complain("")
        self.look()

    def _text(self) -> AnswerText:
        return AnswerText(
            status=self.query_one("#status", Input).value,
            headers=self.query_one("#headers", TextArea).text,
            body=self.query_one("#body", TextArea).text,
        )

    def _what_is_done(self) -> str:
        if self._whole is None:
            return _NOT_DONE
        return _DONE if self._is_done else _SAMPLES

    def _complain(self, text: str) -> None:
        self.query_one("#wrong", Static).update(printable(text))


_HEADERS = "Headers, a Name: value on each line; Content-Length follows the body"
_STARTS_TRUE = "It begins with the true answer; the countdown stands still meanwhile."
_STARTS_EMPTY = """\
The true answer cannot be previewed, so this starts from an empty one.
The countdown stands still meanwhile."""
_DONE = "The request is done: real ids and tokens take the samples' place."
_SAMPLES = "The request is not done: ids, codes and tokens in it are samples."
_NOT_DONE = "What the request asks for is not done."
_UNKNOWN = "not done, as nobody can preview what would come of it"

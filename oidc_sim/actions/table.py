"""Everything that an operator can do, as one table.

Keys, footer, help and palette of the screen, the routes of the control API, the words of ``oidc-sim ctl``
and of standard input, and ``docs/control.md`` are made from it; ``tests/actions/test_actions.py`` walks it. What only
looks (panels, filters, copying) is the screen's own and stands in ``tui/keymap``.
"""

from dataclasses import dataclass

from oidc_sim.demo.performance import PERFORMANCES, STOP


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing that can be done, under the names that all ways to do it use."""

    id: str
    """For ever, such as ``device.approve``: a user's own key map names it."""
    words: str
    """As typed after ``oidc-sim ctl`` and on standard input: small letters for themselves, ``a|b`` for one
    of several, capitals for what is filled in, brackets for what may be left out."""
    route: str
    """Method and path in the control API; ``{user_code}`` stands for one segment."""
    help: str
    """What it does, in a sentence without a full stop."""
    key: str = ""
    """The key on the screen; capital letters as themselves."""
    label: str = ""
    """In the footer and the palette."""
    short: str = ""
    """In the footer of a narrow window."""
    in_words: str = ""
    """The help of the words, where what is selected on the screen has to be named."""
    at: str = ""
    """The id of the action whose key does this too, depending on what is selected."""

    @property
    def name(self) -> str:
        """The first of its words."""
        return self.words.partition(" ")[0]

    @property
    def method(self) -> str:
        """Of its route."""
        return self.route.partition(" ")[0]

    @property
    def path(self) -> str:
        """Of its route."""
        return self.route.partition(" ")[2]


FREEZE = {"freeze": True, "unfreeze": False}
"""Words for the clock, beside a time to step by."""

DEVICES = (
    Action(
        id="device.approve",
        words="approve CODE",
        route="POST /_sim/devices/{user_code}/approve",
        key="a",
        label="approve",
        help="approve it: the next poll gets the token, a browser goes back with a code",
    ),
    Action(
        id="device.deny",
        words="deny CODE",
        route="POST /_sim/devices/{user_code}/deny",
        key="d",
        label="deny",
        help="deny it: the next poll gets access_denied, a browser goes back with it",
    ),
    Action(
        id="device.expire",
        words="expire CODE",
        route="POST /_sim/devices/{user_code}/expire",
        key="e",
        label="expire",
        help="let it expire: the next poll gets expired_token, a client's invalid_client",
        in_words="let it expire: the next poll gets expired_token",
    ),
    Action(
        id="device.slow_down",
        words="slow-down CODE",
        route="POST /_sim/devices/{user_code}/slow-down",
        key="s",
        label="slow-down",
        short="slow",
        help="slow it down: one poll gets slow_down, interval +5 s",
    ),
    Action(
        id="device.undo",
        words="undo CODE",
        route="POST /_sim/devices/{user_code}/undo",
        key="u",
        label="undo",
        help="take back its last decision, else yours, until a client has it",
        in_words="take back the last decision on CODE, until it is collected",
    ),
    Action(
        id="approve_all",
        words="approve all",
        route="POST /_sim/approve-all",
        key="A",
        label="approve all",
        short="all",
        help="approve all that wait, after asking; u takes each back",
        in_words="approve all that wait now; undo takes each back",
    ),
    Action(
        id="auto_approve",
        words="auto-approve on|off",
        route="POST /_sim/auto-approve",
        key="P",
        label="auto-approve",
        short="auto",
        help="approve every sign-in by itself, waiting ones too, until pressed again",
        in_words="approve every sign-in by itself, waiting ones too, or no longer",
    ),
)
CLIENTS = (
    Action(
        id="client.expire",
        words="expire-client ID",
        route="POST /_sim/clients/{client_id}/expire",
        at="device.expire",
        label="expire client",
        help="end the selected client's registration: it is told invalid_client",
        in_words="end a client's registration: it is told invalid_client",
    ),
    Action(
        id="client.restore",
        words="restore-client ID",
        route="POST /_sim/clients/{client_id}/restore",
        at="device.undo",
        label="restore client",
        help="take back that the selected client's registration was ended",
        in_words="take expire-client back",
    ),
)
HOLDING = (
    Action(
        id="hold.toggle",
        words="hold CODE",
        route="POST /_sim/devices/{user_code}/hold",
        key="space",
        label="hold",
        help="hold the next request of the selected code or client; again: let it go",
        in_words="hold the next request of CODE until somebody decides about it",
    ),
    Action(
        id="hold.all",
        words="hold FILTER [SETTING=VALUE …]",
        route="POST /_sim/holds",
        key="H",
        label="hold all",
        help="hold every request of a kind, or that a filter means, or all",
        in_words="hold the next request that fits; with times=always each one",
    ),
    Action(
        id="held.release",
        words="release N",
        route="POST /_sim/requests/{number}/release",
        key="r",
        label="release",
        help="let the selected held request go; the keys of decisions answer it alone",
        in_words="let the held request N go",
    ),
    Action(
        id="held.release_all",
        words="release all",
        route="POST /_sim/requests/release-all",
        key="R",
        label="release all",
        help="let every held request go",
    ),
    Action(
        id="held.drop",
        words="drop N",
        route="POST /_sim/requests/{number}/drop",
        key="x",
        label="drop",
        help="close the selected held request's connection without an answer",
        in_words="close the held request N's connection without an answer",
    ),
    Action(
        id="held.edit",
        words="edit N [status=503] [header=NAME:VALUE …] [body=TEXT] [done=true]",
        route="POST /_sim/requests/{number}/edit",
        key="E",
        label="edit the answer",
        short="edit",
        help="write the selected held request's answer: status, headers, body",
        in_words="answer the held request N with a status, headers and a body of your own, "
        "instead of doing it; done=true does it first",
    ),
    Action(
        id="held.approve",
        words="approve N",
        route="POST /_sim/requests/{number}/approve",
        at="device.approve",
        label="approve held",
        help="approve the device of the selected held request, and let it go",
        in_words="approve the device of the held request N, and let it go",
    ),
    Action(
        id="held.deny",
        words="deny N",
        route="POST /_sim/requests/{number}/deny",
        at="device.deny",
        label="deny held",
        help="answer the selected held request alone with access_denied",
        in_words="answer the held request N alone with access_denied",
    ),
    Action(
        id="held.expire",
        words="expire N",
        route="POST /_sim/requests/{number}/expire",
        at="device.expire",
        label="expire held",
        help="answer the selected held request alone with expired_token",
        in_words="answer the held request N alone with expired_token",
    ),
    Action(
        id="held.slow_down",
        words="slow-down N",
        route="POST /_sim/requests/{number}/slow-down",
        at="device.slow_down",
        label="slow-down held",
        help="answer the selected held request alone with slow_down",
        in_words="answer the held request N alone with slow_down",
    ),
)
FAULTS = (
    Action(
        id="fault.inject",
        words="fault NAME [SETTING=VALUE …]",
        route="POST /_sim/faults",
        key="i",
        label="inject",
        help="answer the selection's next request, or the held one, with a fault",
        in_words="answer the next request that fits with a fault of the catalogue",
    ),
    Action(
        id="held.fault",
        words="fault NAME request=N [SETTING=VALUE …]",
        route="POST /_sim/requests/{number}/fault",
        at="fault.inject",
        label="inject into held",
        help="answer the selected held request with a fault",
        in_words="answer the held request N with a fault",
    ),
    Action(
        id="fault.rules",
        words="rules",
        route="GET /_sim/rules",
        key="I",
        label="active rules",
        short="rules",
        help="list holds and faults: done, left, what came nearest; pause, remove",
        in_words="list holds and faults: done, left, what came nearest",
    ),
    Action(
        id="rule.pause",
        words="pause N",
        route="POST /_sim/rules/{number}/pause",
        at="fault.rules",
        label="pause rule",
        help="let a hold or fault of the list rest",
        in_words="let the hold or fault N rest",
    ),
    Action(
        id="rule.resume",
        words="resume N",
        route="POST /_sim/rules/{number}/resume",
        at="fault.rules",
        label="resume rule",
        help="let a hold or fault of the list act again",
        in_words="let it act again",
    ),
    Action(
        id="rule.remove",
        words="remove N",
        route="DELETE /_sim/rules/{number}",
        at="fault.rules",
        label="remove rule",
        help="forget a hold or fault of the list",
        in_words="forget the hold or fault N",
    ),
)
THE_REST = (
    Action(
        id="clock.step",
        words="clock TIME",
        route="POST /_sim/clock",
        key="t",
        label="step clock",
        short="clock",
        help="let the clock jump, by a minute to 90 days: codes, tokens, sessions and registrations age",
        in_words="let the clock jump, by 10m, 8h, 90d and the like; what has a life ages",
    ),
    Action(
        id="clock.freeze",
        words=f"clock {'|'.join(FREEZE)}",
        route="POST /_sim/clock",
        key="T",
        label="freeze clock",
        short="freeze",
        help="stop the clock, or let it go on; how clients keep pace is judged by real time",
    ),
    Action(
        id="demo",
        words=f"demo {'|'.join((*PERFORMANCES, STOP))}",
        route="POST /_sim/demo/{name}",
        key="D",
        label="demo",
        help="run a demo client at this server, or stop those that run",
    ),
    Action(
        id="evidence",
        words="evidence [CODE]",
        route="GET /_sim/evidence",
        key="w",
        label="write evidence",
        short="write",
        help="write what the selected client, code or request did into a new directory here: HAR, JSON lines, report",
        in_words="write what clients did, or what was done with CODE, into a new directory here: HAR, JSON lines, report",
    ),
    Action(
        id="reset",
        words="reset",
        route="POST /_sim/reset",
        key="X",
        label="reset",
        help="forget every client, sign-in and rule; asks first",
        in_words="forget every client, sign-in and rule",
    ),
)
READING = (
    Action(
        id="state",
        words="state",
        route="GET /_sim/state",
        help="print everything that is true now, as JSON",
    ),
    Action(
        id="events",
        words="events",
        route="GET /_sim/events",
        help="print what happens, a line of JSON each, until interrupted",
    ),
    Action(
        id="held",
        words="held",
        route="GET /_sim/requests/held",
        help="list the requests that are held",
    ),
    Action(
        id="catalogue",
        words="catalogue",
        route="GET /_sim/faults/catalogue",
        help="print every fault that can be injected, with its settings, as JSON",
    ),
)
"""What the screen shows by itself, for programs."""
ACTIONS = (*DEVICES, *CLIENTS, *HOLDING, *FAULTS, *THE_REST, *READING)
"""All of it, in the order of the help."""
ACTIONS_BY_ID = {action.id: action for action in ACTIONS}

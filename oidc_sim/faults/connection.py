"""What becomes of the connection: answers that are cut, connections that end, a server that is away."""

from functools import partial

from oidc_sim.engine.arrival import ANYTHING
from oidc_sim.faults.row import Away, Family, Fault, Parameter, When
from oidc_sim.faults.steps import Case, End, How, Maker, Pause, Plan, Send, whole

_connection = partial(Fault, family=Family.CONNECTION, when=When.INSTEAD)
_SECONDS = Parameter(name="seconds", help="how long", default=5, least=0, most=600)


def _end(how: How) -> Maker:
    return lambda _case: (End(how),)


def _lost_success(case: Case) -> Plan:
    true = case.true
    return (Send(true.head + true.body[: len(true.body) // 2]), End(How.RESET))


def _cut_after(case: Case) -> Plan:
    data = case.true.data[: int(case.number("bytes"))]
    return (*((Send(data),) if data else ()), End(How(case.text("end"))))


def _swallow(case: Case) -> Plan:
    return (Pause(case.number("seconds")), End(How(case.text("end"))))


def _closing(case: Case) -> Plan:
    return whole(case.true.having("Connection", "close"))


def _keep_alive_drop(case: Case) -> Plan:
    return (Send(case.true.data), End(How.CLOSE))


CONNECTION = (
    _connection(
        name="drop",
        title="drop connection",
        shows="···  RST",
        help="The connection is reset, and nothing was done",
        fit=ANYTHING,
        digit=9,
        make=_end(How.RESET),
    ),
    _connection(
        name="empty-reply",
        title="empty reply",
        shows="···  closed, no byte",
        help="The request is read and the connection closed cleanly",
        fit=ANYTHING,
        make=_end(How.CLOSE),
    ),
    _connection(
        name="lost-success",
        title="lost success",
        shows="200  half, then RST",
        help="The request is done, and its answer is lost on the way",
        fit=ANYTHING,
        when=When.AFTER,
        make=_lost_success,
    ),
    _connection(
        name="cut-after",
        title="cut after N bytes",
        shows="···  9 bytes, then closed",
        help="The true answer is cut, wherever that is",
        fit=ANYTHING,
        when=When.AFTER,
        parameters=(
            Parameter(name="bytes", help="sent", default=9, least=0, most=1e9),
            Parameter(name="end", help="how", default="close", choices=("close", "reset")),
        ),
        make=_cut_after,
    ),
    _connection(
        name="swallow",
        title="swallow, then close",
        shows="···  closed after 5 s",
        help="The request is swallowed and the connection ends later",
        fit=ANYTHING,
        parameters=(
            _SECONDS,
            Parameter(name="end", help="how", default="close", choices=("close", "reset")),
        ),
        make=_swallow,
    ),
    _connection(
        name="connection-close",
        title="Connection: close",
        shows="200  Connection: close",
        help="A true answer after which the connection ends",
        fit=ANYTHING,
        when=When.AFTER,
        make=_closing,
    ),
    _connection(
        name="keep-alive-drop",
        title="drop kept connection",
        shows="200  keep-alive, closed",
        help="The head says that the connection stays, and it ends",
        fit=ANYTHING,
        when=When.AFTER,
        make=_keep_alive_drop,
    ),
    _connection(
        name="refuse",
        title="server away",
        shows="···  refused for 5 s",
        help="This connection is reset and new ones are refused, ctl's too; those that stand go on",
        fit=ANYTHING,
        parameters=(_SECONDS,),
        make=_end(How.RESET),
        away=Away.REFUSE,
    ),
    _connection(
        name="crash",
        title="server crashes",
        shows="···  all reset, refused for 5 s",
        help="Every connection is reset and new ones are refused, ctl's too; then the server is back",
        fit=ANYTHING,
        parameters=(
            _SECONDS,
            Parameter(name="forgets", help="whether it is back without its state", default=False),
        ),
        make=_end(How.RESET),
        away=Away.CRASH,
    ),
    _connection(
        name="slow-connect",
        title="late accept",
        shows="200  and closed; connecting hangs",
        help="The true answer ends its connection; new ones are accepted late, or time out before",
        fit=ANYTHING,
        when=When.AFTER,
        parameters=(
            _SECONDS,
            Parameter(
                name="backlog",
                help="connections that the system takes meanwhile",
                default=0,
                least=0,
                most=128,
            ),
        ),
        make=_closing,
        away=Away.SLOW_CONNECT,
    ),
    _connection(
        name="duplicate",
        title="delivered twice",
        shows="200  or the second's error",
        help="The request is done twice, and the client sees the second answer",
        fit=ANYTHING,
        when=When.AFTER,
        make=lambda case: whole(case.true),
        is_done_twice=True,
    ),
)

"""What becomes of the connection."""

from functools import partial

from oidc_sim.faults.row import Family, Fault, Parameter, When

_connection = partial(Fault, family=Family.CONNECTION, when=When.INSTEAD)
_SECONDS = Parameter(name="seconds", help="how long", default=5, least=0, most=600)

CONNECTION = (
    _connection(
        name="drop",
        covers=("F-11",),
        title="drop connection",
        shows="···  RST",
        help="The connection is reset, and nothing was done",
        digit=9,
    ),
    _connection(
        name="empty-reply",
        covers=("F-41",),
        title="empty reply",
        shows="···  closed, no byte",
        help="The request is read and the connection closed cleanly",
    ),
    _connection(
        name="lost-success",
        covers=("F-16",),
        title="lost success",
        shows="200  half, then RST",
        help="The request is done, and its answer is lost on the way",
        when=When.AFTER,
    ),
    _connection(
        name="cut-after",
        covers=("F-48",),
        title="cut after N bytes",
        shows="···  9 bytes, then closed",
        help="The true answer is cut, wherever that is",
        when=When.AFTER,
        parameters=(
            Parameter(name="bytes", help="sent", default=9, least=0, most=1e9),
            Parameter(name="end", help="how", default="close", choices=("close", "reset")),
        ),
    ),
    _connection(
        name="swallow",
        covers=("F-52",),
        title="swallow, then close",
        shows="···  closed after 5 s",
        help="The request is swallowed and the connection ends later",
        parameters=(
            _SECONDS,
            Parameter(name="end", help="how", default="close", choices=("close", "reset")),
        ),
    ),
    _connection(
        name="connection-close",
        covers=("F-38",),
        title="Connection: close",
        shows="200  Connection: close",
        help="A true answer after which the connection ends",
        when=When.AFTER,
    ),
    _connection(
        name="keep-alive-drop",
        covers=("F-38",),
        title="drop kept connection",
        shows="200  keep-alive, closed",
        help="The head says that the connection stays, and it ends",
        when=When.AFTER,
    ),
    _connection(
        name="refuse",
        covers=("F-11",),
        title="server away",
        shows="···  refused for 5 s",
        help="This connection is reset and new ones are refused, ctl's too; those that stand go on",
        parameters=(_SECONDS,),
    ),
    _connection(
        name="crash",
        covers=("F-44",),
        title="server crashes",
        shows="···  all reset, refused for 5 s",
        help="Every connection is reset and new ones are refused, ctl's too; then the server is back",
        parameters=(
            _SECONDS,
            Parameter(name="forgets", help="whether it is back without its state", default=False),
        ),
    ),
    _connection(
        name="slow-connect",
        covers=("F-54",),
        title="late accept",
        shows="200  and closed; connecting hangs",
        help="The true answer ends its connection; new ones are accepted late, or time out before",
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
    ),
    _connection(
        name="duplicate",
        covers=("F-45",),
        title="delivered twice",
        shows="200  or the second's error",
        help="The request is done twice, and the client sees the second answer",
        when=When.AFTER,
    ),
)

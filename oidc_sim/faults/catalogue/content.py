"""The answer is well framed, and says what the service would not."""

from functools import partial

from oidc_sim.engine.arrival import Setting
from oidc_sim.faults.row import ABSENT, Family, Fault, Parameter, When

_content = partial(Fault, family=Family.CONTENT, when=When.AFTER)


def _value(default: Setting, *others: Setting) -> Parameter:
    return Parameter(name="value", help="what it is", default=default, choices=(default, *others))


CONTENT = (
    _content(
        name="malformed-json",
        covers=("F-15",),
        title="malformed JSON",
        shows='200  {"accessTok',
        help="A success whose JSON stops in the middle; nothing is spent",
        when=When.INSTEAD,
        digit=8,
    ),
    _content(
        name="truncated-json",
        covers=("F-15",),
        title="half the true JSON",
        shows="200  half the body",
        help="The first half of the true body, with a length that fits it",
    ),
    _content(
        name="interval",
        covers=("F-03", "F-08"),
        title="odd interval",
        shows="200  no interval",
        help="A device authorization names another interval, or none",
        parameters=(_value(ABSENT, 0, "5", -1, 1_000_000_000, 5.5, None, 2, 15, 30, 31, 600),),
    ),
    _content(
        name="expires-in",
        covers=("F-08", "F-26"),
        title="odd lifetime",
        shows="200  no lifetime",
        help="The code or token says another life than it has, or none",
        parameters=(
            _value(ABSENT, 1, 59, 899, 2_147_483_648, "28800", 0, -1, 1_000_000_000, 5.5, None),
        ),
    ),
    _content(
        name="no-refresh-token",
        covers=("F-20",),
        title="no refresh token",
        shows="200  without refreshToken",
        help="The token comes without a refresh token",
        parameters=(_value(ABSENT, None),),
    ),
    _content(
        name="token-type",
        covers=("F-36",),
        title="odd tokenType",
        shows="200  tokenType bearer",
        help="The token's type in another case, or none",
        parameters=(_value("bearer", "BEARER", ABSENT, None),),
    ),
    _content(
        name="secret-expires-at",
        covers=("F-18",),
        title="odd secret expiry",
        shows="200  clientSecretExpiresAt",
        help="The registration says that it ends in a minute, is over, has no end, or milliseconds",
        parameters=(_value("in 60 s", "past", 0, "milliseconds"),),
    ),
    _content(
        name="unknown-fields",
        covers=("F-35",),
        title="unknown members",
        shows="200  and members more",
        help="Members that nobody knows, with nulls, lists and numbers; RFC 6749 §5.1 has them ignored",
    ),
    _content(
        name="hostile-strings",
        covers=("F-37",),
        title="hostile strings",
        shows="200  ESC, bidi or 10 kB",
        help="Every text that a person reads carries something that a terminal obeys",
        parameters=(
            Parameter(
                name="kind", help="of text", default="escape", choices=("escape", "bidi", "long")
            ),
        ),
    ),
    _content(
        name="edit",
        covers=("F-40",),
        title="edit the true answer",
        shows="200  a member replaced",
        help="Set or remove one member of the JSON, or one header, and keep the rest",
        parameters=(
            Parameter(name="member", help="of the body; empty for none", default=""),
            Parameter(
                name="value",
                help="in JSON; absent removes the member",
                default=ABSENT,
                is_json=True,
            ),
            Parameter(name="header", help="its name; empty for none", default=""),
            Parameter(name="header_value", help="absent removes the header", default=ABSENT),
        ),
    ),
    _content(
        name="custom",
        covers=("F-39",),
        title="custom answer",
        shows="any  what you type",
        help="A status, headers and a body of your own",
        when=When.INSTEAD,
        parameters=(
            Parameter(name="status", help="of HTTP", default=200, least=200, most=999),
            Parameter(
                name="headers",
                help="lines of Name: value",
                default="Content-Type: application/json",
            ),
            Parameter(name="body", help="text, sent in UTF-8", default="{}"),
        ),
    ),
    _content(
        name="date-skew",
        covers=("F-27",),
        title="clock is wrong",
        shows="200  Date 1 h ahead",
        help="The header Date and the absolute times of the body are off",
        parameters=(
            Parameter(
                name="seconds",
                help="ahead; behind when negative",
                default=3600,
                least=-10 * 365.25 * 86_400,
                most=10 * 365.25 * 86_400,
            ),
        ),
    ),
    _content(
        name="stale-login",
        covers=("F-25",),
        title="same token again",
        times=None,
        shows="200  accessToken as before",
        help="A client's next sign-in gets the token of its first, with the time that is left",
    ),
    _content(
        name="pre-authorized",
        covers=("F-31",),
        title="first poll succeeds",
        shows="200  approved already",
        help="The device is approved as soon as its code is made",
    ),
    _content(
        name="refresh-rotation",
        covers=("F-23",),
        title="refresh reuse detected",
        times=None,
        shows="400  second use of a token",
        help="A refresh token that comes twice is refused, and so is the client from then on",
        when=When.BEFORE,
        parameters=(Parameter(name="grace_s", help="seconds", default=0, choices=(0, 10, 60)),),
    ),
    _content(
        name="trailing-garbage",
        covers=("F-57",),
        title="garbage after JSON",
        shows="200  {…}garbage",
        help="Garbage after the JSON, or one byte of it flipped",
        parameters=(
            Parameter(
                name="kind", help="of damage", default="garbage", choices=("garbage", "flip")
            ),
        ),
    ),
)

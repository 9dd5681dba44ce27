"""The service says no: each error of the model ``sso-oidc``, and what stands before the service."""

from functools import partial

from oidc_sim.faults.row import Family, Fault, Parameter, When

_refusal = partial(Fault, family=Family.REFUSED, when=When.INSTEAD)
_MODELLED = {
    "authorization-pending": (("F-06",), "the code never lapses for the client"),
    "invalid-client": (("F-18",), "the registration is expired or unknown"),
    "invalid-client-metadata": ((), "what the client registers makes no sense"),
    "invalid-redirect-uri": ((), "the redirect URI is none that is registered"),
    "invalid-request-region": ((), "the region is another"),
    "invalid-scope": ((), "a scope is unknown"),
    "unauthorized-client": ((), "the client may not do this"),
    "unsupported-grant-type": ((), "the grant is none that is known"),
}
_ERRORS = (
    "slow-down",
    "expired-token",
    "access-denied",
    "invalid-grant",
    "server-error",
    "invalid-request",
    *_MODELLED,
    "refresh-refused",
    "portal-unauthorized",
    "portal-forbidden",
    "portal-too-many-requests",
    "portal-not-found",
    "portal-invalid-request",
    "portal-internal-error",
)
"""Faults whose answer is an error that has a name."""
_FORM = Parameter(
    name="form",
    help="where the error stands",
    default="header",
    choices=("header", "type", "error", "status-200"),
)
_RETRY_AFTER = Parameter(
    name="retry_after", help="seconds that Retry-After says", default=5, least=0, most=86_400
)

REFUSED = (
    _refusal(
        name="slow-down",
        covers=("F-01", "F-07"),
        title="slow_down",
        help="The poll is too fast, whatever its pace; a token that is ready waits",
        digit=1,
    ),
    _refusal(
        name="expired-token",
        covers=("F-05",),
        title="expired_token",
        help="The code is over for the client; the device stays",
        digit=2,
    ),
    _refusal(
        name="access-denied",
        covers=("F-04",),
        title="access_denied",
        help="The user said no; with a reason where one is set",
        digit=3,
        parameters=(Parameter(name="reason", help="the body's member reason", default=""),),
    ),
    _refusal(
        name="invalid-grant",
        covers=("F-05", "F-19", "F-21", "F-23"),
        title="invalid_grant",
        help="The code or refresh token is none that is known, or was used before",
        digit=4,
    ),
    _refusal(
        name="server-error",
        covers=("F-12", "F-22"),
        title="server error",
        help="The service fails in its own words",
        digit=5,
    ),
    _refusal(
        name="throttled",
        covers=("F-14",),
        title="throttled",
        shows="429  Retry-After 5",
        help="Too many requests, in the words of the portal or of the service",
        digit=6,
        parameters=(
            _RETRY_AFTER,
            Parameter(name="status", help="of HTTP", default=429, choices=(429, 503)),
        ),
    ),
    _refusal(
        name="invalid-request",
        covers=("F-19",),
        title="invalid_request",
        help="The request is wrong, such as its start URL; the description is empty",
    ),
    *(
        _refusal(
            name=name,
            covers=covers,
            title=name.replace("-", "_"),
            help=why[0].upper() + why[1:],
        )
        for name, (covers, why) in _MODELLED.items()
    ),
    _refusal(
        name="refresh-refused",
        covers=("F-21", "F-23"),
        title="refresh refused",
        help="The refresh token is over: the session ended, or the token was used before",
    ),
    _refusal(
        name="slow-down-interval",
        covers=("F-02",),
        title="slow_down with interval",
        shows="400  slow_down, interval 10",
        help="The poll is too fast, and the body names an interval as GitHub does",
        parameters=(
            Parameter(name="interval", help="seconds", default=10, least=-1, most=1e9),
            Parameter(name="status", help="of HTTP", default=400, choices=(400, 200)),
        ),
    ),
    _refusal(
        name="error-form",
        covers=("F-17",),
        title="error said elsewhere",
        shows="400  by x-amzn-ErrorType only",
        help="An error in the header alone, in __type alone, in error alone, or with status 200",
        parameters=(
            Parameter(name="error", help="which one", default="slow-down", choices=_ERRORS),
            _FORM,
        ),
    ),
    _refusal(
        name="true-error-form",
        covers=("F-17",),
        title="true error elsewhere",
        shows="400  by x-amzn-ErrorType only",
        help="The request's own error in the header, __type or error alone, or with status 200",
        when=When.AFTER,
        parameters=(_FORM,),
    ),
    _refusal(
        name="quota",
        covers=("F-46",),
        title="rolling quota",
        times=None,
        shows="429  once 5 in 60 s went by",
        help="So many requests in a window are answered, then Retry-After counts down",
        when=When.BEFORE,
        parameters=(
            Parameter(name="requests", help="in a window", default=5, least=0, most=1e6),
            Parameter(name="window_s", help="seconds", default=60, least=1, most=86_400),
        ),
    ),
    _refusal(
        name="gateway-error",
        covers=("F-13",),
        title="HTML from a gateway",
        shows="502  text/html Bad Gateway",
        help="What stands before the service answers with a page of its own",
        parameters=(
            Parameter(name="status", help="of HTTP", default=502, choices=(502, 503, 504)),
        ),
    ),
    _refusal(
        name="captive-portal",
        covers=("F-13",),
        title="captive portal",
        shows="200  text/html",
        help="A network's sign-in page comes with status 200",
    ),
    _refusal(
        name="proxy",
        covers=("F-30",),
        title="proxy or redirect",
        shows="407, 302 or 307",
        help="A proxy wants credentials, or sends elsewhere; TLS and CONNECT are beyond plain HTTP",
        parameters=(
            Parameter(name="status", help="of HTTP", default=407, choices=(407, 302, 307)),
        ),
    ),
)

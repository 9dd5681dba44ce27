"""The portal's errors and its lists, and what a browser is sent back with.

What a browser is sent back with is spoilt in the moment that it is sent back, whichever request of its
is answered so: the first, with auto-approve; a program's, that was held; or one from our page.
"""

from functools import partial

from oidc_sim.faults.row import Family, Fault, Parameter, When

_portal = partial(Fault, family=Family.PORTAL, when=When.INSTEAD)
_browser = partial(Fault, family=Family.BROWSER, when=When.AFTER)

PORTAL = (
    _portal(
        name="portal-unauthorized",
        covers=("F-24",),
        title="session revoked",
        help="The access token is over before its time",
    ),
    _portal(
        name="portal-forbidden",
        covers=("F-28",),
        title="no access",
        help="The role is none of the user's",
    ),
    _portal(
        name="portal-too-many-requests",
        covers=("F-14",),
        title="portal throttles",
        help="Too many requests, without Retry-After as a capture shows it",
    ),
    _portal(
        name="portal-not-found",
        covers=(),
        title="not found",
        help="The account or role does not exist",
    ),
    _portal(
        name="portal-invalid-request",
        covers=(),
        title="portal: invalid request",
        help="A parameter is wrong",
    ),
    _portal(
        name="portal-internal-error",
        covers=("F-12",),
        title="portal fails",
        help="The portal fails in its own words",
    ),
    _portal(
        name="paging-loop",
        covers=("F-29",),
        title="paging never ends",
        shows="200  nextToken again",
        help="Each page names the same next page",
        when=When.AFTER,
    ),
    _portal(
        name="many-accounts",
        covers=("F-29",),
        title="very many accounts",
        shows="200  1000 accounts",
        help="The list is filled up to so many on one page",
        when=When.AFTER,
        parameters=(
            Parameter(name="accounts", help="on the page", default=1000, least=0, most=10_000),
        ),
    ),
)
BROWSER = (
    _browser(
        name="page-refuses",
        covers=("F-19",),
        title="page says invalid_grant",
        shows="400  invalid_grant, polls go on",
        help="Who decides on the page of a code is told invalid_grant, and nothing is decided",
        when=When.INSTEAD,
    ),
    _browser(
        name="callback-error",
        covers=("F-32",),
        title="callback with an error",
        shows="302  ?error=access_denied",
        help="The browser comes back to its client with an error, whatever was decided",
        parameters=(
            Parameter(
                name="form",
                help="what stands beside the error",
                default="full",
                choices=("full", "no-description", "no-state"),
            ),
        ),
    ),
    _browser(
        name="callback-state",
        covers=("F-33",),
        title="callback with odd state",
        shows="302  state wrong",
        help="The state comes back wrong, missing or twice, or all of it to another path",
        parameters=(
            Parameter(
                name="form",
                help="of the state",
                default="wrong",
                choices=("wrong", "missing", "twice", "other-path"),
            ),
        ),
    ),
    _browser(
        name="callback-twice",
        covers=("F-33",),
        title="two callbacks",
        shows="200  a page that calls twice",
        help="A page of which the browser calls back twice, or asks for /favicon.ico first",
        parameters=(
            Parameter(
                name="first",
                help="what is asked for before the callback",
                default="callback",
                choices=("callback", "favicon"),
            ),
        ),
    ),
    _browser(
        name="callback-late",
        covers=("F-34",),
        title="callback late or refused",
        shows="302  after 601 s",
        help="The browser comes back late, or to a port where nobody listens",
        parameters=(
            Parameter(name="seconds", help="until then", default=601, least=0, most=3600),
            Parameter(name="is_refused", help="to port 1 instead", default=False),
        ),
    ),
)

"""Which requests a fault makes sense for, and what a client sees of it, in AWS's words.

An error of the service is for the operations that name it in the model ``sso-oidc``.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from oidc_sim.engine.model import AUTHORIZATION_CODE_GRANT, DEVICE_CODE_GRANT, REFRESH_TOKEN_GRANT
from oidc_sim.faults.catalogue import BY_NAME
from oidc_sim.faults.making.refusals import PROBLEMS
from oidc_sim.faults.row import Fault
from oidc_sim.wire.operations import (
    CREATE_TOKEN,
    CREATE_TOKEN_WITH_IAM,
    LIST_ACCOUNT_ROLES,
    LIST_ACCOUNTS,
    OIDC_OPERATIONS,
    PORTAL_OPERATIONS,
    REGISTER_CLIENT,
    START_DEVICE_AUTHORIZATION,
)


class Fit(NamedTuple):
    """The only requests that a fault makes sense for; what is empty leaves nothing out."""

    operations: frozenset[str] = frozenset()
    grants: frozenset[str] = frozenset()
    words: str = ""
    """What they are for a person, where that is shorter than their names."""

    def takes(self, operation: str | None, grant_type: str | None) -> bool:
        """Whether such a request is among them; a moment is only where it is named."""
        if operation in MOMENTS and operation not in self.operations:
            return False
        fits_operation = not self.operations or operation in self.operations
        return fits_operation and (not self.grants or grant_type in self.grants)

    def __str__(self) -> str:
        """For a person."""
        if not self.operations:
            return "requests"
        if self.words:
            return self.words
        return _named(" or ".join(sorted(self.operations)), " or ".join(_words(self.grants)))


def _words(grants: frozenset[str]) -> list[str]:
    return sorted(grant.rpartition(":")[2] for grant in grants)


def _named(operations: str, grants: str) -> str:
    return f"{operations} with {grants}" if grants else operations


ANYTHING = Fit()
WAY_BACK = "a browser's way back"
"""In the place of an operation: a browser is about to be sent back to its client."""
DECISION = "a decision on the page of a code"
"""In the place of an operation: a person has pressed a button of the verification page."""
MOMENTS = frozenset({WAY_BACK, DECISION})
_TOKEN = frozenset({CREATE_TOKEN.name})
_TOKENS = _TOKEN | {CREATE_TOKEN_WITH_IAM.name}
_DEVICE = frozenset({START_DEVICE_AUTHORIZATION.name})
_REGISTRATION = frozenset({REGISTER_CLIENT.name})
_OIDC = frozenset(it.name for it in OIDC_OPERATIONS)
_PORTAL = Fit(frozenset(it.name for it in PORTAL_OPERATIONS))
_REFRESH = Fit(_TOKEN, frozenset({REFRESH_TOKEN_GRANT}))
_SIGN_IN = Fit(_TOKEN, frozenset({DEVICE_CODE_GRANT, AUTHORIZATION_CODE_GRANT}))
_JSON = Fit(_OIDC | _PORTAL.operations, words="what is answered in JSON")
_DECISION = Fit(frozenset({DECISION}))
_BROWSER = Fit(frozenset({WAY_BACK}))
_MADE_FOR: Mapping[str, Fit] = {
    "slow-down": Fit(_OIDC),
    "slow-down-interval": Fit(_TOKENS),
    "error-form": Fit(_OIDC),
    "true-error-form": Fit(_OIDC | _PORTAL.operations),
    "expired-token": Fit(_TOKENS),
    "access-denied": Fit(_TOKENS),
    "authorization-pending": Fit(_TOKENS),
    "invalid-grant": Fit(_TOKENS),
    "server-error": Fit(_OIDC),
    "invalid-request": Fit(_OIDC),
    "invalid-client": Fit(_OIDC - _REGISTRATION),
    "unauthorized-client": Fit(_OIDC - _REGISTRATION),
    "invalid-client-metadata": Fit(_REGISTRATION),
    "invalid-redirect-uri": Fit(_REGISTRATION),
    "invalid-request-region": Fit(_TOKENS - _TOKEN),
    "invalid-scope": Fit(_OIDC - _DEVICE),
    "unsupported-grant-type": Fit(_OIDC - _DEVICE),
    "refresh-refused": _REFRESH,
    "malformed-json": _JSON,
    "truncated-json": _JSON,
    "unknown-fields": _JSON,
    "hostile-strings": _JSON,
    "trailing-garbage": _JSON,
    "byte-order-mark": _JSON,
    "latin-1": _JSON,
    "refresh-rotation": _REFRESH,
    "stale-login": _SIGN_IN,
    "interval": Fit(_DEVICE),
    "pre-authorized": Fit(_DEVICE),
    "expires-in": Fit(_DEVICE | _TOKENS),
    "no-refresh-token": Fit(_TOKENS),
    "token-type": Fit(_TOKENS),
    "secret-expires-at": Fit(_REGISTRATION),
    "portal-unauthorized": _PORTAL,
    "portal-forbidden": _PORTAL,
    "portal-too-many-requests": _PORTAL,
    "portal-not-found": _PORTAL,
    "portal-invalid-request": _PORTAL,
    "portal-internal-error": _PORTAL,
    "paging-loop": Fit(frozenset({LIST_ACCOUNTS.name, LIST_ACCOUNT_ROLES.name})),
    "many-accounts": Fit(frozenset({LIST_ACCOUNTS.name})),
    "page-refuses": _DECISION,
    "callback-error": _BROWSER,
    "callback-state": _BROWSER,
    "callback-twice": _BROWSER,
    "callback-late": _BROWSER,
}


def made_for(fault: str) -> Fit:
    """The requests that it makes sense for."""
    return _MADE_FOR.get(fault, ANYTHING)


@lru_cache(maxsize=64)
def unfit(operation: str | None, grant_type: str | None) -> Mapping[str, str]:
    """The faults that make no sense for a request, each with why: ``it is for Y, not X``.

    Args:
        operation: AWS's name of it, or a moment.
        grant_type: As the request names it; one that is unknown fits no fault that is for some.
    """
    asked = _named(operation or "this", _words(frozenset({grant_type or ""}))[0])
    return {
        fault: f"it is for {fit}, not {asked if fit.grants else operation or 'this'}"
        for fault, fit in ((name, made_for(name)) for name in BY_NAME)
        if not fit.takes(operation, grant_type)
    }


def shown(fault: Fault) -> str:
    """What a client sees, in at most 36 cells: ``400  SlowDownException``."""
    if fault.shows:
        return fault.shows
    problem = PROBLEMS[fault.name]
    return f"{problem.status}  {problem.name}"

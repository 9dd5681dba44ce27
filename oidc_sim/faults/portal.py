"""The portal's errors, and its lists."""

from functools import partial
from typing import Any

from oidc_sim.engine.arrival import Fit
from oidc_sim.faults.row import PORTAL as OPERATIONS
from oidc_sim.faults.row import Family, Fault, Parameter, When
from oidc_sim.faults.steps import Answering, Case, Plan, whole
from oidc_sim.wire import portal
from oidc_sim.wire.operations import LIST_ACCOUNT_ROLES, LIST_ACCOUNTS

_portal = partial(Fault, family=Family.PORTAL, when=When.INSTEAD)


def _paging_loop(case: Case) -> Plan:
    return whole(case.true.changing(lambda members: {**members, "nextToken": "AAAA"}))


def _many_accounts(case: Case) -> Plan:
    def change(members: dict[str, Any]) -> dict[str, Any]:
        accounts = list(members.get("accountList", ()))
        for number in range(len(accounts), int(case.number("accounts"))):
            name = f"account-{number:04}"
            accounts.append(
                {
                    "accountId": f"{900_000_000_000 + number}",
                    "accountName": name,
                    "emailAddress": f"{name}@example.com",
                }
            )
        return {**members, "accountList": accounts}

    return whole(case.true.changing(change))


PORTAL = (
    _portal(
        name="portal-unauthorized",
        title="session revoked",
        note="401",
        help="The access token is over before its time",
        fit=Fit(OPERATIONS),
        make=Answering(portal.UNAUTHORIZED),
    ),
    _portal(
        name="portal-forbidden",
        title="no access",
        help="The role is none of the user's",
        fit=Fit(OPERATIONS),
        make=Answering(portal.FORBIDDEN),
    ),
    _portal(
        name="portal-too-many-requests",
        title="portal throttles",
        note="429",
        help="Too many requests, without Retry-After as a capture shows it",
        fit=Fit(OPERATIONS),
        make=Answering(portal.TOO_MANY_REQUESTS),
    ),
    _portal(
        name="portal-not-found",
        title="not found",
        help="The account or role does not exist",
        fit=Fit(OPERATIONS),
        make=Answering(portal.RESOURCE_NOT_FOUND),
    ),
    _portal(
        name="portal-invalid-request",
        title="portal: invalid request",
        help="A parameter is wrong",
        fit=Fit(OPERATIONS),
        make=Answering(portal.INVALID_REQUEST),
    ),
    _portal(
        name="portal-internal-error",
        title="portal fails",
        help="The portal fails in its own words",
        fit=Fit(OPERATIONS),
        make=Answering(portal.INTERNAL_ERROR),
    ),
    _portal(
        name="paging-loop",
        title="paging never ends",
        shows="200  nextToken again",
        help="Each page names the same next page",
        fit=Fit(frozenset({LIST_ACCOUNTS.name, LIST_ACCOUNT_ROLES.name})),
        when=When.AFTER,
        make=_paging_loop,
    ),
    _portal(
        name="many-accounts",
        title="very many accounts",
        shows="200  1000 accounts",
        help="The list is filled up to so many on one page",
        fit=Fit(frozenset({LIST_ACCOUNTS.name})),
        when=When.AFTER,
        parameters=(
            Parameter(name="accounts", help="on the page", default=1000, least=0, most=10_000),
        ),
        make=_many_accounts,
    ),
)

"""The operations that are served, and where they are called (wire.md#1, wire.md#2, wire.md#3, wire.md#5)."""

from typing import NamedTuple


class Operation(NamedTuple):
    """One operation of AWS's models, by its name there."""

    name: str
    method: str
    path: str
    query: str | None = None
    """A parameter of the query that tells it from what else this path serves."""


REGISTER_CLIENT = Operation("RegisterClient", "POST", "/client/register")
START_DEVICE_AUTHORIZATION = Operation("StartDeviceAuthorization", "POST", "/device_authorization")
CREATE_TOKEN = Operation("CreateToken", "POST", "/token")
CREATE_TOKEN_WITH_IAM = Operation("CreateTokenWithIAM", "POST", "/token", "aws_iam")
"""Its one value is ``t``; what the service makes of another is not published, nor looked at here."""

LIST_ACCOUNTS = Operation("ListAccounts", "GET", "/assignment/accounts")
LIST_ACCOUNT_ROLES = Operation("ListAccountRoles", "GET", "/assignment/roles")
GET_ROLE_CREDENTIALS = Operation("GetRoleCredentials", "GET", "/federation/credentials")
LOGOUT = Operation("Logout", "POST", "/logout")

GET_CALLER_IDENTITY = "GetCallerIdentity"
"""STS knows its operations by the parameter ``Action``, not by their path."""

OIDC_OPERATIONS = (
    REGISTER_CLIENT,
    START_DEVICE_AUTHORIZATION,
    CREATE_TOKEN,
    CREATE_TOKEN_WITH_IAM,
)
"""The whole of the model ``sso-oidc``."""
PORTAL_OPERATIONS = (LIST_ACCOUNTS, LIST_ACCOUNT_ROLES, GET_ROLE_CREDENTIALS, LOGOUT)
"""The whole of the model ``sso``."""

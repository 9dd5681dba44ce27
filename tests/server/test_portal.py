"""The portal through HTTP (wire.md#7, wire.md#62, wire.md#85)."""

import re
from typing import Any
from urllib.parse import quote

import pytest

from oidc_sim.settings.directory import AccountTable
from tests.server.aws_site import AwsSite
from tests.server.raw_http import RawAnswer

ACCOUNTS = "/assignment/accounts"
ROLES = "/assignment/roles"
CREDENTIALS = "/federation/credentials"
ADMIN = f"{CREDENTIALS}?role_name=AdministratorAccess&account_id=111122223333"
THOUSANDS = {
    "accounts": tuple(
        AccountTable(id=f"{n:012}", name=f"account {n}", roles=("Admin",)) for n in range(5000)
    ),
}
MANY_ROLES = {
    "accounts": (
        AccountTable(id="000000000001", name="a", roles=tuple(f"Role{n}" for n in range(45))),
    ),
}


def refusal(answer: RawAnswer) -> tuple[int, str, str]:
    members = answer.json()
    assert list(members) == ["message", "__type"]
    name = members["__type"].removeprefix("com.amazonaws.switchboard.portal#")
    return answer.status, name, members["message"]


UNAUTHORIZED = (401, "UnauthorizedException", "Session token not found or invalid")
NO_ACCESS = (403, "ForbiddenException", "No access")


async def pages(aws: AwsSite, target: str, token: str, members: str) -> list[list[Any]]:
    """A list as a client goes through it."""
    found: list[list[Any]] = []
    query = ""
    while True:
        answer = await aws.portal(target + query, token)
        assert answer.status == 200
        found.append(answer.json()[members])
        if answer.json()["nextToken"] is None:
            return found
        joint = "&" if "?" in target else "?"
        query = f"{joint}next_token={quote(answer.json()['nextToken'])}"


async def test_the_accounts_of_the_directory_are_listed(aws: AwsSite) -> None:
    answer = await aws.portal(ACCOUNTS, await aws.access_token())
    assert answer.body == (
        b'{"nextToken":null,"accountList":['
        b'{"accountId":"111122223333","accountName":"Sandbox",'
        b'"emailAddress":"sandbox@example.com"},'
        b'{"accountId":"444455556666","accountName":"Production",'
        b'"emailAddress":"production@example.com"}]}'
    )
    names = [name for name, _ in answer.headers]
    assert names == ["Date", "Content-Type", "Content-Length", "Connection", "x-amzn-RequestId"]
    assert aws.last.outcome == "accounts: 2 of 2"


async def test_the_roles_of_an_account_are_listed(aws: AwsSite) -> None:
    answer = await aws.portal(f"{ROLES}?account_id=444455556666", await aws.access_token())
    assert answer.json()["roleList"] == [
        {"roleName": "AdministratorAccess", "accountId": "444455556666"},
        {"roleName": "ReadOnlyAccess", "accountId": "444455556666"},
    ]


@pytest.mark.parametrize("aws", [THOUSANDS], indirect=True)
async def test_thousands_of_accounts_come_in_pages_of_twenty_unless_asked_otherwise(
    aws: AwsSite,
) -> None:
    token = await aws.access_token()
    listed = await pages(aws, f"{ACCOUNTS}?max_result=100", token, "accountList")
    assert [len(page) for page in listed] == [100] * 50
    ids = [account["accountId"] for page in listed for account in page]
    assert ids == [f"{n:012}" for n in range(5000)]
    answer = await aws.portal(ACCOUNTS, token)
    assert len(answer.json()["accountList"]) == 20
    last = f"{CREDENTIALS}?role_name=Admin&account_id=000000004999"
    assert (await aws.portal(last, token)).status == 200


@pytest.mark.parametrize("aws", [MANY_ROLES], indirect=True)
async def test_roles_come_in_pages_too(aws: AwsSite) -> None:
    target = f"{ROLES}?account_id=000000000001"
    listed = await pages(aws, target, await aws.access_token(), "roleList")
    assert [len(page) for page in listed] == [20, 20, 5]


@pytest.mark.parametrize("aws", [MANY_ROLES], indirect=True)
async def test_a_page_can_be_asked_for_again(aws: AwsSite) -> None:
    target, token = f"{ROLES}?account_id=000000000001", await aws.access_token()
    following = (await aws.portal(target, token)).json()["nextToken"]
    first, again = [
        (await aws.portal(f"{target}&next_token={following}", token)).body for _ in range(2)
    ]
    assert first == again


@pytest.mark.parametrize("aws", [MANY_ROLES], indirect=True)
async def test_a_page_token_of_another_list_is_refused(aws: AwsSite) -> None:
    token = await aws.access_token()
    roles = await aws.portal(f"{ROLES}?account_id=000000000001", token)
    answer = await aws.portal(f"{ACCOUNTS}?next_token={roles.json()['nextToken']}", token)
    assert refusal(answer)[:2] == (400, "InvalidRequestException")


async def test_credentials_are_given_for_a_role(aws: AwsSite) -> None:
    answer = await aws.portal(ADMIN, await aws.access_token())
    members = answer.json()["roleCredentials"]
    assert list(members) == ["accessKeyId", "secretAccessKey", "sessionToken", "expiration"]
    assert re.fullmatch("ASIA[A-Z2-7]{16}", members["accessKeyId"])
    assert members["expiration"] == (1_764_000_000 + 3600) * 1000
    assert (aws.last.operation, aws.last.outcome) == (
        "GetRoleCredentials",
        "AdministratorAccess 111122223333",
    )


async def test_credentials_expire_in_whole_seconds(aws: AwsSite) -> None:
    aws.passed_s = 0.999
    answer = await aws.portal(ADMIN, await aws.access_token())
    assert answer.json()["roleCredentials"]["expiration"] % 1000 == 0


@pytest.mark.parametrize(
    "target",
    [
        f"{CREDENTIALS}?role_name=AdministratorAccess&account_id=999999999999",
        f"{CREDENTIALS}?role_name=Nobody&account_id=111122223333",
        f"{ROLES}?account_id=999999999999",
        f"{ROLES}?account_id=%27%20OR%201",
    ],
)
async def test_what_the_user_does_not_have_and_what_does_not_exist_look_alike(
    aws: AwsSite, target: str
) -> None:
    assert refusal(await aws.portal(target, await aws.access_token())) == NO_ACCESS


EVERY = [
    ("GET", ACCOUNTS),
    ("GET", f"{ROLES}?account_id=111122223333"),
    ("GET", ADMIN),
    ("POST", "/logout"),
]


@pytest.mark.parametrize(("method", "target"), EVERY)
@pytest.mark.parametrize("token", ["", "made up", "aoaSIMULATED", "\u00e9"])
async def test_a_token_that_nobody_gave_is_unauthorized(
    aws: AwsSite, method: str, target: str, token: str
) -> None:
    assert refusal(await aws.portal(target, token, method)) == UNAUTHORIZED


@pytest.mark.parametrize(("method", "target"), EVERY)
async def test_a_request_without_a_token_is_unauthorized(
    aws: AwsSite, method: str, target: str
) -> None:
    assert refusal(await aws.call(method, target)) == UNAUTHORIZED


async def test_the_token_is_looked_at_before_the_query_is(aws: AwsSite) -> None:
    assert refusal(await aws.portal(f"{ACCOUNTS}?max_result=0", "made up")) == UNAUTHORIZED


async def test_a_refresh_token_is_no_access_token(aws: AwsSite) -> None:
    tokens = await aws.tokens(await aws.program())
    assert refusal(await aws.portal(ACCOUNTS, tokens["refreshToken"])) == UNAUTHORIZED


@pytest.mark.parametrize(("method", "target"), EVERY[:3])
async def test_a_token_without_the_portals_scope_has_no_access(
    aws: AwsSite, method: str, target: str
) -> None:
    token = await aws.access_token(("codewhisperer:completions",))
    assert refusal(await aws.portal(target, token, method)) == NO_ACCESS
    assert aws.last.user_code in aws.simulator.state.sessions


async def test_it_can_sign_out_all_the_same(aws: AwsSite) -> None:
    token = await aws.access_token(("codewhisperer:completions",))
    assert (await aws.portal("/logout", token, "POST")).status == 200
    assert aws.last.user_code in aws.simulator.state.sessions
    assert refusal(await aws.portal("/logout", token, "POST")) == UNAUTHORIZED


@pytest.mark.parametrize("scopes", [(), ("sso:account:access", "x"), ("sso-portal:*",)])
async def test_the_portal_opens_to_a_registration_without_scopes_and_to_its_own(
    aws: AwsSite, scopes: tuple[str, ...]
) -> None:
    assert (await aws.portal(ACCOUNTS, await aws.access_token(scopes))).status == 200


@pytest.mark.parametrize(
    ("target", "message"),
    [
        (f"{ACCOUNTS}?max_result=0", "The max_result is not a number from 1 to 100"),
        (f"{ACCOUNTS}?max_result=101", "The max_result is not a number from 1 to 100"),
        (f"{ACCOUNTS}?next_token=x", "The next_token is not one that this list gave"),
        (f"{ACCOUNTS}?max_result=1&max_result=2", "The query has a parameter twice"),
        (ROLES, "Missing required parameter account_id"),
        (f"{ROLES}?account_id=", "Missing required parameter account_id"),
        (CREDENTIALS, "Missing required parameter account_id"),
        (f"{CREDENTIALS}?account_id=111122223333", "Missing required parameter role_name"),
        (f"{CREDENTIALS}?role_name=x", "Missing required parameter account_id"),
    ],
)
async def test_a_parameter_that_cannot_be_used_is_named(
    aws: AwsSite, target: str, message: str
) -> None:
    answer = await aws.portal(target, await aws.access_token())
    assert refusal(answer) == (400, "InvalidRequestException", message)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("POST", ACCOUNTS, "GET"), ("PUT", ADMIN, "GET"), ("GET", "/logout", "POST")],
)
async def test_a_wrong_method_is_refused_in_the_portals_form(
    aws: AwsSite, method: str, path: str, allowed: str
) -> None:
    answer = await aws.portal(path, await aws.access_token(), method)
    assert refusal(answer)[:2] == (405, "MethodNotAllowedException")
    assert answer.header("Allow") == allowed


@pytest.mark.parametrize("path", ["/assignment/", "/assignment/account", "/federation/console"])
async def test_a_path_that_is_no_operation_is_not_found_in_the_portals_form(
    aws: AwsSite, path: str
) -> None:
    answer = await aws.portal(path, await aws.access_token())
    assert refusal(answer)[:2] == (404, "ResourceNotFoundException")


@pytest.mark.parametrize("aws", [{"portal_rate": 3}], indirect=True)
async def test_more_requests_than_the_bound_are_too_many_until_a_second_has_passed(
    aws: AwsSite,
) -> None:
    token = await aws.access_token()
    aws.passed_s = 10
    answers = [await aws.portal(ACCOUNTS, token) for _ in range(4)]
    assert [answer.status for answer in answers] == [200, 200, 200, 429]
    assert refusal(answers[3]) == (429, "TooManyRequestsException", "HTTP 429 Unknown Code")
    assert aws.last.operation == "ListAccounts"
    aws.passed_s = 11
    assert (await aws.portal(ACCOUNTS, token)).status == 200


async def test_every_exchange_is_recorded_with_its_sign_in(aws: AwsSite) -> None:
    program = await aws.program()
    tokens = await aws.tokens(program)
    for method, target in EVERY:
        await aws.portal(target, tokens["accessToken"], method)
        assert (aws.last.user_code, aws.last.client_id) == (
            tokens["userCode"],
            program.client_id,
        )
    operations = [it.operation for it in aws.simulator.log.exchanges.since(0)]
    assert operations[-4:] == ["ListAccounts", "ListAccountRoles", "GetRoleCredentials", "Logout"]
    assert aws.last.outcome == "signed out"


async def test_a_head_request_has_the_same_head_and_no_body(aws: AwsSite) -> None:
    answer = await aws.portal(ACCOUNTS, await aws.access_token(), "HEAD")
    assert (answer.status, answer.body) == (200, b"")

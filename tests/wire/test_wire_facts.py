"""The rows of wire.md by number: the facts that the wire alone can keep, one line each.

Facts about order of checks, lifetimes and pacing are the engine's and are tested there; those about
/authorize are tested with it.
"""

import json
import random
import re
from base64 import urlsafe_b64decode
from collections.abc import Callable

import pytest

from oidc_sim.engine.model import DEVICE_CODE_GRANT
from oidc_sim.engine.replies import Reason, Refused
from oidc_sim.wire import answers, errors, iam, operations, portal, tokens
from oidc_sim.wire.answers import Answer, head
from oidc_sim.wire.credentials import role_credentials
from oidc_sim.wire.requests import CreateTokenBody
from oidc_sim.wire.verification import VerificationUri, verification_uri
from tests.wire import replies
from tests.wire.test_error_table import ELSEWHERE

AWS_START = "https://my-sso-portal.awsapps.com/start"


def no(reason: Reason) -> Answer:
    return errors.refused(Refused(reason))


def top(answer: Answer) -> str:
    return head(answer, request_id="id", date="Tue, 23 Feb 2021 05:15:09 GMT").decode()


def has_words(answer: Answer, status: int, error: str, text: str) -> bool:
    body = json.loads(answer.body)
    return (answer.status, body["error"], body["error_description"]) == (status, error, text)


def members(answer: Answer) -> list[str]:
    return list(json.loads(answer.body))


def in_order(answer: Answer) -> bool:
    return members(answer) == sorted(members(answer)) and b'": ' not in answer.body


REGISTERED = answers.registered(replies.registered())
AUTHORIZED = answers.authorized(replies.authorized(), "https://x/start/#/device")
TOKENS = answers.tokens(replies.tokens())
RNG = random.Random(1)
CREDENTIALS = portal.role_credentials(replies.role_taken())
GIVEN = role_credentials(RNG, b"k", replies.role_taken().role)

FACTS: dict[str, Callable[[], object]] = {
    "wire.md#1 RegisterClient": lambda: (
        operations.REGISTER_CLIENT[1:3] == ("POST", "/client/register")
    ),
    "wire.md#2 StartDeviceAuthorization": lambda: (
        operations.START_DEVICE_AUTHORIZATION[1:3] == ("POST", "/device_authorization")
    ),
    "wire.md#3 CreateToken": lambda: operations.CREATE_TOKEN[1:3] == ("POST", "/token"),
    "wire.md#4 CreateTokenWithIAM": lambda: (
        operations.CREATE_TOKEN_WITH_IAM[1:] == ("POST", "/token", "aws_iam")
        and iam.SERVICE == "sso-oauth"
    ),
    "wire.md#5 the portal": lambda: (
        [(it.method, it.path) for it in operations.PORTAL_OPERATIONS]
        == [
            ("GET", "/assignment/accounts"),
            ("GET", "/assignment/roles"),
            ("GET", "/federation/credentials"),
            ("POST", "/logout"),
        ]
    ),
    "wire.md#6 bearer header": lambda: portal.TOKEN_HEADER == "x-amz-sso_bearer_token",
    "wire.md#9 headers": lambda: (
        re.findall(r"^([\w-]+):", top(TOKENS), re.MULTILINE)
        == ["Date", "Content-Type", "Content-Length", "Connection", "x-amzn-RequestId"]
    ),
    "wire.md#10 no charset": lambda: "\r\nContent-Type: application/json\r\n" in top(TOKENS),
    "wire.md#11 no caching, CORS or server": lambda: (
        not re.search(
            r"cache|access-control|server", top(TOKENS) + top(no(Reason.SLOW_DOWN)), re.IGNORECASE
        )
    ),
    "wire.md#12 compact and alphabetical": lambda: all(
        map(in_order, (REGISTERED, AUTHORIZED, TOKENS))
    ),
    "wire.md#13 nulls": lambda: (
        REGISTERED.body.count(b":null") == 2 and TOKENS.body.count(b":null") == 4
    ),
    "wire.md#14 error header": lambda: top(no(Reason.AUTHORIZATION_PENDING)).endswith(
        "\r\nx-amzn-ErrorType: AuthorizationPendingException"
        ":http://internal.amazon.com/coral/com.amazonaws.sso.oidc/\r\n\r\n"
    ),
    "wire.md#15 error body": lambda: all(
        members(no(reason)) == ["error", "error_description"]
        for reason in Reason
        if reason not in {Reason.INVALID_REQUEST, *ELSEWHERE}
    ),
    "wire.md#16 reason": lambda: no(Reason.INVALID_REQUEST).body.endswith(b',"reason":null}'),
    "wire.md#18 registration body": lambda: len(members(REGISTERED)) == 6,
    "wire.md#19 clientId": lambda: len(tokens.client_id(RNG, "us-east-1")) == 34,
    "wire.md#21 key ids": lambda: tokens.key_number("us-west-2") == 1566968136,
    "wire.md#22 secret lifetime": lambda: all(
        b'"clientSecretExpiresAt":%d' % (int(at) + 7776000)
        in answers.registered(replies.registered(issued_at=at)).body
        for at in (0.9999999999, 1767552707.75, 2**31 - 0.0000001)
    ),
    "wire.md#23 deviceCode": lambda: len(tokens.device_code(RNG)) == 86,
    "wire.md#24 userCode": lambda: re.fullmatch(
        "[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}", tokens.user_code(RNG)
    ),
    "wire.md#25 expiresIn and interval": lambda: (
        b'"expiresIn":600,"interval":1,' in AUTHORIZED.body
    ),
    "wire.md#26 verificationUri": lambda: (
        verification_uri(AWS_START, "http://127.0.0.1:8990", VerificationUri.START_URL)
        == AWS_START + "/#/device"
    ),
    "wire.md#27 verificationUriComplete": lambda: (
        b'"verificationUriComplete":"https://x/start/#/device?user_code=BCDF-GHJK"}'
        in AUTHORIZED.body
    ),
    "wire.md#29 token body": lambda: (
        members(TOKENS)
        == [
            "accessToken",
            "aws_sso_app_session_id",
            "expiresIn",
            "idToken",
            "issuedTokenType",
            "originSessionId",
            "refreshToken",
            "tokenType",
        ]
    ),
    "wire.md#30 no refresh token": lambda: (
        b'"refreshToken":null' in answers.tokens(replies.tokens(refresh_token=None)).body
    ),
    "wire.md#31 access token": lambda: re.fullmatch(
        "aoa.{90}:.{136,139}", tokens.access_token(RNG, 0, "us-east-1")
    ),
    "wire.md#32 refresh token": lambda: re.fullmatch(
        "aor.{90}:.{136,139}", tokens.refresh_token(RNG, 0, "us-east-1")
    ),
    "wire.md#33 first eight bytes": lambda: (
        urlsafe_b64decode(tokens.access_token(RNG, 1767552707, "us-east-1")[3:15])[:8]
        == (1767552707).to_bytes(8, "big")
    ),
    "wire.md#36 pending": lambda: has_words(
        no(Reason.AUTHORIZATION_PENDING),
        400,
        "authorization_pending",
        "Authorization is still pending",
    ),
    "wire.md#37 bad device code": lambda: has_words(
        no(Reason.INVALID_GRANT), 400, "invalid_grant", "Invalid device code provided"
    ),
    "wire.md#39 bad refresh token": lambda: has_words(
        errors.INVALID_REFRESH_TOKEN.answer(),
        400,
        "invalid_grant",
        "Invalid refresh token provided",
    ),
    "wire.md#40 refresh with another client": lambda: has_words(
        errors.INVALID_REQUEST.answer(), 400, "invalid_request", "Invalid token provided"
    ),
    "wire.md#41 bad client": lambda: has_words(
        no(Reason.INVALID_CLIENT), 401, "invalid_client", "Invalid client provided"
    ),
    "wire.md#42 access denied": lambda: has_words(
        no(Reason.ACCESS_DENIED), 400, "access_denied", "Access denied"
    ),
    "wire.md#44 bad startUrl": lambda: has_words(
        no(Reason.INVALID_REQUEST), 400, "invalid_request", ""
    ),
    "wire.md#53 authorization code": lambda: tokens.authorization_code(RNG, "us-east-1").startswith(
        "eyJraWQiOiJrZXktMTU2NDAyODA3OCIsImFsZyI6IkhTMzg0In0"
    ),
    "wire.md#55 unauthorised client": lambda: has_words(
        no(Reason.UNAUTHORIZED_CLIENT), 400, "unauthorized_client", "Client is unauthorized"
    ),
    "wire.md#56 scope is ignored": lambda: isinstance(
        CreateTokenBody(
            clientId="i",
            clientSecret="s",
            grantType=DEVICE_CODE_GRANT,
            deviceCode="d",
            scope=("anything",),
        ).command(),
        type(
            CreateTokenBody(
                clientId="i", clientSecret="s", grantType=DEVICE_CODE_GRANT, deviceCode="d"
            ).command()
        ),
    ),
    "wire.md#62 portal error body": lambda: (
        portal.FORBIDDEN.answer().body
        == b'{"message":"No access","__type":"com.amazonaws.switchboard.portal#ForbiddenException"}'
    ),
    "wire.md#63 bad token": lambda: portal.UNAUTHORIZED.answer().status == 401,
    "wire.md#64 unassigned": lambda: portal.FORBIDDEN.answer().status == 403,
    "wire.md#65 throttle": lambda: (
        (portal.TOO_MANY_REQUESTS.status, portal.TOO_MANY_REQUESTS.message)
        == (429, "HTTP 429 Unknown Code")
    ),
    "wire.md#66 wrong method": lambda: (
        portal.wrong_method("GET").name == "MethodNotAllowedException"
    ),
    "wire.md#67 milliseconds": lambda: b'"expiration":1665736069000}' in CREDENTIALS.body,
    "wire.md#68 order of credentials": lambda: (
        list(json.loads(CREDENTIALS.body)["roleCredentials"])
        == ["accessKeyId", "secretAccessKey", "sessionToken", "expiration"]
    ),
    "wire.md#69 access keys": lambda: (
        GIVEN.access_key_id.startswith("ASIA")
        and len(GIVEN.access_key_id) == 20
        and GIVEN.session_token.startswith("IQoJb3JpZ2lu")
    ),
}


@pytest.mark.parametrize("holds", FACTS.values(), ids=[f"fact {name}" for name in FACTS])
def test_the_wire_honours(holds: Callable[[], object]) -> None:
    assert holds()

"""GetCallerIdentity through HTTP, signed by botocore's own signer."""

import re
import xml.etree.ElementTree as ET

import pytest
from botocore.auth import SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from tests.server.aws_site import CALLER_IDENTITY, FOREIGN, FORM, AwsSite
from tests.server.raw_http import RawAnswer

NAMESPACE = "{https://sts.amazonaws.com/doc/2011-06-15/}"


def element(answer: RawAnswer, *names: str) -> str:
    root = ET.fromstring(answer.body)
    return root.findtext("/".join(NAMESPACE + name for name in names)) or ""


def code(answer: RawAnswer) -> tuple[int, str]:
    assert answer.header("Content-Type") == "text/xml"
    return answer.status, element(answer, "Error", "Code")


async def test_credentials_tell_whose_they_are(aws: AwsSite) -> None:
    credentials = await aws.role_credentials(await aws.access_token())
    answer = await aws.who_am_i(credentials)
    assert answer.status == 200
    arn = element(answer, "GetCallerIdentityResult", "Arn")
    assert re.fullmatch(
        "arn:aws:sts::111122223333:assumed-role/"
        "AWSReservedSSO_AdministratorAccess_[0-9a-f]{16}/sim-user",
        arn,
    )
    user_id = element(answer, "GetCallerIdentityResult", "UserId")
    assert re.fullmatch("AROA[A-Z2-7]{17}:sim-user", user_id)
    assert element(answer, "GetCallerIdentityResult", "Account") == "111122223333"
    request_id = element(answer, "ResponseMetadata", "RequestId")
    assert request_id == answer.header("x-amzn-RequestId")


async def test_it_is_recorded_with_the_sign_in_that_the_credentials_came_from(
    aws: AwsSite,
) -> None:
    program = await aws.program()
    tokens = await aws.tokens(program)
    await aws.who_am_i(await aws.role_credentials(tokens["accessToken"]))
    assert (aws.last.operation, aws.last.outcome) == (
        "GetCallerIdentity",
        "AdministratorAccess 111122223333",
    )
    assert (aws.last.user_code, aws.last.client_id) == (tokens["userCode"], program.client_id)


async def test_a_presigned_request_is_answered(aws: AwsSite) -> None:
    credentials = await aws.role_credentials(await aws.access_token())
    asked = AWSRequest("GET", f"{aws.url}/?{CALLER_IDENTITY.decode()}")
    SigV4QueryAuth(credentials, "sts", "us-east-1", expires=60).add_auth(asked)
    answer = await aws.call("GET", asked.url.removeprefix(aws.url))
    assert answer.status == 200
    assert element(answer, "GetCallerIdentityResult", "Account") == "111122223333"


async def test_the_start_page_is_still_there(aws: AwsSite) -> None:
    answer = await aws.call("GET", "/")
    assert (answer.status, answer.header("Content-Type")) == (200, "text/html; charset=utf-8")
    assert (await aws.call("GET", "/?x=Action")).header("Content-Type") == (
        "text/html; charset=utf-8"
    )


async def test_credentials_live_on_after_a_sign_out(aws: AwsSite) -> None:
    token = await aws.access_token()
    credentials = await aws.role_credentials(token)
    await aws.portal("/logout", token, "POST")
    assert (await aws.who_am_i(credentials)).status == 200


async def test_credentials_expire_by_the_simulated_clock(aws: AwsSite) -> None:
    credentials = await aws.role_credentials(await aws.access_token())
    aws.passed_s = 3599.9
    assert (await aws.who_am_i(credentials)).status == 200
    aws.passed_s = 3600
    assert code(await aws.who_am_i(credentials)) == (403, "ExpiredToken")


async def test_everybody_else_is_refused_as_aws_does(aws: AwsSite) -> None:
    ours = await aws.role_credentials(await aws.access_token())
    other = await aws.role_credentials(await aws.access_token())
    key, secret, token = ours.access_key, ours.secret_key, ours.token
    assert code(await aws.who_am_i(FOREIGN)) == (403, "InvalidClientTokenId")
    no_token = Credentials(key, secret)
    assert code(await aws.who_am_i(no_token)) == (403, "InvalidClientTokenId")
    others = Credentials(key, secret, other.token)
    assert code(await aws.who_am_i(others)) == (403, "InvalidClientTokenId")
    wrong = Credentials(key, other.secret_key, token)
    assert code(await aws.who_am_i(wrong)) == (403, "SignatureDoesNotMatch")
    assert code(await aws.who_am_i(ours, service="iam")) == (403, "SignatureDoesNotMatch")
    unsigned = await aws.call("POST", "/", CALLER_IDENTITY, FORM)
    assert code(unsigned) == (403, "MissingAuthenticationToken")
    header = "Authorization: AWS4-HMAC-SHA256 x"
    broken = await aws.call("POST", "/", CALLER_IDENTITY, FORM, header)
    assert code(broken) == (400, "IncompleteSignature")
    assert aws.last.operation == "GetCallerIdentity"


async def test_a_body_that_was_changed_on_its_way_does_not_match(aws: AwsSite) -> None:
    credentials = await aws.role_credentials(await aws.access_token())
    await aws.who_am_i(credentials)
    headers = [
        f"{name.decode()}: {value.decode()}"
        for name, value in aws.last.request_headers
        if name.lower() != b"content-length"
    ]
    again = await aws.call("POST", "/", CALLER_IDENTITY, *headers)
    assert again.status == 200
    changed = await aws.call("POST", "/", CALLER_IDENTITY + b"&x=1", *headers)
    assert code(changed) == (403, "SignatureDoesNotMatch")


@pytest.mark.parametrize(
    "body",
    [b"Action=AssumeRole&Version=2011-06-15", b"", b'{"TableName":"x"}', b"\xff\x00", b"Action="],
)
async def test_who_wants_more_of_sts_is_told_what_this_is(aws: AwsSite, body: bytes) -> None:
    answer = await aws.who_am_i(FOREIGN, body)
    assert code(answer) == (400, "InvalidAction")
    assert "oidc-sim" in element(answer, "Error", "Message")
    assert aws.last.operation is None


async def test_another_method_is_no_operation(aws: AwsSite) -> None:
    answer = await aws.call("PUT", "/", CALLER_IDENTITY)
    assert answer.status == 405
    assert answer.header("Allow") == "GET, POST"

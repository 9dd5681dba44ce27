"""Calls of other AWS services, by botocore's clients and by hand: what they are told, and that once."""

import asyncio
import json
from typing import Any

import botocore.session
import pytest
from botocore import UNSIGNED
from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.exceptions import ClientError

from oidc_sim.engine.arrival import Target, Trigger
from oidc_sim.faults.catalogue import fault_rule
from oidc_sim.headless.text import text_of
from oidc_sim.record.log import Entry
from tests.server.aws_site import CALLER_IDENTITY, FOREIGN, FORM, AwsSite
from tests.server.raw_http import RawAnswer, connected, request

PUT = {"Bucket": "bucket", "Key": "key"}
WEB_IDENTITY = {
    "RoleArn": "arn:aws:iam::111122223333:role/x",
    "RoleSessionName": "me",
    "WebIdentityToken": "secret-token",
}
MEASURED = [{"MetricName": "x" * 200, "Value": float(number)} for number in range(300)]
LARGE = b"x" * 1_000_000


async def told(aws: AwsSite, service: str, operation: str, **arguments: Any) -> str:
    """What a client with botocore's own retries is told; it asks once, and is not believed to be ours."""
    modes = arguments.pop("config", Config())
    config = modes.merge(Config(inject_host_prefix=False, read_timeout=10))
    client = botocore.session.Session().create_client(
        service,
        "us-east-1",
        endpoint_url=aws.url,
        config=config,
        aws_access_key_id=FOREIGN.access_key,
        aws_secret_access_key=FOREIGN.secret_key,
    )
    seen = aws.simulator.log.exchanges.seen
    with pytest.raises(ClientError) as raised:
        await asyncio.to_thread(lambda: getattr(client, operation)(**arguments))
    client.close()
    assert aws.simulator.log.exchanges.seen == seen + 1, "a 501 is not tried again"
    assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501
    return str(raised.value)


@pytest.mark.parametrize("mode", ["legacy", "standard", "adaptive"])
@pytest.mark.parametrize(
    ("service", "operation", "arguments", "name"),
    [
        ("s3", "list_buckets", {}, "s3 ListBuckets"),
        ("s3", "put_object", {**PUT, "Body": b"x"}, "s3 PutObject"),
        ("s3", "put_object", {**PUT, "Body": LARGE}, "s3 PutObject"),
        ("s3", "list_objects_v2", {"Bucket": "device"}, "s3 ListObjectsV2"),
        ("dynamodb", "list_tables", {}, "dynamodb ListTables"),
        ("ec2", "describe_instances", {}, "ec2 DescribeInstances"),
        ("iam", "list_users", {}, "iam ListUsers"),
        ("sts", "assume_role_with_web_identity", WEB_IDENTITY, "AssumeRoleWithWebIdentity"),
        ("route53", "list_hosted_zones", {}, "route53 GET /2013-04-01/hostedzone"),
        ("lambda", "list_functions", {}, "lambda GET /2015-03-31/functions"),
        ("sso-admin", "list_instances", {}, "sso ListInstances"),
        ("eventbridgev2", "list_event_buses", {}, "events ListEventBuses"),
        (
            "cloudwatch",
            "put_metric_data",
            {"Namespace": "compressed", "MetricData": MEASURED},
            "monitoring PutMetricData",
        ),
    ],
    ids=lambda it: it if isinstance(it, str) else "",
)
async def test_every_protocol_is_told_what_this_is_in_its_own_form(
    aws: AwsSite, mode: str, service: str, operation: str, arguments: dict[str, Any], name: str
) -> None:
    config = Config(retries={"mode": mode})
    text = await told(aws, service, operation, config=config, **arguments)
    assert text.startswith("An error occurred (NotSimulated) when calling the "), text
    assert "This is oidc-sim, which serves AWS's sign-in ('aws sso login')" in text
    assert f"it does not simulate {name}, and nothing was sent to AWS" in text
    assert "--let-through" in text
    assert (aws.last.operation, aws.last.outcome) == (name, "not simulated")


async def test_what_nobody_signed_is_told_too(aws: AwsSite) -> None:
    unsigned = Config(signature_version=UNSIGNED)
    assert "oidc-sim" in await told(aws, "s3", "list_buckets", config=unsigned)
    assert "oidc-sim" in await told(aws, "s3", "put_object", config=unsigned, **PUT, Body=LARGE)
    login = {"clientId": "arn:aws:signin:::devtools/same-device", "grantType": "authorization_code"}
    text = await told(aws, "signin", "create_o_auth2_token", tokenInput=login)
    assert "signin POST /v1/token" in text


async def test_head_has_a_status_alone(aws: AwsSite) -> None:
    assert "(501) when calling the HeadObject" in await told(aws, "s3", "head_object", **PUT)
    assert aws.last.operation == "s3 HeadObject"


async def test_a_presigned_url_is_answered_in_s3s_form(aws: AwsSite) -> None:
    asked = AWSRequest("GET", f"{aws.url}/bucket/key")
    S3SigV4QueryAuth(FOREIGN, "s3", "us-east-1", expires=60).add_auth(asked)
    answer = await aws.call("GET", asked.url.removeprefix(aws.url))
    assert (answer.status, answer.header("Content-Type")) == (501, "application/xml")
    assert b"<Code>NotSimulated</Code>" in answer.body
    assert (answer.header("x-amzn-RequestId") or "none") in answer.body.decode()


SIGNED = "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260101/us-east-1/s3/aws4_request"


async def test_a_body_that_is_held_back_is_not_asked_for(aws: AwsSite) -> None:
    head = (f"Authorization: {SIGNED}", "Expect: 100-continue", f"Content-Length: {10**9}")
    async with connected(aws.port) as client:
        await client.send(request("PUT", "/b/k", port=aws.port, headers=head))
        answer = await client.answer()
        assert (answer.status, answer.header("Connection")) == (501, "close")


@pytest.mark.parametrize("headers", [(), ("Content-Encoding: gzip",)], ids=["plain", "encoded"])
async def test_a_small_body_leaves_the_connection_open(
    aws: AwsSite, headers: tuple[str, ...]
) -> None:
    signed = (f"Authorization: {SIGNED}", *headers)
    async with connected(aws.port) as client:
        for _ in range(2):
            await client.send(request("PUT", "/b/k", b"abc", port=aws.port, headers=signed))
            answer = await client.answer()
            assert (answer.status, answer.header("Connection")) == (501, "keep-alive")
    assert aws.last.request_body == b"abc"


async def test_the_browser_of_aws_login_gets_a_sentence(aws: AwsSite) -> None:
    client_id = "arn%3Aaws%3Asignin%3A%3A%3Adevtools%2Fsame-device"
    answer = await aws.call("GET", f"/v1/authorize?client_id={client_id}&redirect_uri=x")
    assert (answer.status, answer.header("Content-Type")) == (501, "text/html; charset=utf-8")
    assert b"is another service and is not simulated" in answer.body
    assert answer.header("Content-Security-Policy") is not None
    assert aws.last.operation == "signin Authorize"


async def test_a_rule_for_sts_does_not_catch_what_is_posted_to_the_same_path(aws: AwsSite) -> None:
    target, always = Target(operation="GetCallerIdentity"), Trigger(times=None)
    aws.simulator.dispatch(fault_rule("gateway-error", {}, target, always))
    assert "dynamodb ListTables" in await told(aws, "dynamodb", "list_tables")
    assert (await aws.who_am_i(FOREIGN)).status == 502


async def test_no_text_of_a_strangers_comes_back_or_moves_the_cursor(aws: AwsSite) -> None:
    signed = f"Authorization: {SIGNED.replace('/s3/', '/lambda/')}"
    answer = await aws.call("GET", "/<b>&'\"/" + "y" * 300, b"", signed)
    assert answer.status == 501
    assert b"<b>" not in answer.body
    assert aws.last.operation == f"lambda GET /?b????/{'y' * 52}..."
    assert str(text_of(Entry(1, aws.last))).endswith(
        f"refused {aws.last.operation}: 501 not simulated"
    )


UNKNOWN = ("GET", "/anything"), ("PUT", "/"), ("POST", "/v1/token"), ("GET", "/v1/authorize")


def shape(answer: RawAnswer) -> tuple[bytes, bytes]:
    """All but what is new each time."""
    lines = [it for it in answer.head.split(b"\r\n") if not it.startswith((b"Date", b"x-amzn-Req"))]
    return b"\r\n".join(lines), answer.body


async def test_what_has_no_sign_of_another_service_is_answered_as_ever(aws: AwsSite) -> None:
    for method, target in UNKNOWN:
        plain = await aws.call(method, target)
        assert plain.status in {404, 405}
        for header in ("User-Agent: curl/8.5.0", "Authorization: Bearer x", f"X-Amz-Date: {1}"):
            assert shape(await aws.call(method, target, b"", header)) == shape(plain)
    for path in ("/assignment/anything", "/federation/credentials", "/logout", "/client/register"):
        plain = await aws.call("PUT", path)
        signed = await aws.call("PUT", path, b"", "amz-sdk-invocation-id: x")
        assert shape(signed) == shape(plain)
    unsigned = await aws.call("POST", "/", b"Action=AssumeRole&Version=2011-06-15", FORM)
    assert unsigned.status == 400
    assert b"<Code>InvalidAction</Code>" in unsigned.body
    assert (await aws.who_am_i(FOREIGN, service="iam")).status == 403
    assert (await aws.signed("/", CALLER_IDENTITY, FOREIGN, service="sts")).status == 403
    assert (await aws.call("GET", "/")).status == 200


async def test_the_control_api_is_never_taken_for_another_service(aws: AwsSite) -> None:
    answer = await aws.call("GET", "/_sim/nothing", b"", f"Authorization: {SIGNED}")
    assert json.loads(answer.body)["error"] == "unknown"

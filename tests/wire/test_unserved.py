"""Which requests are calls of services that are not served, and what they are called."""

import pytest

from oidc_sim.wire.sigv4 import SignedRequest
from oidc_sim.wire.unserved import Call, Protocol, call_of

FORM = ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
SDK = ("amz-sdk-invocation-id", "4f1d3c5e-0000-4000-8000-000000000000")


def signed_for(service: str) -> tuple[str, str]:
    scope = f"20260101/us-east-1/{service}/aws4_request"
    fields = f"Credential=ASIAIOSFODNN7EXAMPLE/{scope}, SignedHeaders=host, Signature={'0' * 64}"
    return "Authorization", f"AWS4-HMAC-SHA256 {fields}"


def call(
    method: str,
    target: str,
    *headers: tuple[str, str],
    body: bytes = b"",
    is_known_path: bool = False,
) -> Call | None:
    path, _, query = target.partition("?")
    raw = tuple((name.encode(), value.encode("latin-1")) for name, value in headers)
    request = SignedRequest(method=method, path=path, query=query, headers=raw, body=body)
    return call_of(request, is_known_path=is_known_path)


def told(found: Call | None) -> tuple[str, Protocol]:
    assert found is not None
    return found.name, found.protocol


def agent(text: str) -> tuple[str, str]:
    return "User-Agent", f"aws-sdk-x/3.1 ua/2.1 os/linux {text} m/E"


@pytest.mark.parametrize(
    ("method", "target", "service", "name"),
    [
        ("GET", "/", "s3", "s3 ListBuckets"),
        ("GET", "/?x-id=ListBuckets", "s3", "s3 ListBuckets"),
        ("GET", "/bucket?list-type=2&prefix=&encoding-type=url", "s3", "s3 ListObjectsV2"),
        ("GET", "/bucket?prefix=x", "s3", "s3 ListObjects"),
        ("HEAD", "/bucket", "s3", "s3 HeadBucket"),
        ("PUT", "/bucket/a/key", "s3", "s3 PutObject"),
        ("GET", "/bucket/key", "s3express", "s3express GetObject"),
        ("GET", "/bucket?acl", "s3", "s3 GET /bucket"),
        ("POST", "/bucket/key?uploads", "s3", "s3 POST /bucket/key"),
    ],
)
def test_everyday_calls_of_s3_are_known_by_their_requests(
    method: str, target: str, service: str, name: str
) -> None:
    assert told(call(method, target, signed_for(service))) == (name, Protocol.S3)


@pytest.mark.parametrize(
    ("method", "target", "headers", "body", "name", "protocol"),
    [
        (
            "POST",
            "/",
            [("X-Amz-Target", "DynamoDB_20120810.ListTables"), signed_for("dynamodb")],
            b"{}",
            "dynamodb ListTables",
            Protocol.JSON,
        ),
        (
            "POST",
            "/",
            [
                ("X-Amz-Target", "Logs_20140328.DescribeLogGroups"),
                ("Content-Type", "application/x-amz-json-1.0"),
            ],
            b"{}",
            "logs DescribeLogGroups",
            Protocol.JSON_1_0,
        ),
        (
            "POST",
            "/",
            [signed_for("iam"), FORM],
            b"Action=ListUsers&Version=2010-05-08",
            "iam ListUsers",
            Protocol.QUERY,
        ),
        (
            "POST",
            "/",
            [signed_for("ec2"), FORM],
            b"Action=DescribeInstances",
            "ec2 DescribeInstances",
            Protocol.EC2,
        ),
        (
            "POST",
            "/",
            [SDK, FORM],
            b"Action=AssumeRoleWithWebIdentity&WebIdentityToken=x",
            "AssumeRoleWithWebIdentity",
            Protocol.QUERY,
        ),
        (
            "GET",
            "/2015-03-31/functions",
            [signed_for("lambda")],
            b"",
            "lambda GET /2015-03-31/functions",
            Protocol.REST_JSON,
        ),
        (
            "GET",
            "/2013-04-01/hostedzone",
            [signed_for("route53"), agent("md/command#route53.list-hosted-zones")],
            b"",
            "route53 list-hosted-zones",
            Protocol.QUERY,
        ),
        (
            "GET",
            "/v20180820/jobs",
            [signed_for("s3")],
            b"",
            "s3 GET /v20180820/jobs",
            Protocol.QUERY,
        ),
        (
            "POST",
            "/service/EventBridge/operation/ListEventBuses",
            [("smithy-protocol", "rpc-v2-cbor"), SDK],
            b"\xa0",
            "eventbridge ListEventBuses",
            Protocol.CBOR,
        ),
        ("GET", "/", [agent("api/s3#3.1")], b"", "s3 ListBuckets", Protocol.S3),
        ("GET", "/", [agent("md/command#s3.ls")], b"", "s3 ListBuckets", Protocol.S3),
        ("GET", "/b/k", [SDK], b"", "GET /b/k", Protocol.S3),
        ("GET", "/b/k", [("Authorization", "AWS AKID:c2ln")], b"", "s3 GetObject", Protocol.S3),
        (
            "POST",
            "/v1/token",
            [SDK, ("Content-Type", "application/json")],
            b"{}",
            "signin POST /v1/token",
            Protocol.REST_JSON,
        ),
        (
            "GET",
            "/v1/authorize?client_id=arn%3Aaws%3Asignin%3A%3A%3Adevtools%2Fsame-device",
            [],
            b"",
            "signin Authorize",
            Protocol.PAGE,
        ),
    ],
    ids=repr,
)
def test_a_call_is_named_and_its_protocol_known(
    method: str,
    target: str,
    headers: list[tuple[str, str]],
    body: bytes,
    name: str,
    protocol: Protocol,
) -> None:
    assert told(call(method, target, *headers, body=body)) == (name, protocol)


def test_a_presigned_call_names_its_service_in_the_query() -> None:
    scope = "AKIAIOSFODNN7EXAMPLE%2F20260101%2Fus-east-1%2Fs3%2Faws4_request"
    target = f"/b/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={scope}&X-Amz-Signature=0"
    assert told(call("GET", target)) == ("s3 GetObject", Protocol.S3)
    assert told(call("GET", "/b/k?AWSAccessKeyId=x&Signature=y&Expires=1"))[0] == "s3 GetObject"


def test_a_signature_for_all_regions_names_its_service() -> None:
    fields = "Credential=AKID/20260101/s3/aws4_request, SignedHeaders=host, Signature=00"
    header = ("Authorization", f"AWS4-ECDSA-P256-SHA256 {fields}")
    assert told(call("GET", "/", header)) == ("s3 ListBuckets", Protocol.S3)


@pytest.mark.parametrize(
    ("method", "target", "headers", "body"),
    [
        ("GET", "/", [], b""),
        ("GET", "/anything", [("User-Agent", "curl/8")], b""),
        ("GET", "/anything", [("Authorization", "Bearer x")], b""),
        ("POST", "/", [FORM], b"Action=AssumeRole&Version=2011-06-15"),
        ("POST", "/", [FORM, signed_for("sts")], b"Action=GetCallerIdentity"),
        ("POST", "/", [FORM, signed_for("iam")], b"Action=GetCallerIdentity"),
        ("POST", "/", [FORM, SDK], b"Action=GetCallerIdentity"),
        ("POST", "/", [signed_for("sts")], b""),
        ("POST", "/", [FORM, signed_for("sts")], b"Action=AssumeRole&Version=2011-06-15"),
        ("GET", "/anything", [signed_for("sts")], b""),
        ("GET", "/anything", [signed_for("sso-oauth")], b""),
        ("GET", "/anything", [signed_for("awsssoportal"), SDK], b""),
        ("GET", "/anything", [agent("api/sso-oidc#3.1"), SDK], b""),
        ("GET", "/anything", [agent("md/command#sso.login")], b""),
        ("GET", "/v1/authorize?client_id=x", [], b""),
        ("GET", "/", [("Authorization", "AWS4-HMAC-SHA256 x")], b""),
        ("GET", "/", [("Authorization", "AWS4-HMAC-SHA256 Credential=a/b/c/s3/aws4_request")], b""),
    ],
    ids=repr,
)
def test_what_has_no_sign_of_another_service_is_no_call_of_one(
    method: str, target: str, headers: list[tuple[str, str]], body: bytes
) -> None:
    assert call(method, target, *headers, body=body) is None


def test_where_something_of_ours_is_a_service_must_be_named() -> None:
    assert call("GET", "/device", SDK, is_known_path=True) is None
    assert told(call("GET", "/device", signed_for("s3"), is_known_path=True))[0] == "s3 ListObjects"


@pytest.mark.parametrize(
    ("method", "target", "headers"),
    [
        ("GET", "/<b>&\x1b[2J" + "x" * 5000, [signed_for("lambda")]),
        ("GET", "/\u202e\xe4\xdf", [signed_for("s3")]),
        ("<x>" * 100, "/", [signed_for("lambda")]),
        ("POST", "/?Action=<script>", [signed_for("iam")]),
        ("POST", "/", [("X-Amz-Target", "<a>.<b>"), SDK]),
        ("POST", "/", [("X-Amz-Target", f"{'A' * 100}.{'B' * 65}"), SDK]),
        ("GET", "/", [agent("api/\x1b[2J#1 md/command#<x>.<y>"), SDK]),
        ("GET", "/", [("Authorization", signed_for("s3")[1].replace("s3", "<s3>")), SDK]),
        ("GET", f"/?{'&'.join(f'a{n}=1' for n in range(500))}", [signed_for("s3")]),
        ("POST", "/", [signed_for("iam"), ("Content-Type", "\xff\xfe")]),
    ],
    ids=lambda it: repr(it)[:30],
)
def test_a_name_is_short_and_of_letters_that_nothing_obeys(
    method: str, target: str, headers: list[tuple[str, str]]
) -> None:
    name, _ = told(call(method, target, *headers))
    assert len(name) <= 140
    assert name.isascii()
    assert name.isprintable()
    assert not set(name) & set("<>&\"'")

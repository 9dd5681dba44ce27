"""The answers to calls that are not served, read by botocore's parsers."""

from typing import Any

import pytest
from botocore.parsers import create_parser

from oidc_sim.wire.unserved import CODE, STATUS, Call, Protocol, answer, headers, message

REQUEST_ID = "8a1d4c52-0000-4000-8000-000000000000"
READERS = [
    (Protocol.JSON, "json"),
    (Protocol.JSON_1_0, "json"),
    (Protocol.REST_JSON, "rest-json"),
    (Protocol.CBOR, "smithy-rpc-v2-cbor"),
    (Protocol.QUERY, "query"),
    (Protocol.QUERY, "rest-xml"),
    (Protocol.EC2, "ec2"),
    (Protocol.S3, "rest-xml"),
]


def read(call: Call, reader: str) -> Any:
    told = answer(call, REQUEST_ID)
    response = {
        "status_code": told.status,
        "headers": {it.lower(): value for it, value in headers(call).items()},
        "body": told.body,
        "context": {"operation_name": "X"},
    }
    return create_parser(reader).parse(response, None)


@pytest.mark.parametrize("length", [1, 23, 24, 255, 256, 1000])
@pytest.mark.parametrize(("protocol", "reader"), READERS)
def test_every_protocol_finds_code_and_message(
    protocol: Protocol, reader: str, length: int
) -> None:
    call = Call("s3", "x" * length, protocol)
    parsed = read(call, reader)
    assert parsed["Error"]["Code"] == CODE
    assert parsed["Error"]["Message"] == message(call)
    assert parsed["ResponseMetadata"]["HTTPStatusCode"] == STATUS == 501


def test_who_only_sees_the_head_finds_the_code_there() -> None:
    assert headers(Call(None, "GET /", Protocol.S3)) == {"x-amzn-ErrorType": CODE}
    assert headers(Call("events", "X", Protocol.CBOR))["smithy-protocol"] == "rpc-v2-cbor"


def test_a_name_cannot_leave_its_place_in_xml() -> None:
    body = answer(Call("a&b", "<x>", Protocol.S3), REQUEST_ID).body
    assert b"a&amp;b &lt;x&gt;" in body

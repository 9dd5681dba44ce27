"""A program in the hands of ``oidc-sim exec``: calls AWS's services by boto3, and tells where it went.

Whatever Python connects to or looks up is noted by an audit hook, so nothing can pass it by.
"""

import ipaddress
import json
import sys
from typing import Any

import boto3
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

went_to: list[str] = []


def note(event: str, arguments: tuple[Any, ...]) -> None:
    """Keep each address and name; unix sockets stay on the machine."""
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        went_to.append(str(arguments[1][0]))
    if event in {"socket.getaddrinfo", "socket.gethostbyname"}:
        went_to.append(str(arguments[0]))


def is_here(address: str) -> bool:
    """Whether an address is loopback; a name is not, because somebody has to be asked for it."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"


def told(service: str, operation: str, /, **arguments: Any) -> str:
    """The message of the error that a call ends with."""
    client = session.client(service, config=arguments.pop("config", None))
    try:
        getattr(client, operation)(**arguments)
    except ClientError as error:
        return str(error)
    return "no error"


sys.addaudithook(note)
session = boto3.session.Session(
    aws_access_key_id="ASIAIOSFODNN7EXAMPLE",
    aws_secret_access_key="secret",
)
role = {"RoleArn": "arn:aws:iam::111122223333:role/x", "RoleSessionName": "me"}
code = {"clientId": "arn:aws:signin:::devtools/same-device", "grantType": "authorization_code"}
messages = {
    "s3 ListBuckets": told("s3", "list_buckets"),
    "GET /": told("s3", "list_buckets", config=Config(signature_version=UNSIGNED)),
    "s3 PutObject": told("s3", "put_object", Bucket="b", Key="k", Body=b"x" * 1_000_000),
    "ec2 DescribeInstances": told("ec2", "describe_instances"),
    "dynamodb ListTables": told("dynamodb", "list_tables"),
    "lambda GET /2015-03-31/functions": told("lambda", "list_functions"),
    "iam ListUsers": told("iam", "list_users"),
    "sts AssumeRole": told("sts", "assume_role", **role),
    "bedrock POST /model/m/invoke": told("bedrock-runtime", "invoke_model", modelId="m", body=b""),
    "servicediscovery DiscoverInstances": told(
        "servicediscovery", "discover_instances", NamespaceName="n", ServiceName="s"
    ),
    "signin POST /v1/token": told("signin", "create_o_auth2_token", tokenInput=code),
}
elsewhere = sorted({it for it in went_to if not is_here(it)})
print(json.dumps({"messages": messages, "elsewhere": elsewhere, "went": len(went_to)}))  # noqa: T201

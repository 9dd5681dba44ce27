"""Each operation's success and each way to be refused, to the last byte, head and body.

Ids come from a seed and the clock stands, so every byte is the same each time. To write the files
anew, set ``OIDC_SIM_UPDATE_GOLDEN`` and read the difference before it is committed.
"""

import os
import re
from pathlib import Path

import botocore.loaders
import pytest
from botocore.model import ServiceModel

from oidc_sim.wire.operations import OIDC_OPERATIONS, PORTAL_OPERATIONS
from oidc_sim.wire.verification import VerificationUri
from tests.server.aws_site import AwsSite, open_aws_site
from tests.server.golden_cases import CASES
from tests.server.raw_http import RawAnswer

GOLDEN = Path(__file__).parents[1] / "golden" / "operations"
IS_WRITTEN_ANEW = bool(os.environ.get("OIDC_SIM_UPDATE_GOLDEN"))
SETTINGS = {"verification_uri": VerificationUri.START_URL}
THROTTLED = "GetRoleCredentials_429_TooManyRequestsException"
ANNOUNCED = "RegisterClient_200_announced"
NAMES = [*CASES, THROTTLED, ANNOUNCED]


async def answer_of(name: str) -> tuple[RawAnswer, AwsSite]:
    if name == THROTTLED:
        async with open_aws_site(portal_rate=1) as aws:
            token = await aws.access_token()
            for _ in range(2):
                answer = await aws.portal("/federation/credentials", token)
            return answer, aws
    if name == ANNOUNCED:
        async with open_aws_site(announce_endpoints=True) as aws:
            return await CASES["RegisterClient_200_browser"](aws), aws
    async with open_aws_site(**SETTINGS) as aws:
        return await CASES[name](aws), aws


def with_fixed_head(name: str, answer: RawAnswer) -> bytes:
    """The answer; what the listener answers by itself has the machine's own date and a new id."""
    head = answer.head
    if name.endswith("InternalServerException"):
        head = re.sub(rb"Date: [^\r]*", b"Date: Mon, 24 Nov 2025 16:00:00 GMT", head)
        head = re.sub(rb"RequestId: [^\r]*", b"RequestId: " + bytes(36).hex()[:36].encode(), head)
    return head + answer.body


@pytest.mark.parametrize("name", NAMES)
async def test_the_answer_is_the_golden_one_to_the_last_byte(name: str) -> None:
    answer, aws = await answer_of(name)
    given = with_fixed_head(name, answer).replace(b":%d" % aws.port, b":54321")
    file = GOLDEN / f"{name}.http"
    if IS_WRITTEN_ANEW:
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(given)
    assert given == file.read_bytes()
    assert name.split("_")[1] == str(answer.status)


def test_every_golden_file_is_compared() -> None:
    assert {path.stem for path in GOLDEN.glob("*.http")} == set(NAMES)


@pytest.mark.parametrize("operation", [*OIDC_OPERATIONS, *PORTAL_OPERATIONS], ids=str)
def test_every_operation_succeeds_in_one(operation: object) -> None:
    name = getattr(operation, "name", "")
    assert any(it.startswith(f"{name}_200") for it in NAMES)


@pytest.mark.parametrize("service", ["sso-oidc", "sso"])
def test_every_exception_of_the_models_is_in_one(service: str) -> None:
    loaded = botocore.loaders.Loader().load_service_model(service, "service-2")
    model = ServiceModel(loaded, service)
    shapes = map(model.shape_for, model.shape_names)
    exceptions = {shape.name for shape in shapes if shape.metadata.get("exception")}
    told = {part for name in NAMES for part in name.split("_")}
    assert exceptions <= told

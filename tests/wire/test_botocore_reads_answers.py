"""botocore's own client and parser, with the service model that is installed, read every answer (wire.md#17).

The answer is put in where the socket would be (botocore's ``before-send`` event).
"""

from io import BytesIO
from typing import Any

import botocore.loaders
import botocore.model
import botocore.session
import pytest
from botocore.awsrequest import AWSResponse
from botocore.config import Config

from oidc_sim.engine.model import DEVICE_CODE_GRANT, JWT_BEARER_GRANT
from oidc_sim.wire import answers, errors
from oidc_sim.wire.answers import Answer, ErrorTypeForm, head
from oidc_sim.wire.errors import Problem
from oidc_sim.wire.operations import OIDC_OPERATIONS
from tests.wire import replies

MODEL = botocore.model.ServiceModel(
    botocore.loaders.Loader().load_service_model("sso-oidc", "service-2"), "sso-oidc"
)
BY_NAME = {problem.name: problem for problem in errors.MODELLED}
THROWN = [
    (operation.name, shape.name)
    for operation in OIDC_OPERATIONS
    for shape in MODEL.operation_model(operation.name).error_shapes
]
CALLS: dict[str, tuple[str, dict[str, str]]] = {
    "RegisterClient": ("register_client", {"clientName": "n", "clientType": "public"}),
    "StartDeviceAuthorization": (
        "start_device_authorization",
        {"clientId": "i", "clientSecret": "s", "startUrl": "http://x"},
    ),
    "CreateToken": (
        "create_token",
        {"clientId": "i", "clientSecret": "s", "grantType": DEVICE_CODE_GRANT, "deviceCode": "d"},
    ),
    "CreateTokenWithIAM": (
        "create_token_with_iam",
        {"clientId": "i", "grantType": JWT_BEARER_GRANT, "assertion": "a"},
    ),
}


@pytest.fixture(scope="module")
def client() -> Any:
    return botocore.session.Session().create_client(
        "sso-oidc",
        "us-east-1",
        aws_access_key_id="AKIAIOSFODNN7EXAMPLE",
        aws_secret_access_key="secret",
        config=Config(retries={"total_max_attempts": 1}),
    )


def call(
    client: Any, operation: str, answer: Answer, form: ErrorTypeForm = ErrorTypeForm.FULL
) -> Any:
    top = head(answer, request_id="an-id", date="", error_type=form)
    headers = dict(line.split(": ", 1) for line in top.decode().splitlines()[1:-1])

    def answer_instead(request: Any, **_: Any) -> AWSResponse:
        raw = BytesIO(answer.body)
        raw.stream = lambda **_: iter([answer.body])  # type: ignore[attr-defined]
        return AWSResponse(request.url, answer.status, headers, raw)

    method, arguments = CALLS[operation]
    client.meta.events.register_first("before-send", answer_instead)
    try:
        return getattr(client, method)(**arguments)
    finally:
        client.meta.events.unregister("before-send", answer_instead)


@pytest.mark.parametrize("form", ErrorTypeForm)
@pytest.mark.parametrize(("operation", "exception"), THROWN)
def test_a_client_raises_the_class_of_each_exception_of_an_operation(
    client: Any, operation: str, exception: str, form: ErrorTypeForm
) -> None:
    problem = BY_NAME[exception]
    with pytest.raises(getattr(client.exceptions, exception)) as raised:
        call(client, operation, problem.answer(), form)
    response = raised.value.response
    assert response["error"] == problem.error
    assert response["error_description"] == problem.text
    assert response["ResponseMetadata"]["HTTPStatusCode"] == problem.status
    assert response["ResponseMetadata"]["RequestId"] == "an-id"


@pytest.mark.parametrize("problem", errors.MODELLED, ids=lambda problem: problem.name)
def test_each_row_is_an_exception_of_the_model_with_its_members_and_status(
    problem: Problem,
) -> None:
    shape = MODEL.shape_for(problem.name)
    assert {"error", "error_description", *problem.nulls} <= set(shape.members)
    assert shape.metadata["error"]["httpStatusCode"] == problem.status


def test_no_exception_of_the_model_is_missing() -> None:
    modelled = {
        name for name in MODEL.shape_names if MODEL.shape_for(name).metadata.get("exception")
    }
    assert set(BY_NAME) == modelled


@pytest.mark.parametrize("operation", OIDC_OPERATIONS, ids=lambda operation: operation.name)
def test_operations_are_called_where_the_model_calls_them(operation: Any) -> None:
    http = MODEL.operation_model(operation.name).http
    path, _, query = http["requestUri"].partition("?")
    assert (operation.method, operation.path) == (http["method"], path)
    assert (operation.query or "") == query.partition("=")[0]


def test_a_registration_is_read_whole(client: Any) -> None:
    read = call(client, "RegisterClient", answers.registered(replies.registered()))
    assert read["clientId"] == "AAAAAAAAAAAAAAAAAAAAAHVzLWVhc3QtMQ"
    assert read["clientSecretExpiresAt"] - read["clientIdIssuedAt"] == 7776000


def test_a_device_authorization_is_read_whole(client: Any) -> None:
    answer = answers.authorized(replies.authorized(), "http://x/device")
    read = call(client, "StartDeviceAuthorization", answer)
    del read["ResponseMetadata"]
    assert read == {
        "deviceCode": "SIMULATED" + "x" * 77,
        "expiresIn": 600,
        "interval": 1,
        "userCode": "BCDF-GHJK",
        "verificationUri": "http://x/device",
        "verificationUriComplete": "http://x/device?user_code=BCDF-GHJK",
    }


@pytest.mark.parametrize("refresh_token", ["aorSIMULATED", None])
def test_a_token_is_read_with_its_refresh_token_or_without_one(
    client: Any, refresh_token: str | None
) -> None:
    read = call(client, "CreateToken", answers.tokens(replies.tokens(refresh_token)))
    assert read["accessToken"] == "aoaSIMULATED"
    assert read["tokenType"] == "Bearer"
    assert read["expiresIn"] == 3600
    assert read.get("refreshToken") == refresh_token

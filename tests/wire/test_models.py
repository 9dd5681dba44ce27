"""The installed models of botocore, row by row: operation, error, member (wire.md#77, wire.md#84).

A new botocore that knows more than we do makes a row red. What we leave out on purpose stands in
``LEFT_OUT``, with the reason.
"""

import json
from dataclasses import replace
from typing import Any

import botocore.loaders
import pytest
from botocore.model import OperationModel, ServiceModel, Shape

from oidc_sim.engine.directory import SEEDED
from oidc_sim.engine.model import JWT_BEARER_GRANT
from oidc_sim.engine.replies import ApplicationTokens
from oidc_sim.wire import answers, errors, portal
from oidc_sim.wire.answers import Answer
from oidc_sim.wire.iam import CreateTokenWithIAMBody, application_tokens
from oidc_sim.wire.operations import OIDC_OPERATIONS, PORTAL_OPERATIONS, Operation
from oidc_sim.wire.requests import (
    CreateTokenBody,
    RegisterClientBody,
    RequestBody,
    StartDeviceAuthorizationBody,
)
from tests.wire import replies

LEFT_OUT = {
    ("AccessDeniedException", "reason"): "in the model since 2025-09, in no capture (wire.md#92)",
}
LOADER = botocore.loaders.Loader()


def model(name: str) -> ServiceModel:
    return ServiceModel(LOADER.load_service_model(name, "service-2"), name)


OIDC, PORTAL = model("sso-oidc"), model("sso")
BODIES: dict[str, type[RequestBody]] = {
    "RegisterClient": RegisterClientBody,
    "StartDeviceAuthorization": StartDeviceAuthorizationBody,
    "CreateToken": CreateTokenBody,
    "CreateTokenWithIAM": CreateTokenWithIAMBody,
}
APPLICATION_TOKENS = ApplicationTokens(
    tokens=replace(replies.tokens(), client_id=SEEDED.applications[0]),
    grant_type=JWT_BEARER_GRANT,
    user=SEEDED.users[0],
    scopes=("openid",),
    issued_at=0,
)
PORTAL_PARAMETERS = {"account_id", "role_name", "max_result", "next_token", portal.TOKEN_HEADER}
"""What the portal's code reads; its own tests send each."""


ANSWERS = {
    "RegisterClient": answers.registered(replies.registered()).body,
    "StartDeviceAuthorization": answers.authorized(replies.authorized(), "http://x").body,
    "CreateToken": answers.tokens(replies.tokens()).body,
    "CreateTokenWithIAM": application_tokens(APPLICATION_TOKENS, "us-east-1", b"k").body,
    "ListAccounts": portal.account_list(SEEDED.accounts, "t"),
    "ListAccountRoles": portal.role_list("1", ("r",), "t"),
    "GetRoleCredentials": portal.role_credentials(replies.role_taken()).body,
    "Logout": b"{}",
}


EVERY = [
    (operation, service.operation_model(operation.name))
    for service, served in ((OIDC, OIDC_OPERATIONS), (PORTAL, PORTAL_OPERATIONS))
    for operation in served
]
OF_OIDC = {operation.name for operation in OIDC_OPERATIONS}
REFUSALS: dict[tuple[bool, str], Answer] = {
    **{(True, problem.name): problem.answer() for problem in errors.MODELLED},
    **{(False, problem.name): problem.answer() for problem in portal.MODELLED},
}
"""By service, whether it is sso-oidc, and exception: one goes by the same name in both."""
each_operation = pytest.mark.parametrize(
    ("operation", "known"), EVERY, ids=[operation.name for operation, _ in EVERY]
)


def members(shape: Shape | None) -> set[str]:
    """All members of a shape, those of its parts too, by their names on the wire."""
    if shape is None:
        return set()
    if shape.type_name == "list":
        return members(shape.member)
    if shape.type_name != "structure":
        return set()
    names = {it.serialization.get("name", name) for name, it in shape.members.items()}
    return names.union(*(members(it) for it in shape.members.values()))


def written(value: Any) -> set[str]:
    """All names in a JSON document."""
    if isinstance(value, dict):
        return set(value).union(*(written(it) for it in value.values()))
    if isinstance(value, list):
        return set[str]().union(*(written(it) for it in value))
    return set()


def members_of_bodies() -> list[tuple[str, str]]:
    return [
        (operation.name, member)
        for operation, known in EVERY
        if operation.name in OF_OIDC
        for member in sorted(members(known.input_shape))
    ]


def members_of_errors() -> list[tuple[str, str, str]]:
    return [
        (operation.name, shape.name, member)
        for operation, known in EVERY
        for shape in known.error_shapes
        for member in sorted(members(shape))
    ]


@pytest.mark.parametrize(
    ("service", "served"), [(OIDC, OIDC_OPERATIONS), (PORTAL, PORTAL_OPERATIONS)]
)
def test_every_operation_is_served(service: ServiceModel, served: tuple[Operation, ...]) -> None:
    assert {operation.name for operation in served} == set(service.operation_names)


@each_operation
def test_an_operation_is_served_where_the_model_calls_it(
    operation: Operation, known: OperationModel
) -> None:
    path, _, query = known.http["requestUri"].partition("?")
    assert (operation.method, operation.path) == (known.http["method"], path)
    assert (operation.query or "") == query.partition("=")[0]


@pytest.mark.parametrize(("name", "member"), members_of_bodies())
def test_every_member_of_a_body_is_read(name: str, member: str) -> None:
    aliases = {field.alias for field in BODIES[name].model_fields.values()}
    assert member in aliases


@each_operation
def test_every_parameter_of_the_portal_is_read(operation: Operation, known: OperationModel) -> None:
    if operation in PORTAL_OPERATIONS:
        assert members(known.input_shape) <= PORTAL_PARAMETERS


@each_operation
def test_every_member_of_an_answer_is_written(operation: Operation, known: OperationModel) -> None:
    assert members(known.output_shape) <= written(json.loads(ANSWERS[operation.name]))


@each_operation
def test_every_error_of_an_operation_has_its_status(
    operation: Operation, known: OperationModel
) -> None:
    for shape in known.error_shapes:
        refusal = REFUSALS[operation.name in OF_OIDC, shape.name]
        assert refusal.status == shape.metadata["error"]["httpStatusCode"], shape.name


@pytest.mark.parametrize(("operation", "exception", "member"), members_of_errors())
def test_every_member_of_every_error_of_every_operation_is_written(
    operation: str, exception: str, member: str
) -> None:
    if (exception, member) not in LEFT_OUT:
        assert member in written(json.loads(REFUSALS[operation in OF_OIDC, exception].body))


@pytest.mark.parametrize(("service", "table"), [(OIDC, errors.MODELLED), (PORTAL, portal.MODELLED)])
def test_every_exception_of_a_model_has_a_row(
    service: ServiceModel, table: tuple[Any, ...]
) -> None:
    shapes = map(service.shape_for, service.shape_names)
    modelled = {shape.name for shape in shapes if shape.metadata.get("exception")}
    assert {problem.name for problem in table} == modelled


def test_nothing_is_left_out_that_the_model_does_not_have() -> None:
    for exception, member in LEFT_OUT:
        assert member in members(OIDC.shape_for(exception))

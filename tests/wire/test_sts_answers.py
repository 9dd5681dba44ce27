import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oidc_sim.engine.model import RoleSession
from oidc_sim.wire import sts
from oidc_sim.wire.sts import StsProblem

ROLE = RoleSession(
    session_id="BCDF-GHJK",
    account_id="111122223333",
    role_name="AdministratorAccess",
    user_name="sim-user",
    expires_at=1767552707,
)
NAMESPACE = "{https://sts.amazonaws.com/doc/2011-06-15/}"


def test_a_caller_is_told_who_it_is() -> None:
    answer = sts.caller_identity(ROLE, "an-id")
    root = ET.fromstring(answer.body)
    assert root.tag == NAMESPACE + "GetCallerIdentityResponse"
    result = {it.tag.removeprefix(NAMESPACE): it.text for it in root[0]}
    assert list(result) == ["Arn", "UserId", "Account"]
    assert re.fullmatch(
        "arn:aws:sts::111122223333:assumed-role/"
        "AWSReservedSSO_AdministratorAccess_[0-9a-f]{16}/sim-user",
        result["Arn"] or "",
    )
    assert re.fullmatch("AROA[A-Z2-7]{17}:sim-user", result["UserId"] or "")
    assert result["Account"] == "111122223333"
    assert root.findtext(f"{NAMESPACE}ResponseMetadata/{NAMESPACE}RequestId") == "an-id"
    assert (answer.status, answer.content_type) == (200, "text/xml")
    assert answer.outcome == "AdministratorAccess 111122223333"
    assert answer.user_code == "BCDF-GHJK"


@pytest.mark.parametrize("problem", sts.ALL, ids=lambda problem: problem.code)
def test_an_error_is_awss_xml(problem: StsProblem) -> None:
    answer = problem.answer("an-id")
    root = ET.fromstring(answer.body)
    assert root.tag == NAMESPACE + "ErrorResponse"
    assert root.findtext(f"{NAMESPACE}Error/{NAMESPACE}Type") == "Sender"
    assert root.findtext(f"{NAMESPACE}Error/{NAMESPACE}Code") == problem.code
    assert root.findtext(f"{NAMESPACE}Error/{NAMESPACE}Message") == problem.message
    assert root.findtext(f"{NAMESPACE}RequestId") == "an-id"
    assert answer.content_type == "text/xml"
    assert answer.outcome == problem.code


def test_who_asks_for_more_is_told_what_this_server_is() -> None:
    assert "oidc-sim" in sts.INVALID_ACTION.message
    assert "oidc-sim" in sts.FOREIGN_KEY.message


@pytest.mark.parametrize(
    ("query", "body", "expected"),
    [
        ("", b"Action=GetCallerIdentity&Version=2011-06-15", True),
        ("Action=GetCallerIdentity&Version=2011-06-15", b"", True),
        ("Action=GetCallerIdentity", b"", True),
        ("", b"Action=GetCallerIdentity&Version=2010-05-08", False),
        ("", b"Action=AssumeRole&Version=2011-06-15", False),
        ("", b"Action=getcalleridentity", False),
        ("Action=GetCallerIdentity", b"Action=AssumeRole", False),
        ("", b"", False),
        ("", b'{"Action":"GetCallerIdentity"}', False),
        ("", b"&".join(b"a%d=1" % n for n in range(200)), False),
    ],
)
def test_only_one_action_is_known(query: str, body: bytes, *, expected: bool) -> None:
    assert sts.asks_for_caller_identity(query, body) == expected


@given(st.text(st.characters(exclude_categories=["Cs"])), st.binary())
def test_no_bytes_make_the_reader_raise(query: str, body: bytes) -> None:
    assert sts.asks_for_caller_identity(query, body) in {True, False}


def test_a_role_is_the_same_in_its_account_and_another_elsewhere() -> None:
    other = replace(ROLE, account_id="444455556666")
    assert sts.role_id(ROLE) == sts.role_id(replace(ROLE, user_name="x", expires_at=0))
    assert sts.role_id(ROLE) != sts.role_id(other)
    assert sts.reserved_role_name(ROLE) != sts.reserved_role_name(other)

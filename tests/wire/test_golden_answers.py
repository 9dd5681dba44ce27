"""Each answer that wire.md marks as a capture, to the last byte, head and body.

The golden files are typed from the published captures that wire.md lists, not made by the encoder.
Secrets were never published whole, so placeholders of the right length stand for them; the head of
T6, T7, T9, T10, T11, T12 and T16 is that of T1 with another date, since only bodies were published.

The length 311 of T1 and T3 is that of the *old* verification URI,
``https://device.sso.<region>.amazonaws.com/`` with a region name of nine characters, and
``?user_code=`` after its slash. A start URL gives it too if ``<startUrl>/#/device`` has 43 characters.
"""

from pathlib import Path

import pytest

from oidc_sim.engine.replies import Reason, Refused
from oidc_sim.wire import answers, errors
from oidc_sim.wire.answers import Answer, head
from oidc_sim.wire.verification import VerificationUri, verification_uri
from tests.wire import replies

GOLDEN = Path(__file__).parents[1] / "golden" / "wire"
A_REQUEST_ID = "00000000-0000-4000-8000-000000000000"
A_DATE = "Sun, 04 Jan 2026 18:51:47 GMT"
T6_START_URL = "https://my-sso-portal.awsapps.com/start"
T6_URI = verification_uri(T6_START_URL, "http://127.0.0.1:8990", VerificationUri.START_URL)

CAPTURED: list[tuple[str, Answer, str, str]] = [
    (
        "t1_device_authorization_us_west_2",
        answers.authorized(replies.authorized(), "https://device.sso.us-west-2.amazonaws.com/"),
        "Tue, 23 Feb 2021 05:15:08 GMT",
        A_REQUEST_ID,
    ),
    (
        "t3_device_authorization_eu_west_1",
        answers.authorized(replies.authorized(), "https://device.sso.eu-west-1.amazonaws.com/"),
        "Sun, 14 May 2023 14:16:41 GMT",
        A_REQUEST_ID,
    ),
    (
        "t6_device_authorization_us_east_1",
        answers.authorized(replies.authorized("GPNW-SHFH"), T6_URI),
        A_DATE,
        A_REQUEST_ID,
    ),
    ("t6_register_client", answers.registered(replies.registered()), A_DATE, A_REQUEST_ID),
    ("t7_create_token_with_refresh", answers.tokens(replies.tokens()), A_DATE, A_REQUEST_ID),
    (
        "t7_create_token_without_refresh",
        answers.tokens(replies.tokens(refresh_token=None, lifetime_s=28800)),
        A_DATE,
        A_REQUEST_ID,
    ),
    (
        "t1_authorization_pending",
        errors.refused(Refused(Reason.AUTHORIZATION_PENDING)),
        "Tue, 23 Feb 2021 05:15:09 GMT",
        "52c5e465-fb2e-4c60-bf89-8a768a24a043",
    ),
    (
        "t5_refused_refresh",
        errors.INVALID_REFRESH_TOKEN.answer(),
        "Wed, 06 Mar 2024 09:54:27 GMT",
        "8506bebb-9eca-4771-9336-953ba378efb1",
    ),
    (
        "t9_unknown_device_code",
        errors.refused(Refused(Reason.INVALID_GRANT)),
        A_DATE,
        A_REQUEST_ID,
    ),
    ("t10_wrong_client", errors.refused(Refused(Reason.INVALID_CLIENT)), A_DATE, A_REQUEST_ID),
    (
        "t11_unauthorized_client",
        errors.refused(Refused(Reason.UNAUTHORIZED_CLIENT)),
        A_DATE,
        A_REQUEST_ID,
    ),
    ("t12_access_denied", errors.refused(Refused(Reason.ACCESS_DENIED)), A_DATE, A_REQUEST_ID),
    ("t12_generic_grant", errors.INVALID_CODE.answer(), A_DATE, A_REQUEST_ID),
    ("t16_token_of_another_client", errors.INVALID_REQUEST.answer(), A_DATE, A_REQUEST_ID),
    ("fact_44_start_url", errors.refused(Refused(Reason.INVALID_REQUEST)), A_DATE, A_REQUEST_ID),
]


@pytest.mark.parametrize(
    ("name", "answer", "date", "request_id"), CAPTURED, ids=[case[0] for case in CAPTURED]
)
def test_the_answer_is_the_captured_one_to_the_last_byte(
    name: str, answer: Answer, date: str, request_id: str
) -> None:
    captured = (GOLDEN / f"{name}.http").read_bytes()
    assert head(answer, request_id=request_id, date=date) + answer.body == captured


def test_every_golden_file_is_compared() -> None:
    assert {path.stem for path in GOLDEN.glob("*.http")} == {case[0] for case in CAPTURED}


@pytest.mark.parametrize(
    ("name", "length"),
    [
        ("t1_device_authorization_us_west_2", 311),
        ("t3_device_authorization_eu_west_1", 311),
        ("t1_authorization_pending", 86),
        ("t5_refused_refresh", 78),
    ],
)
def test_the_encoder_gives_the_length_that_the_trace_shows(name: str, length: int) -> None:
    answer = next(case[1] for case in CAPTURED if case[0] == name)
    assert len(answer.body) == length

"""The one line on standard error says what is wrong, and no secret."""

import random

import pytest

from oidc_sim.cli.outcome import complain
from tests.text.redact.real_looking import SHAPED, middle


@pytest.mark.parametrize("kind", SHAPED)
def test_a_secret_that_was_typed_in_the_wrong_place_is_cut(
    kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = SHAPED[kind](random.Random(1))
    complain(f"drop {secret}: say drop N", "oidc-sim ctl")
    said = capsys.readouterr().err
    assert middle(secret) not in said
    assert said.startswith("oidc-sim ctl: drop ")
    assert said.count("\n") == 1

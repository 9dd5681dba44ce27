"""Operations, as a person writes them."""

import pytest

from oidc_sim.wire.operations import OPERATION_NAMES, operation_called


@pytest.mark.parametrize("name", OPERATION_NAMES)
def test_a_name_is_known_in_any_case(name: str) -> None:
    assert operation_called(name.upper()) == operation_called(name.lower()) == name


def test_what_is_none_is_answered_with_all() -> None:
    with pytest.raises(ValueError, match="there is no operation Crate; there are RegisterClient"):
        operation_called("Crate")

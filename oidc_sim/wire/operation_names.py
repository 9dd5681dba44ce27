"""The operations that a rule can name, and how a person may write them."""

from oidc_sim.wire.authorize import AUTHORIZE
from oidc_sim.wire.operations import GET_CALLER_IDENTITY, OIDC_OPERATIONS, PORTAL_OPERATIONS

OPERATION_NAMES = (
    *(it.name for it in (*OIDC_OPERATIONS, AUTHORIZE, *PORTAL_OPERATIONS)),
    GET_CALLER_IDENTITY,
)
_SHOWN = 20
"""Characters of what was typed that are said back."""


def operation_called(text: str) -> str:
    """The operation's name as AWS writes it, of a text in any case.

    Raises:
        ValueError: There is no such operation; the text says which there are.
    """
    for name in OPERATION_NAMES:
        if name.lower() == text.lower():
            return name
    raise ValueError(
        f"there is no operation {text[:_SHOWN]}; there are {', '.join(OPERATION_NAMES)}"
    )

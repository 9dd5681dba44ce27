"""What both ways to sign in begin with, and how they fail."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from oidc_sim.demo.asking import Answer, Asking
from oidc_sim.demo.performance import Performance

START_URL = "https://d-1234567890.awsapps.com/start"
SCOPE = "sso:account:access"
Sleep = Callable[[float], Awaitable[object]]
"""Waits so many seconds."""


class FailedError(Exception):
    """The server's answer leaves a client nothing to do; the text is for a person."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a client performs."""

    performance: Performance
    asking: Asking
    sleep: Sleep

    async def register(self, **members: Any) -> dict[str, Any]:
        """Register (wire.md#1); gives the id and the secret as every later request has them.

        Raises:
            FailedError: The server did not let it.
            NoAnswerError: There was no answer.
        """
        about = {"clientName": self.performance.client, "clientType": "public", "scopes": [SCOPE]}
        given = granted(await self.asking.post("/client/register", {**about, **members}))
        return {name: given.get(name) for name in ("clientId", "clientSecret")}


def granted(answer: Answer) -> Mapping[str, Any]:
    """The members of a good answer.

    Raises:
        FailedError: It was none.
    """
    if answer.status != 200:  # noqa: PLR2004 - HTTP's own number
        raise FailedError(error_of(answer))
    return answer.members


def error_of(answer: Answer) -> str:
    """The error in a word, else the status."""
    error = answer.members.get("error")
    return error if isinstance(error, str) else f"HTTP {answer.status}"

"""What the gate asks of whoever knows the faults: an answer that is spoilt, and its record."""

from collections.abc import Awaitable, Callable, Mapping
from functools import cached_property
from typing import NamedTuple, Protocol

from aiohttp.web import BaseRequest, StreamResponse

from oidc_sim.engine.arrival import Arrival, Setting

Truth = Callable[[], Awaitable[StreamResponse]]
"""Has the service answer truly: what that commits stays. A fault that acts instead never calls it."""


class Told(NamedTuple):
    """What a fault answers a request with."""

    response: StreamResponse
    """Sends itself when aiohttp prepares it, however slowly or badly the fault wants that."""
    status: int
    """For the record; 0 where no answer goes out."""
    outcome: str
    head: bytes = b""
    body: bytes = b""
    """What goes out, for the record."""


class FaultTeller(Protocol):
    """Knows the catalogue of faults."""

    async def tell(
        self,
        fault: str,
        settings: Mapping[str, Setting],
        request: BaseRequest,
        arrival: Arrival,
        truth: Truth,
        rule_id: int | None = None,
    ) -> Told:
        """Answer one request with a fault.

        Args:
            fault: Name in the catalogue.
            settings: Values of its parameters.
            request: As aiohttp gave it; its body has been read.
            arrival: What is known of it.
            truth: Called by faults that act before or after the true answer.
            rule_id: The rule that caught or held the request; None where that is gone.

        Raises:
            ConnectionError: No answer goes out at all, and the connection has been ended.
        """


class LateTeller:
    """Loads who knows the catalogue when it is first asked: starting does without it."""

    def __init__(self, load: Callable[[], FaultTeller]) -> None:
        self._load = load

    @cached_property
    def real(self) -> FaultTeller:
        """The one that knows."""
        return self._load()

    async def tell(
        self,
        fault: str,
        settings: Mapping[str, Setting],
        request: BaseRequest,
        arrival: Arrival,
        truth: Truth,
        rule_id: int | None = None,
    ) -> Told:
        """As the one that knows does."""
        return await self.real.tell(fault, settings, request, arrival, truth, rule_id)

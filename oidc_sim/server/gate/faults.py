"""Answers requests with faults of the catalogue: asks for the truth where there is one, plans, delivers.

The catalogue is loaded with the first fault, not at the start.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import NamedTuple

from aiohttp.web import BaseRequest, StreamResponse

from oidc_sim.engine.arrival import Arrival, Setting
from oidc_sim.engine.commands import Approve, GiveBackRule
from oidc_sim.engine.model import Actor
from oidc_sim.faults.row import Away, Fault, Memory, When
from oidc_sim.faults.steps import Case, End, Maker, Pause, Plan, Send, whole
from oidc_sim.server.aws.scribe import Scribe
from oidc_sim.server.http.absence import Leave
from oidc_sim.server.http.body import read_body
from oidc_sim.server.http.responses import Delivery, RawResponse, Sleep
from oidc_sim.simulator.simulator import Simulator
from oidc_sim.wire.answers import http_date
from oidc_sim.wire.http import Response, json_members

Truth = Callable[[], Awaitable[StreamResponse]]
"""Lets the service answer truly, with lasting effect. A fault that acts instead never calls it."""


class Delivered(NamedTuple):
    """A fault's answer to a request."""

    response: StreamResponse
    """Sends itself when aiohttp prepares it, however slowly or badly the fault wants that."""
    status: int
    """For the record; 0 where no answer goes out."""
    outcome: str
    head: bytes = b""
    body: bytes = b""
    """The bytes that go out, for the record."""


class FaultInjector:
    """Answers by the catalogue, and keeps the memories of its faults for each rule."""

    def __init__(
        self,
        simulator: Simulator,
        scribe: Scribe,
        url: str,
        leave: Callable[[Leave], object],
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._simulator = simulator
        self._scribe = scribe
        self._url = url
        self.sleep = sleep
        """Waits for real seconds, where a fault pauses."""
        self._leave = leave
        self._makers: dict[tuple[int, str], Maker] = {}
        """Of faults that remember, by rule."""

    async def inject(
        self,
        fault: str,
        settings: Mapping[str, Setting],
        request: BaseRequest,
        arrival: Arrival,
        truth: Truth,
        rule_id: int | None = None,
    ) -> Delivered:
        """Answer one request with a fault.

        Args:
            fault: Name in the catalogue.
            settings: Values of its parameters.
            request: As aiohttp gave it; its body has been read.
            arrival: The facts of it.
            truth: Called by faults that act before or after the true answer.
            rule_id: The rule that caught or held the request; None where that is gone.

        Raises:
            ConnectionError: No answer goes out at all, and the connection has been ended.
        """
        from oidc_sim.faults.catalogue import BY_NAME  # seldom asked for
        from oidc_sim.faults.settings import settings_of

        row = BY_NAME.get(fault)
        chosen = settings_of(row, settings) if row else None
        if row is None or not isinstance(chosen, dict):  # whoever made the rule asked nobody
            return _true(await truth(), f"fault {fault} is unknown")
        case, make = self._case_of(chosen, arrival, rule_id), self._maker_of(row, rule_id)
        if row.away is not None:
            self._leave(_leave(row.away, case, rule_id))
        if row.when is When.INSTEAD:
            return self._deliver(fault, make(case))
        if row.when is When.BEFORE:
            body = await read_body(request)
            return await self._before(fault, make(replace(case, request_body=body)), truth)
        return await self._after(row, make, case, truth, rule_id)

    def _case_of(
        self, settings: Mapping[str, Setting], arrival: Arrival, rule_id: int | None
    ) -> Case:
        now = self._simulator.now()
        rule = self._simulator.state.rules.get(rule_id or 0)
        return Case(
            settings=settings,
            operation=arrival.operation,
            client_id=arrival.client_id or "",
            request_id=self._scribe.request_id(),
            date=http_date(now.at),
            at=now.at,
            tick=now.tick,
            error_type=self._scribe.error_type,
            url=self._url,
            turn=rule.done - 1 if rule else 0,
        )

    def _maker_of(self, row: Fault, rule_id: int | None) -> Maker:
        """The rule's own, where the fault remembers; those of rules that are no more go."""
        rules = self._simulator.state.rules
        for gone in [key for key in self._makers if key[0] not in rules]:
            del self._makers[gone]
        if rule_id is None or not isinstance(row.make, type):
            return row.maker()
        return self._makers.setdefault((rule_id, row.name), row.maker())

    async def _before(self, fault: str, plan: Plan, truth: Truth) -> Delivered:
        """Answer by the plan where it ends; else pause as it says, then answer truly."""
        if plan and isinstance(plan[-1], End):
            return self._deliver(fault, plan)
        for step in plan:
            if isinstance(step, Pause):
                await self.sleep(step.seconds)
        return _true(await truth(), fault)

    async def _after(
        self, row: Fault, make: Maker, case: Case, truth: Truth, rule_id: int | None
    ) -> Delivered:
        """Spoil the true answer; a page that streams itself is left as it is."""
        response = await truth()
        if row.is_done_twice:
            response = await truth()
        if not isinstance(response, RawResponse):
            return self._give_back(response, row.name, "not for a page", rule_id)
        true = Response.parse(response.whole)
        has_acted = row.is_done_twice or (row.approves and self._approve(true))
        plan = make(replace(case, truth=true))
        is_same = plan == whole(true) and not isinstance(make, Memory)
        if not has_acted and (not plan or is_same):
            return self._give_back(response, row.name, "nothing to change", rule_id)
        return self._deliver(row.name, plan)

    def _approve(self, true: Response) -> bool:
        """Approve the device that an answer names; False if it names none."""
        code = json_members(true.body).get("userCode")
        if not isinstance(code, str):
            return False
        self._simulator.dispatch(Approve(code, Actor.SCRIPT))
        return True

    def _give_back(
        self, response: StreamResponse, fault: str, why: str, rule_id: int | None
    ) -> Delivered:
        """Answer truly; the rule waits for a request that it can change."""
        rule = self._simulator.state.rules.get(rule_id or 0)
        # a fault that was chosen by hand has come by a hold's rule
        if rule is not None and rule.fault == fault:
            self._simulator.dispatch(GiveBackRule(rule.rule_id))
        return _true(response, f"{fault}: {why}")

    def _deliver(self, fault: str, plan: Plan) -> Delivered:
        sent = b"".join(step.data for step in plan if isinstance(step, Send))
        head, _, body = sent.partition(b"\r\n\r\n")
        status = Response.parse(sent).status
        response = Delivery(plan, status or 200, self.sleep)
        return Delivered(response, status, fault, head + b"\r\n\r\n" if sent else b"", body)


def _leave(how: Away, case: Case, rule_id: int | None) -> Leave:
    return Leave(
        how=how,
        seconds=case.number("seconds"),
        rule_id=rule_id,
        forgets=bool(case.settings.get("forgets")),
        backlog=int(case.number("backlog")) if "backlog" in case.settings else 0,
    )


def _true(response: StreamResponse, outcome: str) -> Delivered:
    if isinstance(response, RawResponse):
        return Delivered(response, response.status, outcome, response.head, response.content)
    return Delivered(response, response.status, outcome)

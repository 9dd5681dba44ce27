"""Collects the facts of a whole request for the rules that are active."""

import re
from collections.abc import Mapping
from dataclasses import replace

from aiohttp import hdrs
from aiohttp.web import BaseRequest
from multidict import istr

from oidc_sim.engine.arrival import PAGE_DECISION, REDIRECT, Arrival
from oidc_sim.engine.model import Device, Now, State
from oidc_sim.record.exchange import Exchange
from oidc_sim.wire.http import path_of
from oidc_sim.wire.operations import AUTHORIZE, request_facts
from oidc_sim.wire.portal import TOKEN_HEADER

_SDK_REQUEST, _SDK_INVOCATION = istr("amz-sdk-request"), istr("amz-sdk-invocation-id")
"""Headers with an SDK's count of its tries, ``attempt=2; max=3``, and the id that all tries of a call have."""
_ATTEMPT = re.compile(r"\battempt=(\d{1,3})\b")
FIRST = "attempt=1; max="
"""The beginning of nearly all such counts."""


def is_again(headers: Mapping[str, str]) -> bool:
    """Say whether an SDK's headers say that this is not its first try."""
    sent = headers.get(_SDK_REQUEST)
    return sent is not None and not sent.startswith(FIRST) and _attempt(sent) > 1


def is_retry(headers: Mapping[str, str], before: Exchange | None) -> bool:
    """Say whether an SDK sends a request again, so that it is none of its own.

    ``before`` is the exchange before it about the same device code, where that is known. A first try of
    something else there does not speak against a retry: the first try of this was lost.
    """
    if not is_again(headers):
        return False
    earlier = {name.lower(): value for name, value in before.request_headers} if before else {}
    if earlier.get(_SDK_INVOCATION.encode()) == headers.get(_SDK_INVOCATION, "").encode(
        "utf-8", "surrogateescape"
    ):
        return True
    return _attempt(earlier.get(_SDK_REQUEST.encode(), b"").decode("latin-1")) <= 1


def _attempt(sent: str) -> int:
    found = _ATTEMPT.search(sent)
    return int(found[1]) if found else 1


def arrival_of(
    request: BaseRequest, operation: str | None, body: bytes, state: State, now: Now
) -> Arrival:
    """Collect the facts that a request says, and those about the client and device that it names."""
    return request_facts(
        operation,
        request.raw_path,
        body,
        state,
        now.at,
        agent=request.headers.get(hdrs.USER_AGENT, ""),
        token=request.headers.get(TOKEN_HEADER, ""),
        address=request.remote or "",
    )


def way_back_of(
    request: BaseRequest, user_code: str | None, client_id: str | None, state: State, now: Now
) -> Arrival:
    """Collect the facts of a request whose browser is about to be sent back to its client."""
    client = state.clients.get(client_id or "")
    known = Arrival(
        operation=AUTHORIZE.name,
        endpoint=path_of(request.raw_path),
        client_id=client_id,
        client_name=client.name if client else None,
        user_agent=request.headers.get(hdrs.USER_AGENT, ""),
        address=request.remote or "",
        stage=REDIRECT,
    )
    device = state.devices.get(user_code or "")
    return _with_device(known, device, now) if device else known


def decision_of(request: BaseRequest, device: Device, now: Now) -> Arrival:
    """Collect the facts of a request by which a person has decided on the page of a code."""
    known = Arrival(
        operation=None,
        endpoint=path_of(request.raw_path),
        user_agent=request.headers.get(hdrs.USER_AGENT, ""),
        address=request.remote or "",
        stage=PAGE_DECISION,
    )
    return _with_device(known, device, now)


def _with_device(known: Arrival, device: Device, now: Now) -> Arrival:
    return replace(
        known,
        user_code=device.user_code,
        client_id=device.client_id,
        client_name=device.client_name,
        scopes=device.scopes,
        state=device.state(now.at).value,
    )

"""The device authorization grant (RFC 8628): a code is issued, polled for, and exchanged once.

Approval without anybody's hand: for demonstrations and scripts that run with no operator.

It is a decision like any other, so it is in the log, on the timeline, and can be undone.
Whoever undoes or denies has taken the device in hand, and from then on it is left to them.
"""

from oidc_sim.engine.arrival import Detour
from oidc_sim.engine.commands import AnswerPoll, AuthorizeDevice, Poll, SetAutoApprove
from oidc_sim.engine.events import (
    AutoApproveSet,
    DecisionMade,
    DeviceAuthorized,
    DeviceForgotten,
    Event,
    Polled,
    PollOutcome,
)
from oidc_sim.engine.model import (
    DEVICE_CODE_GRANT,
    Actor,
    Client,
    Decision,
    Device,
    DeviceState,
    ExpiredAs,
    Ids,
    Now,
    Policy,
    State,
    digest,
)
from oidc_sim.engine.pace import Timing
from oidc_sim.engine.registration import authenticate
from oidc_sim.engine.replies import Authorized, Done, Reason, Refused, Tokens
from oidc_sim.engine.tokens import begin_session
from oidc_sim.engine.waiting_events import PollAnswered

AFTER_S = 1.0
"""Age at which a device code is approved by itself, so that its client has shown it."""


def set_auto_approve(
    state: State, command: SetAutoApprove, now: Now, _ids: Ids
) -> tuple[list[Event], Done]:
    """Switch automatic approval on or off; sign-ins that wait already are approved too."""
    if command.is_on == state.auto_approves:
        return [], Done()
    return [AutoApproveSet(at=now.at, is_on=command.is_on)], Done()


def due_approval(state: State, device: Device, now: Now) -> DecisionMade | None:
    """The approval that is due to this device by now, if one is.

    A browser that waits shows nothing that somebody has to read first, so its is due at once; that of
    one that left is due when it comes back, or it would be for nobody.
    """
    if not state.auto_approves or device.is_in_hand or device.browser_left_at is not None:
        return None
    due_at = device.issued_at if device.browser else device.issued_at + AFTER_S
    if now.at < due_at or device.state(now.at) is not DeviceState.PENDING:
        return None
    return DecisionMade(
        at=now.at, user_code=device.user_code, decision=Decision.APPROVE, by=Actor.AUTO
    )


_REASONS = {
    PollOutcome.PENDING: Reason.AUTHORIZATION_PENDING,
    PollOutcome.SLOW_DOWN: Reason.SLOW_DOWN,
    PollOutcome.THROTTLED: Reason.SLOW_DOWN,
    PollOutcome.DENIED: Reason.ACCESS_DENIED,
    PollOutcome.EXPIRED: Reason.EXPIRED_TOKEN,
    PollOutcome.EXPIRED_EARLY: Reason.INVALID_GRANT,
    PollOutcome.SPENT: Reason.INVALID_GRANT,
}
_EXPIRED = {
    ExpiredAs.EXPIRED_TOKEN: PollOutcome.EXPIRED,
    ExpiredAs.INVALID_GRANT: PollOutcome.EXPIRED_EARLY,
}
_SETTLED = {
    DeviceState.COLLECTED: PollOutcome.SPENT,
    DeviceState.DENIED: PollOutcome.DENIED,
    DeviceState.APPROVED: PollOutcome.TOKEN,
}


def authorize_device(
    state: State, command: AuthorizeDevice, now: Now, ids: Ids
) -> tuple[list[Event], Authorized | Refused]:
    """Issue a device code and a user code. An expired registration still may (wire.md#45)."""
    client = authenticate(state, command.client_id, command.client_secret)
    if client is None:
        return [], Refused(Reason.INVALID_CLIENT)
    if not client.may_use(DEVICE_CODE_GRANT):
        return [], Refused(Reason.UNAUTHORIZED_CLIENT, client_id=client.client_id)
    if not command.names_valid_issuer:
        return [], Refused(Reason.INVALID_REQUEST, client_id=client.client_id)
    code = ids.device_code()
    authorized = DeviceAuthorized(
        at=now.at,
        user_code=free_user_code(state, ids),
        code_digest=digest(code),
        client_id=client.client_id,
        client_name=client.name,
        scopes=client.scopes,
        expires_at=now.at + state.policy.lifetime_s,
        interval_s=state.policy.interval_s,
    )
    reply = Authorized(
        device=authorized.device(), device_code=code, lifetime_s=state.policy.lifetime_s
    )
    return [*make_room(state, now), authorized], reply


def poll(state: State, command: Poll, now: Now, ids: Ids) -> tuple[list[Event], Tokens | Refused]:
    """Answer a poll. The device code is looked at before the client is (wire.md#38)."""
    device = find_by_device_code(state, command.device_code, now)
    if device is None:
        return [], Refused(Reason.INVALID_GRANT)
    client = authenticate(state, command.client_id, command.client_secret)
    if client is None or client.is_expired(now.at):
        return [], Refused(Reason.INVALID_CLIENT, user_code=device.user_code)
    if client.client_id != device.client_id:
        return [], Refused(Reason.INVALID_GRANT, device.user_code, client.client_id)
    return answer_poll(state, device, client, now, ids, command.detour)


def note_answered(
    state: State, command: AnswerPoll, now: Now, _ids: Ids
) -> tuple[list[Event], Done]:
    """Note a poll that others answered; one by another client than the code's is no poll of it."""
    device = state.devices.get(command.user_code)
    if device is None or device.browser or device.client_id != command.client_id:
        return [], Done()
    answered = PollAnswered(
        at=now.at,
        tick=command.detour.tick,
        user_code=device.user_code,
        answer_word=command.answer_word,
        error=command.error,
        held_s=command.detour.held_s,
        kept_s=now.tick - command.detour.tick,
        fault=command.detour.fault,
        is_retry=command.detour.is_retry,
    )
    return [answered], Done()


def find_by_device_code(state: State, device_code: str, now: Now) -> Device | None:
    """The device with this code, unless it is over for so long that nobody remembers it."""
    user_code = state.user_codes.get(digest(device_code))
    device = state.devices.get(user_code) if user_code else None
    if device is None or device.browser:
        return None
    if now.at < device.expires_at or now.at < device.forget_at():
        return device
    return None


def answer_poll(
    state: State,
    device: Device,
    client: Client,
    now: Now,
    ids: Ids,
    detour: Detour | None = None,
) -> tuple[list[Event], Tokens | Refused]:
    """Answer a poll of the rightful client at this instant."""
    policy = state.policy
    approval = due_approval(state, device, now)
    came = Now(now.at, detour.tick) if detour else now
    is_own = detour is None or not (detour.is_repeat or detour.is_retry)
    outcome = PollOutcome.TOKEN if approval else verdict(policy, device, came, is_own=is_own)
    polled = _polled(device, now, outcome, detour)
    if outcome is PollOutcome.TOKEN:
        events, tokens = begin_session(state, device, client, now, ids)
        return [*([approval] if approval else []), polled, *events], tokens
    return [polled], Refused(_REASONS[outcome], device.user_code, client.client_id)


def _polled(device: Device, now: Now, outcome: PollOutcome, detour: Detour | None) -> Polled:
    if detour is None:  # nearly all
        return Polled(at=now.at, tick=now.tick, user_code=device.user_code, outcome=outcome)
    return Polled(
        at=now.at,
        tick=detour.tick,
        user_code=device.user_code,
        outcome=outcome,
        held_s=detour.held_s,
        kept_s=now.tick - detour.tick,
        fault=detour.fault,
        is_repeat=detour.is_repeat,
        is_retry=detour.is_retry,
    )


def verdict(policy: Policy, device: Device, now: Now, *, is_own: bool = True) -> PollOutcome:
    """Decide the outcome of a poll.

    Approval is looked at before pace: a client that is too fast must not wait for ever for a token that
    is ready. What an SDK sends again after a failure, or a fault, is never too early.
    """
    stands = device.state(now.at)
    if stands is DeviceState.EXPIRED:
        return _EXPIRED[policy.expired_as]
    if (settled := _SETTLED.get(stands)) is not None:
        return settled
    if device.slow_downs_owed:
        return PollOutcome.SLOW_DOWN
    if policy.throttles and is_own and _is_too_early(device, now):
        return PollOutcome.THROTTLED
    return PollOutcome.PENDING


def _is_too_early(device: Device, now: Now) -> bool:
    return device.pace.timing(now.tick, device.announced_s) is Timing.TOO_EARLY


def free_user_code(state: State, ids: Ids) -> str:
    """A user code that neither a device nor a session goes by."""
    while (user_code := ids.user_code()) in state.devices or user_code in state.sessions:
        pass
    return user_code


def make_room(state: State, now: Now) -> list[Event]:
    """Forget the device that nobody waits for when there are as many as are kept (T-46)."""
    if len(state.devices) < state.policy.max_devices:
        return []
    return [DeviceForgotten(at=now.at, user_code=state.device_order.first())]

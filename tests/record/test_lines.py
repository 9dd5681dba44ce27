"""Log entries as JSON, the one form in which programs see them."""

import json
from types import MappingProxyType
from typing import Any, get_args

import pytest

from oidc_sim.engine import events as e
from oidc_sim.engine import waiting_events as w
from oidc_sim.engine.arrival import NEXT, Arrival, HeldDecision, Target
from oidc_sim.engine.model import Actor, BrowserRequest, Decision
from oidc_sim.record.exchange import Exchange
from oidc_sim.record.lines import entry_json, entry_type
from oidc_sim.record.log import Entry
from tests.hostile_text import PAYLOADS

TYPES = {
    e.ClientRegistered: "client_registered",
    e.ClientForgotten: "client_forgotten",
    e.ClientExpired: "client_expired",
    e.ClientRestored: "client_restored",
    e.DeviceAuthorized: "device_authorized",
    e.CodeIssued: "code_issued",
    e.CodeRevoked: "code_revoked",
    e.BrowserTurnedAway: "browser_turned_away",
    e.BrowserLeft: "browser_left",
    e.BrowserCameBack: "browser_came_back",
    e.Polled: "polled",
    e.TokenIssued: "token_issued",
    e.TokenRefreshed: "token_refreshed",
    e.SessionEnded: "session_ended",
    e.SessionForgotten: "session_forgotten",
    e.CredentialsIssued: "credentials_issued",
    e.AssertionSpent: "assertion_spent",
    e.AutoApproveSet: "auto_approve_set",
    e.ClockStepped: "clock_stepped",
    e.ClockFrozen: "clock_frozen",
    e.DecisionMade: "deed_done",
    e.DecisionUndone: "deed_undone",
    e.DeviceExpired: "device_lapsed",
    e.DeviceForgotten: "device_forgotten",
    e.WasReset: "was_reset",
    w.RuleAdded: "rule_added",
    w.RulePaused: "rule_paused",
    w.RuleGivenBack: "rule_spared",
    w.RuleEnded: "rule_ended",
    w.RuleRemoved: "rule_removed",
    w.RuleRestored: "rule_restored",
    w.RequestLookedAt: "request_looked_at",
    w.PollAnswered: "poll_answered",
    w.RequestHeld: "request_held",
    w.HeldPaused: "held_paused",
    w.HeldDecided: "held_decided",
    w.AllReleased: "all_released",
    w.HeldEnded: "held_ended",
    Exchange: "exchange",
}
SAMPLES: dict[str, Any] = {
    "at": 1.5,
    "tick": 2.5,
    "by": Actor.SCRIPT,
    "outcome": e.PollOutcome.PENDING,
    "scopes": ("a", "b"),
    "why": e.SessionEnd.SIGNED_OUT,
    "browser": BrowserRequest(
        redirect_uri="http://127.0.0.1/oauth/callback",
        client_state="SECRET",
        code_challenge="SECRET",
    ),
    "packed_headers": b"Authorization\nSECRET",
    "request_body": b"SECRET",
    "response_head": b"SECRET",
    "response_body": b"SECRET",
    "target": "/token?code=SECRET",
    "took_s": 0.0012345,
    "target_": Target(operation="CreateToken"),
    "trigger": NEXT,
    "settings": MappingProxyType({"seconds": 5}),
    "arrival": Arrival(operation="CreateToken", endpoint="/token", scopes=("a",)),
    "decision": HeldDecision(how="edit", body=b"SECRET", headers=(("X-Secret", "SECRET"),)),
}


def sample(kind: type[Any]) -> Any:
    """One of the kind; whatever nobody may see says SECRET."""
    values = {name: SAMPLES.get(name, name.upper()) for name in kind.__annotations__}
    if kind in {e.DecisionMade, e.DecisionUndone}:
        values["decision"] = Decision.SLOW_DOWN
    if kind is w.RuleAdded:
        values["target"] = SAMPLES["target_"]
    digests = {name: "SECRET" for name in values if name.endswith("_digest")}
    return kind(**{**values, **digests})


def test_every_event_is_tried_here() -> None:
    assert set(TYPES) == {*get_args(e.Event), Exchange}


@pytest.mark.parametrize(("kind", "name"), TYPES.items(), ids=TYPES.values())
def test_each_kind_has_its_word_and_no_secret(kind: type[Any], name: str) -> None:
    entry = Entry(7, sample(kind))
    members = entry_json(entry)
    assert entry_type(entry) == name
    assert list(members)[:2] == ["seq", "type"]
    assert (members["seq"], members["type"], members["at"]) == (7, name, 1.5)
    assert "SECRET" not in json.dumps(members)


def test_a_poll_tells_both_clocks_and_its_outcome() -> None:
    assert entry_json(Entry(1, sample(e.Polled))) == {
        "seq": 1,
        "type": "polled",
        "at": 1.5,
        "tick": 2.5,
        "user_code": "USER_CODE",
        "outcome": "authorization_pending",
        "held_s": "HELD_S",
        "kept_s": "KEPT_S",
        "fault": "FAULT",
        "is_repeat": "IS_REPEAT",
        "is_retry": "IS_RETRY",
    }


def test_a_decision_keeps_the_names_that_programs_know() -> None:
    made = entry_json(Entry(1, sample(e.DecisionMade)))
    undone = entry_json(Entry(1, sample(e.DecisionUndone)))
    assert (made["type"], made["deed"]) == ("deed_done", "slow_down")
    assert (undone["type"], undone["deed"]) == ("deed_undone", "slow_down")
    assert entry_json(Entry(1, sample(w.HeldDecided)))["decision"]["how"] == "edit"


def test_an_exchange_tells_its_path_without_the_query_and_how_long_it_took() -> None:
    assert entry_json(Entry(1, sample(Exchange))) == {
        "seq": 1,
        "type": "exchange",
        "number": "NUMBER",
        "at": 1.5,
        "method": "METHOD",
        "operation": "OPERATION",
        "status": "STATUS",
        "outcome": "authorization_pending",
        "user_code": "USER_CODE",
        "client_id": "CLIENT_ID",
        "fault": "FAULT",
        "path": "/token",
        "took_ms": 1.234,
    }


def test_a_browser_sign_in_is_told_with_where_the_browser_goes_back_to() -> None:
    told = entry_json(Entry(1, sample(e.DeviceAuthorized)))
    assert told["browser"] == {"redirect_uri": "http://127.0.0.1/oauth/callback"}


@pytest.mark.parametrize("hostile", PAYLOADS.values(), ids=PAYLOADS)
def test_a_strangers_text_is_one_line_of_ascii(hostile: str) -> None:
    event = e.ClientForgotten(at=1, client_id=hostile)
    line = json.dumps(entry_json(Entry(1, event)))
    assert line.isascii()
    assert line.isprintable()
    assert isinstance(json.loads(line)["client_id"], str)

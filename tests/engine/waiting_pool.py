"""Requests that come by, and what lies in wait for them: few of each, so that they often meet."""

from collections.abc import Callable

from hypothesis import strategies as st

from oidc_sim.engine.arrival import (
    ANYTHING,
    Arrival,
    Filter,
    Fit,
    HeldDecision,
    Setting,
    Target,
    Trigger,
    request_filter,
)
from oidc_sim.engine.commands import AddRule
from oidc_sim.engine.held import DENY, DROP, EDIT, EXPIRE, FAULT, RELEASE, SLOW_DOWN
from oidc_sim.filtering import FilterError

FILTERS: dict[str, Callable[[Arrival], bool]] = {
    "": lambda _: True,
    "agent:aws-cli": lambda it: it.user_agent == "aws-cli",
    "op:Create* !client:c2": lambda it: it.operation == "CreateToken" and it.client_id != "c2",
    "state:pending | ip:10.*": lambda it: it.state == "pending" or it.address == "10.1.1.1",
}
"""Each filter's text, and what it means in plain words."""
STAGE = "a stage"
FAULTS: list[tuple[str | None, dict[str, Setting], Fit]] = [
    (None, {}, ANYTHING),
    (None, {}, ANYTHING),
    ("f", {}, ANYTHING),
    ("g", {"seconds": 1}, Fit(frozenset({"CreateToken"}))),
    ("h", {}, Fit(frozenset({"RegisterClient", "CreateToken"}), frozenset({"refresh_token"}))),
    ("i", {}, Fit(frozenset({STAGE}))),
]
"""Of rules, with their settings and what they are for; a hold has none."""
FOR = {"f": "requests", "g": "CreateToken", "i": STAGE}
FOR["h"] = "CreateToken or RegisterClient with refresh_token"
"""What they are for, in plain words."""


def _filter(text: str) -> Filter:
    made = request_filter(text)
    assert not isinstance(made, FilterError)
    return made


ARRIVALS = st.builds(
    Arrival,
    operation=st.sampled_from(["CreateToken", "CreateToken", "RegisterClient", None]),
    endpoint=st.just("/token"),
    client_id=st.sampled_from(["c1", "c1", "c2", None]),
    user_code=st.sampled_from(["AAAA-BBBB", "CCCC-DDDD", None]),
    grant_type=st.sampled_from(["refresh_token", "urn:of:device_code", "strange", None]),
    user_agent=st.sampled_from(["aws-cli", "boto"]),
    address=st.sampled_from(["127.0.0.1", "10.1.1.1"]),
    state=st.sampled_from(["pending", "approved", None]),
)
TARGETS = st.builds(
    Target,
    operation=st.sampled_from([None, None, "CreateToken", "CreateToken", "RegisterClient"]),
    client_id=st.sampled_from([None, None, None, "c1", "c2"]),
    user_code=st.sampled_from([None, None, None, "AAAA-BBBB", "CCCC-DDDD"]),
    filter=st.sampled_from([_filter(text) for text in ["", "", *FILTERS]]),
)
TRIGGERS = st.builds(
    Trigger,
    skip=st.sampled_from([0, 0, 0, 1, 2]),
    times=st.sampled_from([1, 1, 2, 3, None]),
    probability=st.sampled_from([1.0, 1.0, 0.5, 0.0]),
    seed=st.integers(0, 3),
    lifetime_s=st.sampled_from([4.0, 10.0, 60.0, 600.0]),
)
WISHES = st.builds(
    lambda target, trigger, fault: AddRule(
        target=target, trigger=trigger, fault=fault[0], settings=dict(fault[1]), fit=fault[2]
    ),
    TARGETS,
    TRIGGERS,
    st.sampled_from(FAULTS),
)
NONSENSE = st.sampled_from(
    [
        Trigger(skip=-1),
        Trigger(times=0),
        Trigger(probability=1.5),
        Trigger(probability=float("nan")),
        Trigger(lifetime_s=0.0),
        Trigger(lifetime_s=float("inf")),
    ]
)
"""Triggers that nothing is added with."""
DECISIONS = st.one_of(
    st.builds(HeldDecision, how=st.sampled_from([RELEASE, DROP, DENY, EXPIRE, SLOW_DOWN])),
    st.just(HeldDecision(how=EDIT, status=418, headers=(("a", "b"),), body=b"{}", is_done=True)),
    st.builds(
        lambda fault: HeldDecision(how=FAULT, fault=fault[0], settings=fault[1], fit=fault[2]),
        st.sampled_from([fault for fault in FAULTS if fault[0]]),
    ),
)

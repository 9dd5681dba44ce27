"""Records: what is true, taken down and put back."""

import copy

from hypothesis import given
from hypothesis import strategies as st

from oidc_sim.engine.model import RefreshRotation, State
from oidc_sim.engine.records import put_back, records
from tests.record.busy_world import FULL, Script, run, scripts


def copied(state: State) -> State:
    """The same state, made of nothing but copies of its records."""
    made = State(policy=state.policy)
    for record in records(state):
        put_back(made, copy.deepcopy(record))
    return made


@given(scripts, st.sampled_from(RefreshRotation))
def test_records_put_back_make_the_same_state(script: Script, rotation: RefreshRotation) -> None:
    state = run(script, rotation).state
    assert copied(state) == state
    for kind in ("clients", "devices", "sessions", "assertions"):
        assert list(getattr(copied(state), kind)) == list(getattr(state, kind)), "order counts too"


def test_the_whole_script_leaves_records_of_every_kind() -> None:
    kinds = {type(record).__name__ for record in records(run([*FULL, ("auto", 0)]).state)}
    assert kinds == {"AutoApproval", "Client", "Device", "Session", "SpentAssertion"}

from oidc_sim.actions.running_server import SENTENCES_KEPT, Seldom


def test_what_goes_on_and_on_is_said_once_a_minute() -> None:
    said: list[str] = []
    now = [0.0]
    seldom = Seldom(said.append, lambda: now[0])
    for _ in range(128):
        seldom.note("our fault: OSError(24)")
    seldom.note("something else")
    now[0] = 59.9
    seldom.note("our fault: OSError(24)")
    assert said == ["our fault: OSError(24)", "something else"]
    now[0] = 60.1
    for _ in range(2):
        seldom.note("our fault: OSError(24)")
    seldom.note("something else")
    assert said[2:] == [
        "our fault: OSError(24) (128 times more since it was last said)",
        "something else",
    ]
    for number in range(1_000):
        seldom.note(f"failure {number}")
    assert len(said) == 1_004
    assert len(seldom._kept_back) == SENTENCES_KEPT

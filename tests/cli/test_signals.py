import signal

from oidc_sim.cli.event_loop import ENDING


def test_all_signals_that_end_a_process_and_can_be_caught_are_known() -> None:
    """signal(7): those whose action is Term or Core, without what Python cannot survive."""
    named = [
        "HUP",
        "INT",
        "QUIT",
        "TRAP",
        "ABRT",
        "USR1",
        "ALRM",
        "TERM",
        "USR2",
        "XCPU",
        "XFSZ",
        "VTALRM",
        "PROF",
        "SYS",
    ]
    assert {int(getattr(signal, f"SIG{name}")) for name in named} <= set(ENDING)
    kept = [
        "KILL",
        "STOP",
        "SEGV",
        "BUS",
        "FPE",
        "ILL",
        "CHLD",
        "CONT",
        "TSTP",
        "TTIN",
        "TTOU",
        "URG",
        "WINCH",
        "PIPE",
    ]
    assert not {int(getattr(signal, f"SIG{name}")) for name in kept} & set(ENDING)

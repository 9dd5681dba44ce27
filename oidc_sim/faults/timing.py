"""The answer is right and its time is not: pauses before the truth, between its parts, and for ever."""

import math
from collections.abc import Iterator
from functools import partial
from random import Random

from oidc_sim.engine.arrival import ANYTHING
from oidc_sim.faults.memory import Stall
from oidc_sim.faults.row import Family, Fault, Parameter, When
from oidc_sim.faults.steps import Case, End, How, Pause, Plan, Send, whole
from oidc_sim.wire.http import Response

_NINETIETH = 1.2815515594600038
"""Of the normal distribution: so many deviations are below most of a log-normal, nine times of ten."""
_timing = partial(Fault, family=Family.TIMING, when=When.AFTER)


def _seconds(default: float, help_text: str) -> Parameter:
    return Parameter(name="seconds", help=help_text, default=default, least=0, most=3600)


def _delay(case: Case) -> Plan:
    return (Pause(case.number("seconds")),)


def _latency(case: Case) -> Plan:
    chance = Random(f"{case.number('seed')}:{case.turn}")
    least, most = case.number("least_s"), case.number("most_s")
    seconds = {
        "fixed": lambda: most,
        "uniform": lambda: chance.uniform(least, most),
        "log-normal": lambda: _log_normal(chance, least, most),
    }[case.text("distribution")]()
    return (Pause(seconds),)


def _log_normal(chance: Random, least: float, most: float) -> float:
    """One in ten is below the least, one in ten above the most."""
    low, high = sorted((max(least, 1e-3), max(most, 1e-3)))
    middle = (math.log(low) + math.log(high)) / 2
    spread = (math.log(high) - math.log(low)) / (2 * _NINETIETH)
    return min(3600.0, chance.lognormvariate(middle, spread))


def _black_hole(_case: Case) -> Plan:
    return (End(How.NEVER),)


def _sliced(response: Response, size: int, seconds: float) -> Plan:
    return (*_slices(response.data, size, seconds), whole(response)[-1])


def _slices(data: bytes, size: int, seconds: float) -> Iterator[Send | Pause]:
    for at in range(0, len(data), size):
        if at:
            yield Pause(seconds)
        yield Send(data[at : at + size])


def _slow_drip(case: Case) -> Plan:
    return _sliced(case.true, 1, case.number("seconds"))


def _slicer(case: Case) -> Plan:
    return _sliced(case.true, int(case.number("bytes")), case.number("seconds"))


def _bandwidth(case: Case) -> Plan:
    rate = case.number("bytes_s")
    size = max(1, int(rate / 10))
    return _sliced(case.true, size, size / rate)


def _slow_close(case: Case) -> Plan:
    response = case.true.having("Content-Length", None).having("Connection", "close")
    return (Send(response.data), Pause(case.number("seconds")), End(How.CLOSE))


TIMING = (
    _timing(
        name="delay",
        title="delay the reply",
        shows="…    30 s",
        help="The request waits, then is answered truly",
        fit=ANYTHING,
        when=When.BEFORE,
        digit=7,
        parameters=(_seconds(30, "until it is looked at"),),
        make=_delay,
    ),
    _timing(
        name="latency",
        title="latency by chance",
        shows="…    0.1 to 2 s",
        help="Each request waits for a time of a distribution",
        fit=ANYTHING,
        when=When.BEFORE,
        parameters=(
            Parameter(
                name="distribution",
                help="its shape",
                default="uniform",
                choices=("fixed", "uniform", "log-normal"),
            ),
            Parameter(name="least_s", help="seconds", default=0.1, least=0, most=3600),
            Parameter(name="most_s", help="seconds", default=2.0, least=0, most=3600),
            Parameter(name="seed", help="what chance starts from", default=0),
        ),
        make=_latency,
    ),
    _timing(
        name="black-hole",
        title="never answer",
        shows="…    nothing, for ever",
        help="The request is read and nothing comes until the client gives up",
        fit=ANYTHING,
        when=When.INSTEAD,
        make=_black_hole,
    ),
    _timing(
        name="stall",
        title="server stalls",
        times=None,
        shows="…    all wait 10 s",
        help="From the first request caught, all that are caught wait for the same moment",
        fit=ANYTHING,
        when=When.BEFORE,
        parameters=(_seconds(10, "from the first request"),),
        make=Stall,
    ),
    _timing(
        name="slow-drip",
        title="slow drip",
        shows="200  1 byte a second",
        help="The answer comes byte by byte",
        fit=ANYTHING,
        parameters=(_seconds(1, "between two bytes"),),
        make=_slow_drip,
    ),
    _timing(
        name="slicer",
        title="sliced answer",
        shows="200  in segments of 1 byte",
        help="The right answer in segments of a few bytes",
        fit=ANYTHING,
        parameters=(
            Parameter(name="bytes", help="in a segment", default=1, least=1, most=65_536),
            _seconds(0.001, "between two segments"),
        ),
        make=_slicer,
    ),
    _timing(
        name="bandwidth",
        title="narrow line",
        shows="200  at 100 bytes a second",
        help="The answer goes out so fast and no faster",
        fit=ANYTHING,
        parameters=(
            Parameter(name="bytes_s", help="bytes a second", default=100, least=1, most=1e9),
        ),
        make=_bandwidth,
    ),
    _timing(
        name="slow-close",
        title="slow close",
        shows="200  ends after 5 s",
        help="The whole answer without its length; the connection ends later",
        fit=ANYTHING,
        parameters=(_seconds(5, "until the end"),),
        make=_slow_close,
    ),
)

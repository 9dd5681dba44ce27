"""Pauses: before the truth, between its parts, and for ever."""

import math
from collections.abc import Iterator, Mapping
from random import Random

from oidc_sim.faults.making.refusals import Maker
from oidc_sim.faults.making.steps import End, How, Pause, Plan, Send, Spoiling, Told, whole

_NINETIETH = 1.2815515594600038
"""Of the normal distribution: so many deviations are below most of a log-normal, nine times of ten."""


def _before(seconds: float, truth: Told | None) -> Plan:
    """A pause alone, for a fault that acts before the truth is made."""
    return (Pause(seconds), *(whole(truth) if truth else ()))


def _delay(it: Spoiling) -> Plan:
    return _before(it.number("seconds"), it.truth)


def _stall(it: Spoiling) -> Plan:
    return _before(it.wait_s, it.truth)


def _latency(it: Spoiling) -> Plan:
    chance = Random(f"{it.number('seed')}:{it.turn}")
    least, most = it.number("least_s"), it.number("most_s")
    seconds = {
        "fixed": lambda: most,
        "uniform": lambda: chance.uniform(least, most),
        "log-normal": lambda: _log_normal(chance, least, most),
    }[it.text("distribution")]()
    return _before(seconds, it.truth)


def _log_normal(chance: Random, least: float, most: float) -> float:
    """One in ten is below the least, one in ten above the most."""
    low, high = sorted((max(least, 1e-3), max(most, 1e-3)))
    middle = (math.log(low) + math.log(high)) / 2
    spread = (math.log(high) - math.log(low)) / (2 * _NINETIETH)
    return min(3600.0, chance.lognormvariate(middle, spread))


def _black_hole(_it: Spoiling) -> Plan:
    return (End(How.NEVER),)


def _sliced(told: Told, size: int, seconds: float) -> Plan:
    return (*_slices(told.whole, size, seconds), whole(told)[-1])


def _slices(data: bytes, size: int, seconds: float) -> Iterator[Send | Pause]:
    for at in range(0, len(data), size):
        if at:
            yield Pause(seconds)
        yield Send(data[at : at + size])


def _slow_drip(it: Spoiling) -> Plan:
    return _sliced(it.true, 1, it.number("seconds"))


def _slicer(it: Spoiling) -> Plan:
    return _sliced(it.true, int(it.number("bytes")), it.number("seconds"))


def _bandwidth(it: Spoiling) -> Plan:
    rate = it.number("bytes_s")
    size = max(1, int(rate / 10))
    return _sliced(it.true, size, size / rate)


def _slow_close(it: Spoiling) -> Plan:
    told = it.true.having("Content-Length", None).having("Connection", "close")
    return (Send(told.whole), Pause(it.number("seconds")), End(How.CLOSE))


TIMING: Mapping[str, Maker] = {
    "delay": _delay,
    "latency": _latency,
    "stall": _stall,
    "black-hole": _black_hole,
    "slow-drip": _slow_drip,
    "slicer": _slicer,
    "bandwidth": _bandwidth,
    "slow-close": _slow_close,
}

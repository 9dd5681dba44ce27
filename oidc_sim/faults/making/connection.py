"""Answers that are cut, and connections that end."""

from collections.abc import Mapping

from oidc_sim.faults.making.refusals import Maker
from oidc_sim.faults.making.steps import End, How, Pause, Plan, Send, Spoiling, whole


def _end(how: How) -> Maker:
    return lambda _it: (End(how),)


def _lost(it: Spoiling) -> Plan:
    data = it.true.whole
    return (Send(data[: len(it.true.head) + len(it.true.body) // 2]), End(How.RESET))


def _cut(it: Spoiling) -> Plan:
    data = it.true.whole[: int(it.number("bytes"))]
    return (*((Send(data),) if data else ()), End(How(it.text("end"))))


def _swallow(it: Spoiling) -> Plan:
    return (Pause(it.number("seconds")), End(How(it.text("end"))))


def _closing(it: Spoiling) -> Plan:
    return whole(it.true.having("Connection", "close"))


def _dropped(it: Spoiling) -> Plan:
    return (Send(it.true.whole), End(How.CLOSE))


CONNECTION: Mapping[str, Maker] = {
    "drop": _end(How.RESET),
    "empty-reply": _end(How.CLOSE),
    "refuse": _end(How.RESET),
    "crash": _end(How.RESET),
    "slow-connect": _closing,
    "lost-success": _lost,
    "cut-after": _cut,
    "swallow": _swallow,
    "connection-close": _closing,
    "keep-alive-drop": _dropped,
    "duplicate": lambda it: whole(it.true),
}

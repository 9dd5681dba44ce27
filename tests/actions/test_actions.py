"""The table of actions, walked: each has its key, palette entry, route, words for ``ctl`` and for standard
input, and whichever way is taken, the same happens."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from oidc_sim.actions.devices import DEVICE_DECISIONS
from oidc_sim.actions.operations import EVENTS
from oidc_sim.actions.table import ACTIONS, ACTIONS_BY_ID, READING, Action
from oidc_sim.actions.typed_lines import read
from oidc_sim.cli import outcome
from oidc_sim.cli.arguments import parser
from oidc_sim.cli.running import Running
from oidc_sim.demo.demos import Demos
from oidc_sim.demo.performance import PERFORMANCES, Performance
from oidc_sim.engine.arrival import Arrival, HeldDecision, Target, Trigger
from oidc_sim.engine.commands import DECISIONS, AddRule, Admit, ExpireClient, PauseRule, Reset
from oidc_sim.engine.model import SETTLING, Actor, Decision, DeviceState
from oidc_sim.engine.waiting_events import HeldPaused
from oidc_sim.headless.commands import Commands
from oidc_sim.server.assembly import Server, assemble
from oidc_sim.server.http.routes import Protection
from oidc_sim.server.http.sockets import bind
from oidc_sim.simulator.ids import RandomIds
from oidc_sim.testing.scenario import URL, Scenario
from oidc_sim.tui.keymap import KEYS, PALETTE_ONLY
from tests.fake_server import run_words
from tests.headless.test_commands import Complaints
from tests.tui.showing import NARROW, WIDE, showing

PASSING = {"at", "tick", "by"}
DOING = [action for action in ACTIONS if action not in READING]


@dataclass
class Names:
    """What is in a scenario."""

    scenario: Scenario
    code: str
    client: str

    @property
    def simulator(self) -> Any:
        return self.scenario.simulator


def waiting() -> Names:
    """One client with a device code that waits."""
    scenario = Scenario()
    program = scenario.register("aws-cli")
    return Names(scenario, program.start().user_code, program.client_id)


def held() -> Names:
    """The same, and its request 7 is held."""
    it = waiting()
    it.simulator.dispatch(AddRule(target=Target(operation="CreateToken"), trigger=Trigger(times=1)))
    arrival = Arrival(
        operation="CreateToken", endpoint="/token", user_code=it.code, client_id=it.client
    )
    it.simulator.dispatch(Admit(arrival=arrival, number=7))
    return it


def with_rule() -> Names:
    """The same as at first, and rule 1 lies in wait."""
    it = waiting()
    it.simulator.dispatch(AddRule(target=Target(operation="RegisterClient")))
    return it


def approved() -> Names:
    it = waiting()
    it.scenario.decide("approve", it.code)
    return it


def client_expired() -> Names:
    it = waiting()
    it.simulator.dispatch(ExpireClient(client_id=it.client, by=Actor.SCRIPT))
    return it


def rule_paused() -> Names:
    it = with_rule()
    it.simulator.dispatch(PauseRule(rule_id=1, is_paused=True))
    return it


@dataclass
class Case:
    """One action: what there is before, what is pressed, and what is typed."""

    before: Callable[[], Names]
    pressed: str
    typed: str


CASES = {
    "device.approve": Case(waiting, "a", "approve {code}"),
    "device.deny": Case(waiting, "d", "deny {code}"),
    "device.expire": Case(waiting, "e", "expire {code}"),
    "device.slow_down": Case(waiting, "s", "slow-down {code}"),
    "device.undo": Case(approved, "u", "undo {code}"),
    "approve_all": Case(waiting, "A y", "approve all"),
    "auto_approve": Case(waiting, "P", "auto-approve on"),
    "client.expire": Case(waiting, "1 e", "expire-client {client}"),
    "client.restore": Case(client_expired, "1 u", "restore-client {client}"),
    "hold.toggle": Case(waiting, "space", "hold {code}"),
    "hold.all": Case(waiting, "H 1", "hold op=CreateToken times=always"),
    "held.release": Case(held, "r", "release 7"),
    "held.release_all": Case(held, "R", "release all"),
    "held.drop": Case(held, "x", "drop 7"),
    "held.edit": Case(
        held, "E f2", "edit 7 status=200 header=Content-Type:application/json body={}"
    ),
    "held.approve": Case(held, "a", "approve 7"),
    "held.deny": Case(held, "d", "deny 7"),
    "held.expire": Case(held, "e", "expire 7"),
    "held.slow_down": Case(held, "s", "slow-down 7"),
    "fault.inject": Case(waiting, "i 1", "fault slow-down code={code}"),
    "held.fault": Case(held, "i 1", "fault slow-down request=7"),
    "fault.rules": Case(with_rule, "I", "rules"),
    "rule.pause": Case(with_rule, "I p", "pause 1"),
    "rule.resume": Case(rule_paused, "I p", "resume 1"),
    "rule.remove": Case(with_rule, "I x", "remove 1"),
    "clock.step": Case(waiting, "t 1", "clock 1m"),
    "clock.freeze": Case(waiting, "T", "clock freeze"),
    "demo": Case(waiting, "D 1", "demo device"),
    "evidence": Case(waiting, "w", "evidence {code}"),
    "reset": Case(waiting, "X y", "reset"),
}


def told(what: Any) -> str:
    """All that an event says but who did it, when, and the secrets and tickets of its moment."""
    facts = {name: getattr(what, name) for name in what.__dataclass_fields__ if name not in PASSING}
    if isinstance(decision := facts.get("decision"), HeldDecision):
        facts["decision"] = replace(decision, settings=dict(decision.settings))
    if isinstance(trigger := facts.get("trigger"), Trigger) and trigger.probability == 1:
        facts["trigger"] = replace(trigger, seed=0)  # nothing is drawn
    if "by_s" in facts:
        facts["by_s"] = float(facts["by_s"])
    return f"{type(what).__name__} {facts}"


def events(it: Names, since: int) -> list[str]:
    """What happened since."""
    happened = [entry.what for entry in it.simulator.log.entries.since(since)]
    return sorted(
        told(what)
        for what in happened
        if not isinstance(what, HeldPaused)  # for as long as a person types
    )


@pytest.fixture(autouse=True)
def started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The demos that were started, for none is; and a working directory to write evidence to."""
    names: list[str] = []

    def start(_demos: Demos, name: str) -> Performance:
        names.append(name)
        return PERFORMANCES[name]

    monkeypatch.setattr(Demos, "start", start)
    monkeypatch.chdir(tmp_path)
    return names


@asynccontextmanager
async def serving(it: Names) -> AsyncIterator[tuple[Server, Running]]:
    """The whole server over a scenario."""
    bound = bind("127.0.0.1")
    ids = RandomIds.seeded(1, "us-east-1")
    server = assemble(it.scenario.settings, it.simulator, ids, bound, lambda _: None)
    await server.listener.open(bound.sockets)
    try:
        yield server, Running(bound.url, server.control_token, 1)
    finally:
        it.simulator.dispatch(Reset())
        await server.stop()


def files(where: Path) -> Iterator[str]:
    return (file.name for file in sorted(where.glob("*/*")))


async def by_keys(case: Case, size: tuple[int, int]) -> tuple[list[str], int]:
    it = case.before()
    since = it.simulator.log.seq
    async with showing(it.scenario, size) as shown:
        await shown.press("2", *case.pressed.split())
        await shown.app.workers.wait_for_complete()
        return events(it, since), len(shown.app.screen_stack)


def typed(case: Case, it: Names) -> str:
    return case.typed.replace("{code}", it.code).replace("{client}", it.client)


async def by_ctl(case: Case, action: Action) -> list[str]:
    it = case.before()
    since = it.simulator.log.seq
    words = typed(case, it).split()
    assert read(words).action is action
    async with serving(it) as (_, running):
        assert await asyncio.to_thread(run_words, running, words) == outcome.OK
        return events(it, since)


async def by_line(case: Case) -> list[str]:
    it = case.before()
    since = it.simulator.log.seq
    printer = Complaints()
    line = typed(case, it)
    Commands(it.simulator, printer, url=URL).obey(line)
    for thread in threading.enumerate():
        if thread.name == "evidence":
            await asyncio.to_thread(thread.join)
    assert not [told for told in printer.lines if told.startswith(("say", "no "))]
    return events(it, since)


@pytest.mark.parametrize("decision", Decision)
def test_a_decision_is_one_everywhere(decision: Decision) -> None:
    on_device, on_held = (ACTIONS_BY_ID[f"{of}.{decision}"] for of in ("device", "held"))
    assert on_device.words == f"{decision.typed} CODE"
    assert on_held.words == f"{decision.typed} N"
    assert on_device.path.endswith(f"}}/{decision.typed}")
    assert on_held.path.endswith(f"}}/{decision.typed}")
    assert on_held.at == on_device.id
    (key,) = [key for key in KEYS if key.id == on_device.id]
    assert f"decide('{decision}')" in key.action.replace("\\", "")
    assert DEVICE_DECISIONS[on_device.id] is DECISIONS[decision]
    assert decision in SETTLING or decision.leads_to is DeviceState.PENDING


def test_every_action_is_tried() -> None:
    assert CASES.keys() == {action.id for action in DOING}


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "120x40"])
@pytest.mark.parametrize("action", DOING, ids=lambda it: it.id)
async def test_keys_ctl_and_standard_input_do_the_same(
    action: Action, size: tuple[int, int], started: list[str], tmp_path: Path
) -> None:
    case = CASES[action.id]
    pressed, screens = await by_keys(case, size)
    assert screens == (2 if case.pressed.startswith("I") else 1)
    written = [*files(tmp_path)]
    typed, sent = await by_line(case), await by_ctl(case, action)
    assert pressed == typed == sent
    if action.id == "demo":
        assert started == ["device"] * 3
    elif action.id == "evidence":
        assert [*files(tmp_path)] == written * 3
        assert len(written) == 3
    else:
        assert pressed or action.id == "fault.rules", "nothing happened"


async def test_each_has_its_route_behind_the_token() -> None:
    async with serving(waiting()) as (server, _):
        routes = {f"{it.method} {it.path}": it.protection for it in server.routes}
    assert {routes.get(action.route) for action in ACTIONS} == {Protection.TOKEN}


async def test_each_has_its_key_and_its_entry_in_the_palette() -> None:
    async with showing(Scenario()) as shown:
        entries = {it.title: it.help for it in shown.app.get_system_commands(shown.screen)}
    ids = [key.id for key in KEYS]
    for action in DOING:
        assert ids.count(action.at or action.id) == 1
        assert bool(action.key) is not bool(action.at)
        key = next(key for key in (*KEYS, *PALETTE_ONLY) if key.id == action.id)
        assert entries[f"{key.title}  {key.shown}"] == action.help


@pytest.mark.parametrize("action", ACTIONS, ids=lambda it: it.id)
def test_each_has_its_words_on_the_command_line(
    action: Action, capsys: pytest.CaptureFixture[str]
) -> None:
    assert parser().parse_args(["ctl", action.name]).action == action.name
    with pytest.raises(SystemExit):
        parser().parse_args(["ctl", action.name, "--help"])
    told = " ".join(capsys.readouterr().out.split())
    assert action.words in told
    assert (action.in_words or action.help) in told


def test_no_two_have_the_same_id_words_or_key() -> None:
    for values in (
        [it.id for it in ACTIONS],
        [it.words for it in ACTIONS],
        [it.key for it in ACTIONS if it.key],
    ):
        assert len(set(values)) == len(values)


@pytest.mark.parametrize("action", [it for it in READING if it.id != EVENTS], ids=lambda it: it.id)
async def test_what_only_reads_changes_nothing(action: Action) -> None:
    it = held()
    before = it.simulator.log.seq
    async with serving(it) as (_, running):
        assert await asyncio.to_thread(run_words, running, [action.name]) == outcome.OK
        assert it.simulator.log.seq == before

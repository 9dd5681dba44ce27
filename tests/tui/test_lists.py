"""What the rows of the three lists say."""

import pytest

from oidc_sim.engine.commands import Reset, Sweep
from oidc_sim.engine.events import Polled, PollOutcome
from oidc_sim.engine.model import Actor
from oidc_sim.record.timeline import Timeline
from oidc_sim.settings.model import Settings
from oidc_sim.testing.scenario import DeviceFlow, Program, Scenario
from oidc_sim.tui.glyphs import UNICODE, Look
from oidc_sim.tui.lists import ClientRows, DeviceRows, RequestRows
from oidc_sim.tui.lists.row_source import NewestFirst
from oidc_sim.wire.operations import CREATE_TOKEN
from tests.record.samples import EXCHANGE
from tests.tui.showing import NARROW, WIDE, showing


def device_row(scenario: Scenario, sign_in: DeviceFlow) -> list[str]:
    """Its cells: state, code, client, polls, every, left, note; each row is remembered as ever."""
    rows = scenario.__dict__.setdefault("rows", DeviceRows(scenario.simulator))
    index = rows.index_of(sign_in.user_code)
    assert index is not None
    return [str(cell).strip() for cell in rows.cells(index).cells]


def signing_in(settings: Settings | None = None) -> tuple[Scenario, Program, DeviceFlow]:
    scenario = Scenario(settings=settings)
    program = scenario.register("aws-cli")
    return scenario, program, program.start()


def test_a_device_tells_how_often_and_how_fast_it_is_polled() -> None:
    scenario, program, sign_in = signing_in()
    assert device_row(scenario, sign_in)[3:6] == ["0", "", "10:00"]
    program.poll(sign_in)
    assert device_row(scenario, sign_in)[3:6] == ["1", "", "9:59"]
    program.poll(sign_in, 1, 0)
    assert device_row(scenario, sign_in)[3:6] == ["2", "0.0s", "9:59"]
    program.poll(sign_in, 10)
    assert device_row(scenario, sign_in)[3:] == ["12", "1.0s", "9:49", ""]


def test_polls_that_come_too_early_are_marked() -> None:
    scenario, program, sign_in = signing_in()
    program.poll(sign_in, 2, 0.3)
    assert device_row(scenario, sign_in)[4:] == ["0.3s", "10:00", ""]  # not judged: AWS CLI does so
    program.poll(sign_in, 9, 0.3)
    assert device_row(scenario, sign_in)[4:] == ["0.3s!", "9:57", "too fast"]


@pytest.mark.parametrize("by", list(Actor))
@pytest.mark.parametrize(
    ("decision", "state", "own_note"),
    [("approve", "✓ approved", "uncollected"), ("deny", "✗ denied", "not told")],
)
def test_a_note_says_who_decided_or_what_is_still_to_come(
    by: Actor, decision: str, state: str, own_note: str
) -> None:
    scenario, _, sign_in = signing_in()
    scenario.decide(decision, sign_in.user_code, by)
    row = device_row(scenario, sign_in)
    expected = {
        Actor.OPERATOR: own_note,
        Actor.USER: "by the user",
        Actor.SCRIPT: "by a script",
        Actor.AUTO: "auto",
    }
    assert (row[0], row[-1]) == (state, expected[by])


def test_a_note_says_when_the_client_has_heard() -> None:
    scenario, program, sign_in = signing_in()
    for decision in ("deny", "expire"):
        scenario.decide(decision, sign_in.user_code, Actor.OPERATOR)
        assert device_row(scenario, sign_in)[-1] == "not told"
        program.poll(sign_in)
        assert device_row(scenario, sign_in)[-1] == "told"
        scenario.decide("undo", sign_in.user_code, Actor.OPERATOR)


def test_an_expired_device_has_no_time_left_and_a_collected_one_needs_none() -> None:
    scenario, program, sign_in = signing_in()
    scenario.decide("expire", sign_in.user_code, Actor.OPERATOR)
    assert device_row(scenario, sign_in)[0::5] == [UNICODE.label(Look.EXPIRED), "0:00"]
    scenario.decide("undo", sign_in.user_code, Actor.OPERATOR)
    scenario.decide("approve", sign_in.user_code, Actor.OPERATOR)
    program.poll(sign_in)
    assert device_row(scenario, sign_in)[0::5] == ["● collected", ""]


def test_who_decided_is_told_anew_after_an_undo() -> None:
    scenario, _, sign_in = signing_in()
    rows = DeviceRows(scenario.simulator)
    notes = []
    for by in (Actor.USER, Actor.OPERATOR, Actor.SCRIPT):
        scenario.decide("approve", sign_in.user_code, by)
        notes.append(rows.cells(0).cells[-1])
        scenario.decide("undo", sign_in.user_code, by)
    assert notes == ["by the user", "uncollected", "by a script"]


@pytest.mark.parametrize("size", [(60, 17), (61, 16), (100, 24), NARROW, WIDE])
async def test_a_state_is_told_by_sign_and_word_at_every_width(size: tuple[int, int]) -> None:
    scenario, _, sign_in = signing_in()
    scenario.decide("approve", sign_in.user_code)
    async with showing(scenario, size) as shown:
        assert f"▸ ✓ approved   {sign_in.user_code}  aws-cli" in shown.selected


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "120x40"])
async def test_every_note_fits_its_column(size: tuple[int, int]) -> None:
    scenario = Scenario()
    program = scenario.register("aws-cli")
    sign_ins = [program.start() for _ in range(7)]
    for sign_in, decisions in zip(
        sign_ins,
        (["slow-down"] * 9, ["approve"], ["deny"], ["expire"], [], ["slow-down"] * 2, []),
        strict=True,
    ):
        for decision in decisions:
            scenario.decide(decision, sign_in.user_code, Actor.OPERATOR)
    scenario.decide("approve", sign_ins[4].user_code, Actor.SCRIPT)
    program.poll(sign_ins[5], 2, 12)
    program.poll(sign_ins[6], 5, 0.1)
    async with showing(scenario, size) as shown:
        notes = [line[:78] for line in shown.lines if any(s.user_code in line for s in sign_ins)]
        assert not [note for note in notes[:7] if "…" in note]
        for note in (
            "9 slow_down",
            "uncollected",
            "not told",
            "by a script",
            "slowed 11 s",
            "too fast",
        ):
            assert note in shown.text


# Clients.


def test_a_client_tells_its_age_its_devices_and_when_it_was_seen() -> None:
    scenario, program, sign_in = signing_in()
    scenario.wait(60)
    program.poll(sign_in, 1, 2)
    scenario.wait(5)
    rows = ClientRows(scenario.simulator)
    cells = rows.cells(0).cells
    short_id = f"{program.client_id[:6]}…{program.client_id[-4:]}"
    assert cells == ("aws-cli", short_id, "public", "1m", "1", "5s ago")


@pytest.mark.parametrize("name", ["", "   "])
async def test_a_client_without_a_name_is_said_to_have_none(name: str) -> None:
    scenario = Scenario()
    scenario.register(name).start()
    async with showing(scenario, WIDE) as shown:
        assert "  (no name)  " in shown.selected
        assert "client     (no name)" in shown.text
        await shown.press("1")
        assert shown.selected.split()[2:4] == ["(no", "name)"]
        assert "4 Inspector  (no name)" in shown.text
        assert "name       (no name)" in shown.text


# Requests.


def test_a_request_tells_operation_status_outcome_and_device() -> None:
    scenario, program, sign_in = signing_in()
    program.poll(sign_in)
    rows = RequestRows(scenario.simulator)
    assert [rows.cells(index).cells[2:] for index in range(3)] == [
        ("RegisterClient", "200", "aws-cli", "", "0.4"),
        ("StartDevice", "200", sign_in.user_code, sign_in.user_code, "0.4"),
        ("CreateToken", "400", "authorization_pending", sign_in.user_code, "0.4"),
    ]


async def test_requests_are_followed_until_the_operator_moves_up() -> None:
    scenario, program, sign_in = signing_in()
    async with showing(scenario, NARROW) as shown:
        program.poll(sign_in, 30)
        await shown.settle()
        assert " 32 " in shown.lines[-4]
        assert "following" in shown.lines[-3]
        await shown.press("3", "up", "up")
        program.poll(sign_in, 42)
        await shown.settle()
        assert "paused, 42 new" in shown.lines[-3]
        assert " 31 " in shown.selected
        await shown.press("f")
        assert "following" in shown.lines[-3]
        assert " 74 " in shown.lines[-4]
        assert shown.hint == "following the newest request"


async def test_a_full_ring_says_how_much_it_dropped_and_loses_no_selection() -> None:
    scenario = Scenario(exchanges_kept=50)
    program = scenario.register("aws-cli")
    sign_in = program.start()
    async with showing(scenario, WIDE) as shown:
        program.poll(sign_in, 40, 0)
        await shown.press("3", "up")
        program.poll(sign_in, 60, 0)
        await shown.settle()
        assert "102 requests (oldest 52 discarded)" in shown.text
        assert "gone" in shown.selected
        await shown.press("a")
        assert shown.hint == "that row is gone"
        assert "This request is older than the list" in " ".join(shown.text.split("│"))


async def test_nonsense_is_listed_too() -> None:
    scenario = Scenario()
    async with showing(scenario, WIDE) as shown:
        scenario.send(CREATE_TOKEN, b'{"grantType": 1')
        await shown.settle()
        assert "400   invalid_request" in shown.text
        await shown.press("3", "up", "right")
        assert '{"grantType": 1' in shown.text


# Places.


def test_places_follow_whatever_comes_and_goes() -> None:
    mapping: dict[str, int] = {}
    keys = NewestFirst(mapping)
    versions = {keys.version}

    def looks_like(expected: str) -> None:
        assert [keys.at(place) for place in range(len(keys))] == list(expected)
        assert [keys.place_of(key) for key in expected] == list(range(len(expected)))
        versions.add(keys.version)

    looks_like("")
    mapping.update(dict.fromkeys("abc", 0))
    looks_like("cba")
    del mapping["b"]
    mapping["d"] = 0
    looks_like("dca")
    del mapping["d"], mapping["a"]
    looks_like("c")
    assert keys.place_of("a") is None
    assert keys.place_of(7) is None
    mapping.clear()
    mapping["e"] = 0
    looks_like("e")
    assert len(versions) == 5


async def test_after_a_reset_the_one_row_left_is_gone_and_the_title_counts_none() -> None:
    scenario, program, sign_in = signing_in()
    program.start()
    scenario.decide("approve", sign_in.user_code, Actor.OPERATOR)
    async with showing(scenario, NARROW) as shown:
        await shown.press("end")
        assert "1 pending of 2" in shown.text
        assert "uncollected" in shown.text
        scenario.simulator.dispatch(Reset())
        await shown.settle()
        row = next(line for line in shown.lines if sign_in.user_code in line and "▸" in line)
        assert row.split()[-2:] == ["gone", "┃"]
        assert "uncoll" not in row
        assert "0 pending of 0" in shown.text


async def test_forgotten_devices_and_a_reset_leave_the_lists() -> None:
    scenario, _, sign_in = signing_in()
    async with showing(scenario, WIDE) as shown:
        await shown.press("1", "2")
        scenario.wait(1201)
        scenario.simulator.dispatch(Sweep())
        await shown.settle()
        assert "0 pending of 0" in shown.text
        assert f"The device code {sign_in.user_code}" in shown.text
        scenario.simulator.dispatch(Reset())
        await shown.press("1")
        assert "0 clients" in shown.lines[0]
        assert "This client is forgotten." in shown.text


def test_a_client_that_went_silent_is_noted_until_it_asks_again() -> None:
    scenario, program, sign_in = signing_in()
    program.poll(sign_in)
    scenario.wait(42)
    assert device_row(scenario, sign_in)[-1] == "silent 42s"
    program.poll(sign_in)
    assert not device_row(scenario, sign_in)[-1].startswith("silent")
    scenario.wait(42)
    scenario.decide("approve", sign_in.user_code)
    assert device_row(scenario, sign_in)[-1] == "silent 42s"
    program.poll(sign_in)
    scenario.wait(42)
    assert device_row(scenario, sign_in)[-1] == "by a script"


@pytest.mark.parametrize(("held_s", "shown"), [(18.977, "19"), (18.4, "18"), (1.5, "2")])
def test_a_request_that_was_held_took_as_long_as_its_timeline_says(
    held_s: float, shown: str
) -> None:
    scenario = Scenario()
    scenario.simulator.record(EXCHANGE._replace(took_s=held_s))
    assert RequestRows(scenario.simulator).cells(0).cells[-1] == f"{shown}s"
    timeline = Timeline()
    timeline.note_poll(
        Polled(at=1, tick=1, user_code="x", outcome=PollOutcome.PENDING, held_s=held_s)
    )
    assert timeline.moments[0].detail.startswith(f"held {shown} s")

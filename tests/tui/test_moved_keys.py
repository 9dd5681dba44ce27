"""``[keys]`` of the configuration file: keys where the user wants them."""

import re
import tomllib
from pathlib import Path

import pytest

from oidc_sim.cli import outcome
from oidc_sim.cli.main import main
from oidc_sim.settings.model import Settings, load
from oidc_sim.testing.scenario import Scenario
from oidc_sim.tui.bars.page import Page
from oidc_sim.tui.keymap import KEYS, Key
from oidc_sim.tui.moved_keys import KeysError, MovedKeys, keys_toml
from tests.tui.showing import WIDE, showing

BY_ID: dict[str, Key] = {key.id: key for key in KEYS}


def complaint(**wanted: str) -> str:
    with pytest.raises(KeysError) as raised:
        MovedKeys({name.replace("__", "."): keys for name, keys in wanted.items()})
    text = str(raised.value)
    assert "\n" not in text
    return text


def test_our_own_table_is_one_that_can_be_given_and_changes_nothing() -> None:
    table = tomllib.loads("\n".join(keys_toml()))["keys"]
    moved = MovedKeys(table)
    for key in KEYS:
        assert moved.keymap.get(key.id, key.keys) == key.keys
    assert set(table) == {key.id for key in KEYS if not key.id.startswith("page.")}


def test_a_key_of_lists_moves_in_the_inspector_and_the_help_too() -> None:
    moved = MovedKeys({"list.down": "n", "list.end": "f8,f9"})
    assert moved.keymap["page.down"] == "n"
    assert moved.keymap["page.end"] == moved.keymap["list.end"] == "f8,f9"


def test_the_file_may_leave_the_quotes_out(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('[keys]\ndevice.approve = "v"\n"device.deny" = "f5"\nzoom = "Z"\n')
    keys = load({}, {}, file).keys
    assert keys == {"device.approve": "v", "device.deny": "f5", "zoom": "Z"}


def test_an_unknown_action_is_told_with_the_nearest() -> None:
    told = complaint(device__aprove="x")
    assert told == '[keys]: "device.aprove" is no action; did you mean device.approve?'
    assert "oidc-sim keys" in complaint(qqqq="x")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("approve", "device.approve"),
        ("aprove", "device.approve"),
        ("held.approve", "device.approve"),
        ("approve_al", "approve_all"),
        ("freeze", "clock.freeze"),
    ],
)
def test_the_nearest_is_found_by_its_last_part_first(name: str, meant: str) -> None:
    assert f"did you mean {meant}?" in complaint(**{name: "y"})


@pytest.mark.parametrize("name", ["", "foo bar", "fooo", "hyper+x", "ctrl+", "\x1b", "a\nb"])
def test_what_is_no_key_is_told(name: str) -> None:
    assert "is no key" in complaint(zoom=name)


def test_a_key_of_the_program_itself_cannot_be_taken() -> None:
    assert "ctrl+q" in complaint(zoom="ctrl+q")


@pytest.mark.parametrize("name", ["d", "?", "question_mark", "P", "ctrl+p", "j"])
def test_a_key_that_would_do_two_things_is_told(name: str) -> None:
    told = complaint(device__approve=name)
    assert told.startswith("[keys]: ")
    assert "device.approve" in told


def test_two_keys_can_be_swapped() -> None:
    moved = MovedKeys({"device.approve": "d", "device.deny": "a"})
    assert moved.shown(BY_ID["device.approve"]) == "d"


@pytest.mark.parametrize(
    ("keys", "shown"),
    [("V", "V"), ("ctrl+x", "^x"), ("f5,v", "f5 v"), ("question_mark", "?"), ("left", "←")],
)
def test_a_moved_key_is_shown_as_a_person_reads_it(keys: str, shown: str) -> None:
    wanted = {"device.approve": keys, "help": "f1", "inspect.tab_back": "f2"}
    assert MovedKeys(wanted).shown(BY_ID["device.approve"]) == shown


def test_in_ascii_keys_have_names() -> None:
    moved = MovedKeys(is_ascii=True)
    assert moved.shown(BY_ID["inspect"]) == "enter"
    assert moved.shown(BY_ID["list.up"]) == "up k"


async def test_footer_help_and_palette_show_the_moved_key_and_it_works() -> None:
    keys = {"device.approve": "V", "device.undo": "f9", "list.up": "v"}
    scenario = Scenario(settings=Settings(seed=42, keys=keys))
    code = scenario.register("aws-cli").start().user_code
    async with showing(scenario, WIDE) as shown:
        assert "V approve" in shown.footer
        await shown.press("a")
        assert not scenario.simulator.state.devices[code].decisions
        await shown.press("V")
        assert scenario.simulator.state.devices[code].decision == "approved"
        assert "f9 undo" in shown.hint
        titles = {it.title for it in shown.app.get_system_commands(shown.screen)}
        assert {"Approve  V", "Approve held  V", "Deny held  d", "Restore client  f9"} <= titles
        assert {"QR code  Q", "Copy as HAR entry"} <= titles
        await shown.press("question_mark")
        lines = shown.app.screen.query_one(Page).text.splitlines()
        assert any(line.split()[:2] == ["V", "approve"] for line in lines)


def test_the_command_prints_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["keys"]) == outcome.OK
    out = capsys.readouterr().out
    assert out.startswith("[keys]\n")
    assert '"auto_approve" = "P"' in out


def mentions() -> set[str]:
    """What sentences of the screen mention."""
    sources = (Path(__file__).parents[2] / "oidc_sim" / "tui").rglob("*.py")
    texts = (source.read_text(encoding="utf-8") for source in sources)
    return {name for text in texts for name in re.findall("⟦([^⟧\\\\(]*)⟧", text)}


def test_what_sentences_mention_has_a_key() -> None:
    found = mentions() - {"what keys do"}
    assert len(found) >= 15
    assert found <= {key.id for key in KEYS}


async def test_sentences_name_the_moved_key() -> None:
    keys = {"clock.freeze": "f6", "help": "f1", "copy.code": "f7"}
    scenario = Scenario(settings=Settings(keys=keys, seed=42))
    async with showing(scenario) as shown:
        assert "f1 shows every key" in shown.hint
        assert "f7  copy that" in shown.text
        await shown.press("f6")
        assert shown.hint == "the clock stands still; f6 lets it go on"

"""What an empty screen says, which a newcomer types."""

import shlex

import pytest

from oidc_sim.cli.arguments import parser, split_command
from oidc_sim.testing.scenario import URL, Scenario
from oidc_sim.tui.operator.copying import shell_lines
from tests.tui.showing import NARROW, WIDE, showing


def test_the_command_is_one_that_we_know() -> None:
    words = shlex.split("\n".join(shell_lines(URL)).replace("\\\n", " "))
    assert words[0] == "oidc-sim"
    ours, theirs = split_command(words[1:])
    flags = vars(parser().parse_args(ours))
    assert (flags["command"], flags["port"]) == ("exec", "8990")
    assert theirs == ["aws", "sso", "login", "--use-device-code", "--no-browser"]


@pytest.mark.parametrize("size", [(61, 18), NARROW, WIDE], ids=["61x18", "80x24", "120x40"])
async def test_it_is_whole_with_the_keys_in_any_window(size: tuple[int, int]) -> None:
    async with showing(Scenario(), size) as shown:
        for line in shell_lines(URL):
            assert line in shown.text
        assert "copy that" in shown.text
        assert "every key" in shown.text


async def test_where_there_is_room_other_clients_are_thought_of_too() -> None:
    async with showing(Scenario(), NARROW) as shown:
        assert 'eval "$(oidc-sim env --port 8990)"' in shown.text
        assert f"AWS_ENDPOINT_URL_SSO_OIDC={URL}" in shown.text

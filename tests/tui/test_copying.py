"""Copying says what went to the clipboard and how long it is; opening a page says when it cannot."""

import sys
from pathlib import Path

import pytest

from oidc_sim.testing.scenario import URL, Scenario
from oidc_sim.tui.app import open_page
from tests.tui.busy import busy
from tests.tui.showing import NARROW, showing


async def test_y_copies_the_user_code() -> None:
    scenario = Scenario()
    code = scenario.register("aws-cli").start().user_code
    async with showing(scenario) as shown:
        await shown.press("y")
        assert shown.app.clipboard == code
        assert shown.hint == f"sent {code} to the terminal's clipboard (9 bytes)"


async def test_y_on_a_request_copies_the_code_of_its_device() -> None:
    scenario = Scenario()
    program = scenario.register("aws-cli")
    first, second = program.start(), program.start()
    program.poll(first)
    async with showing(scenario) as shown:
        await shown.press("3", "up", "y")
        assert shown.app.clipboard == first.user_code != second.user_code


async def test_on_the_empty_screen_y_copies_the_lines_that_it_shows() -> None:
    async with showing(Scenario(), NARROW) as shown:
        await shown.press("y")
        lines = shown.app.clipboard.splitlines()
        assert all(f"  {line}" in shown.text for line in lines)
        assert lines == [
            "oidc-sim exec --port 8990 -- \\",
            "  aws sso login --use-device-code --no-browser",
        ]
        assert shown.app.clipboard.endswith("\n")
        assert shown.hint == "sent the shell lines to the terminal's clipboard (78 bytes)"


async def test_curl_has_its_secrets_cut_until_it_is_asked_for_twice() -> None:
    scenario = Scenario()
    program = scenario.register("aws-cli")
    sign_in = program.start()
    program.poll(sign_in)
    async with showing(scenario) as shown:
        await shown.press("Y")
        assert program.client_secret not in shown.app.clipboard
        assert "secrets cut" in shown.hint
        await shown.press("Y")
        assert program.client_secret in shown.app.clipboard
        assert "SECRETS IN FULL" in shown.hint
        await shown.press("Y")
        assert program.client_secret not in shown.app.clipboard


@pytest.mark.parametrize("between", ["y", "J", "a later moment", "another request"])
async def test_the_second_press_counts_only_right_after_the_first(between: str) -> None:
    scenario = Scenario()
    program = scenario.register("aws-cli")
    sign_in = program.start()
    async with showing(scenario) as shown:
        await shown.press("Y")
        if between in {"y", "J"}:
            await shown.press(between)
            assert program.client_secret not in shown.app.clipboard
        elif between == "a later moment":
            scenario.wait(6)
        else:
            program.poll(sign_in)
        await shown.press("Y")
        assert program.client_secret not in shown.app.clipboard


async def test_without_a_request_there_is_nothing_to_copy_as_curl() -> None:
    async with showing(Scenario()) as shown:
        await shown.press("Y")
        assert shown.hint == "no request selected"
        assert not shown.app.clipboard


@pytest.mark.parametrize("has_browser", [True, False])
async def test_o_opens_the_page_of_the_selected_code_or_says_why_not(has_browser: bool) -> None:  # noqa: FBT001
    scenario = Scenario()
    code = scenario.register("aws-cli").start().user_code
    url = f"{URL}/device?user_code={code}"
    async with showing(scenario, has_browser=has_browser) as shown:
        await shown.press("o")
        assert shown.opened == [url]
        assert shown.hint == (
            f"opening {url}" if has_browser else f"no browser on this host; open {url}"
        )


# A real browser is a program that ``webbrowser`` finds.


@pytest.mark.parametrize(("exit_code", "is_opened"), [(0, True), (1, False)])
async def test_the_browser_gets_the_url_and_not_our_terminal(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    exit_code: int,
    is_opened: bool,  # noqa: FBT001
) -> None:
    seen = tmp_path / "seen"
    browser = tmp_path / "browser"
    browser.write_text(
        f"#!{sys.executable}\n"
        "import os, sys\n"
        "print('noise'); print('noise', file=sys.stderr)\n"
        f"open({str(seen)!r}, 'w').write(f'{{sys.argv[1]}} {{os.getsid(0) == os.getppid()}}')\n"
        f"sys.exit({exit_code})\n"
    )
    browser.chmod(0o755)
    monkeypatch.setenv("BROWSER", f"{browser} %s")
    assert await open_page("http://127.0.0.1:1/device?user_code=A") is is_opened
    assert seen.read_text() == "http://127.0.0.1:1/device?user_code=A True"
    assert capfd.readouterr() == ("", "")


async def test_a_host_without_a_browser_is_told_apart(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    w3m = tmp_path / "w3m"  # would draw on our terminal
    w3m.write_text("#!/bin/sh\nexit 0\n")
    w3m.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("TERM", "xterm")
    assert not await open_page("http://127.0.0.1:1/")


async def test_a_module_in_the_working_directory_is_not_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "webbrowser.py").write_text(
        "open('hijacked', 'w').close()\nopen = lambda url: True\n"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BROWSER", "/bin/false %s")
    assert not await open_page("http://127.0.0.1:1/")
    assert not (tmp_path / "hijacked").exists()


async def test_nothing_is_copied_while_the_terminal_does_not_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scenario = Scenario()
    busy(scenario)
    async with showing(scenario) as shown:
        monkeypatch.setattr(shown.app._watch, "look", lambda: None)
        shown.app._watch.is_paused = True
        await shown.press("y")
        assert not shown.app.clipboard

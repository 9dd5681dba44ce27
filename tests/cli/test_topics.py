"""``oidc-sim help``: pages for a reader in a terminal, or as they are; at once, and without a traceback."""

import os
import re
import subprocess
import sys

import pytest

from oidc_sim.__main__ import main as program
from oidc_sim.cli import main, outcome
from oidc_sim.cli.topics import COMMANDS, PAGES, for_terminal
from tests.architecture.sources import ROOT

Capture = pytest.CaptureFixture[str]
HEAVY = {"aiohttp", "argparse", "asyncio", "pydantic", "textual"}


def test_without_a_topic_each_is_listed_on_a_line_that_fits(capsys: Capture) -> None:
    assert main.main(["help"]) == outcome.OK
    text = capsys.readouterr().out
    for topic, page in PAGES.items():
        title = page.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")
        assert re.search(rf"^  {topic} +{re.escape(title)}$", text, re.MULTILINE)
    assert [line for line in text.splitlines() if len(line) > 80] == []


@pytest.mark.parametrize("topic", PAGES)
def test_a_pipe_gets_the_page_as_it_is(topic: str, capsys: Capture) -> None:
    assert main.main(["help", topic]) == outcome.OK
    assert capsys.readouterr().out == PAGES[topic].read_text(encoding="utf-8")


@pytest.mark.parametrize("topic", PAGES)
@pytest.mark.parametrize("width", [72, 80])
def test_a_terminal_gets_every_word_of_it_in_lines_that_fit(topic: str, width: int) -> None:
    page = PAGES[topic].read_text(encoding="utf-8")
    lines = list(for_terminal(page, width))
    too_long = [
        line for line in lines if len(line) > width and not line.startswith(("    ", "[", "* `"))
    ]
    assert [line for line in too_long if " " in line.split("  ")[-1].strip()] == []
    said = " ".join(lines)
    words = re.findall(r"[A-Za-z]{3,}", re.sub(r"<!--.*?-->|```\w*|\]\(\w+\.md\)", "", page))
    heads = set(re.findall(r"^\| (\w+) \|.*\n\|-", page, re.MULTILINE))  # a block needs no head
    assert set(words) - heads <= set(re.findall(r"[A-Za-z]{3,}", said))


def test_a_wide_table_is_a_block_for_each_row_and_a_narrow_one_stays() -> None:
    wide = "| name | does | more |\n|---|---|---|\n"
    wide += f"| `a` | {'word ' * 12}| x \\| y |\n| b | | |\n"
    assert list(for_terminal(wide, 40)) == [
        "a",
        "  does  word word word word word word",
        "        word word word word word word",
        "  more  x | y",
        "b",
    ]
    narrow = f"| key | does |\n|---|---|\n| `q` | {'word ' * 12}|\n"
    assert list(for_terminal(narrow, 40)) == [
        "key  does",
        "q    word word word word word word word",
        "     word word word word word",
    ]


def test_headings_code_items_and_links_are_laid_out() -> None:
    page = (
        "# One\n\nSee [the list](wire.md) **now**.\n\n```\n  code\n```\n* an item that\n  goes on\n"
    )
    assert list(for_terminal(page, 20)) == [
        "One",
        "===",
        "",
        "See the list",
        "('oidc-sim help",
        "wire') now.",
        "",
        "      code",
        "* an item that goes",
        "  on",
    ]


@pytest.mark.parametrize(
    ("topic", "named"),
    [
        ("fault", "did you mean 'faults'?"),
        ("ctrl", "did you mean 'ctl'?"),
        ("nonsense", f"the topics are {', '.join(PAGES)}"),
        ("\x1b[31m", "\\x1b[31m"),
    ],
)
def test_an_unknown_topic_is_one_line_with_the_nearest_and_exit_2(
    topic: str, named: str, capsys: Capture
) -> None:
    assert main.main(["help", topic]) == outcome.CANNOT_START
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert named in err


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_shows_its_own_help(command: str, capsys: Capture) -> None:
    assert main.main(["help", command]) == outcome.OK
    assert capsys.readouterr().out.startswith(f"usage: oidc-sim {command} ")


def test_every_command_is_a_topic_or_has_its_own_help(capsys: Capture) -> None:
    main.main(["--help"])
    named = re.findall(r"^    ([a-z]+) ", capsys.readouterr().out, re.MULTILINE)
    assert {*named} - {*COMMANDS, *PAGES} == {"help"}


@pytest.mark.parametrize("words", [["help", "a", "b"], ["help", "keys", "--port", "1"]])
def test_what_help_does_not_take_is_a_usage_error(words: list[str], capsys: Capture) -> None:
    assert main.main(words) == outcome.CANNOT_START
    assert capsys.readouterr().err.count("\n") == 1


def run(*words: str, **options: object) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-X", "importtime", "-m", "oidc_sim", *words]
    return subprocess.run(command, cwd=ROOT, check=False, stderr=subprocess.PIPE, **options)  # type: ignore[call-overload, no-any-return]


def test_a_page_starts_without_what_the_server_needs_and_reads_no_setting() -> None:
    done = run("help", "keys", stdout=subprocess.PIPE, env={**os.environ, "OIDC_SIM_PORT": "wrong"})
    assert done.stdout == PAGES["keys"].read_bytes()
    loaded = set(re.findall(rb"\| +(\w+)$", done.stderr, re.MULTILINE))
    assert b"difflib" not in loaded
    assert {name.encode() for name in HEAVY} & loaded == set()


def test_a_pipe_that_is_closed_is_the_end_and_no_traceback() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = run("help", "wire", stdout=writer)
    os.close(writer)
    assert done.returncode == outcome.OK
    assert b"rror" not in re.sub(rb"import time:.*\n", b"", done.stderr)


def test_signs_that_the_locale_has_not_are_no_failure() -> None:
    latin = {**os.environ, "PYTHONIOENCODING": "latin-1"}
    done = run("help", "keys", stdout=subprocess.PIPE, env=latin)
    assert done.returncode == outcome.OK
    assert b"inspect the selected row" in done.stdout


def test_the_program_shows_help_before_anything_else(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["oidc-sim", "help", "threats"])
    monkeypatch.setattr(main, "main", lambda: pytest.fail("the server's command line was asked"))
    assert program() == outcome.OK
    assert capsys.readouterr().out.startswith("# What could go wrong")

"""README and ``oidc_sim/docs`` tell the truth: tables, commands, links, paths; and they are shipped."""

import re
import shlex
from collections.abc import Iterator
from importlib.metadata import files
from pathlib import Path

import pytest

from oidc_sim.cli.arguments import parser, split_command
from oidc_sim.cli.outcome import SIGNALLED
from tests.generated_tables import BLOCK, DOCS, TABLES, written

ROOT = DOCS.parents[1]
README = ROOT / "README.md"
PAGES = sorted(DOCS.glob("*.md"))
ALL = [README, *PAGES]
TEXTS = {path.name: path.read_text(encoding="utf-8") for path in ALL}
MOST_LINES = 180
NAMES = {"oidc-sim ctl"}
"""What is a command's name in a sentence, and wants more to be one."""
PARAGRAPHS = {name: re.sub(r"\n(?=\S)", " ", text) for name, text in TEXTS.items()}


def commands() -> Iterator[str]:
    """Lines of ``oidc-sim …``, and what stands so in a sentence, spelled out."""
    for name, text in TEXTS.items():
        yield from re.findall(r"^(oidc-sim [^#\n&]*)", text, re.MULTILINE)
        for quoted in re.findall(r"`(oidc-sim [^`…]*)`", PARAGRAPHS[name]):
            if quoted not in NAMES:
                yield " ".join(quoted.split())


COMMANDS = sorted(set(commands()))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_tables_are_those_that_the_code_makes(page: Path) -> None:
    assert written(TEXTS[page.name]) == TEXTS[page.name], "run: python -m tests.generated_tables"


def test_every_table_has_one_place() -> None:
    placed = [block["name"] for page in PAGES for block in BLOCK.finditer(TEXTS[page.name])]
    assert sorted(placed) == sorted(TABLES)


def test_an_exit_code_is_in_its_table() -> None:
    assert f"| {SIGNALLED} |" in TABLES["exit codes"]()


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_is_one_that_the_program_takes(command: str) -> None:
    words, _ = split_command(shlex.split(command)[1:])
    parsed = vars(parser().parse_args(words))
    assert parsed.get("topic") in {None, "TOPIC", *(page.stem for page in PAGES)}


def test_there_are_commands_to_check() -> None:
    assert len(COMMANDS) >= 10


@pytest.mark.parametrize("page", ALL, ids=lambda page: page.stem)
def test_every_link_leads_somewhere(page: Path) -> None:
    text = TEXTS[page.name]
    targets = re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(
        r"^\[[^]]+\]: (\S+)", text, re.MULTILINE
    )
    broken = [
        it
        for it in targets
        if not it.startswith(("https://", "#")) and not (page.parent / it).is_file()
    ]
    anchors = {
        f"#{line.lower().replace(' ', '-')}" for line in re.findall(r"^#+ (.+)", text, re.MULTILINE)
    }
    assert broken == []
    assert {it for it in targets if it.startswith("#")} <= anchors


@pytest.mark.parametrize("page", ALL, ids=lambda page: page.stem)
def test_every_path_that_a_page_names_is_there(page: Path) -> None:
    named = re.findall(r"`((?:[a-z_]+/)+(?:[a-z_]+\.py)?|tests/[a-z_/]+)`", TEXTS[page.name])
    roots = (ROOT, DOCS.parent)
    assert [it for it in named if not any((root / it).exists() for root in roots)] == []


def test_the_two_commands_stand_as_promised() -> None:
    assert "pip install . && oidc-sim " in TEXTS["README.md"]
    assert "pip install -e '.[dev]' && pytest " in TEXTS["README.md"]


def test_the_readme_is_read_in_five_minutes_and_lists_every_page() -> None:
    text = TEXTS["README.md"]
    assert text.count("\n") <= MOST_LINES
    assert set(re.findall(r"^\| \[(\w+)\]\(oidc_sim/docs/\1\.md\)", text, re.MULTILINE)) == {
        page.stem for page in PAGES
    }


def test_the_licence_is_declared_and_installed() -> None:
    shipped = [str(file) for file in files("oidc-sim") or []]
    is_there = any(file.endswith("licenses/oidc_sim/LICENSE") for file in shipped)
    assert is_there, "installed before it was declared? pip install -e '.[dev]'"
    assert (DOCS.parent / "LICENSE").read_text(encoding="utf-8").startswith("MIT License\n")

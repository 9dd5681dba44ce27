"""The README tells the truth: its tables, commands, pictures and paths."""

import re
import shlex

import pytest

from oidc_sim.cli.arguments import parser, split_command
from oidc_sim.cli.outcome import SIGNALLED
from tests.generated_tables import BLOCK, README, TABLES, written

TEXT = README.read_text(encoding="utf-8")
COMMANDS = re.findall(r"^(oidc-sim [^#\n&]*)", TEXT, re.MULTILINE)


def test_the_tables_are_those_that_the_code_makes() -> None:
    assert written(TEXT) == TEXT, "run: python -m tests.generated_tables"


def test_every_table_has_its_place() -> None:
    assert {block["name"] for block in BLOCK.finditer(TEXT)} == set(TABLES)


def test_an_exit_code_is_in_its_table() -> None:
    assert f"| {SIGNALLED} |" in TABLES["exit codes"]()


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_is_one_that_the_program_takes(command: str) -> None:
    words, _ = split_command(shlex.split(command)[1:])
    parser().parse_args(words)


def test_there_are_commands_to_check() -> None:
    assert len(COMMANDS) >= 3


@pytest.mark.parametrize("path", re.findall(r"\]\((screenshots/[^)]+)\)", TEXT))
def test_a_picture_is_there(path: str) -> None:
    assert (README.parent / path).is_file()


def test_the_two_commands_stand_as_promised() -> None:
    assert "pip install . && oidc-sim " in TEXT
    assert "pip install -e '.[dev]' && pytest " in TEXT


@pytest.mark.parametrize("package", re.findall(r"`([a-z]+)/`", TEXT))
def test_a_package_that_it_names_is_there(package: str) -> None:
    assert (README.parent / "oidc_sim" / package / "__init__.py").is_file()

"""What the code gives as its reason can be read: in the papers that are shipped with it, by one notation."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.architecture.sources import PACKAGE, ROOT, TESTS, Source, sources

DOCS = PACKAGE / "docs"
FACT, THREAT = re.compile(r"\bwire\.md#(\d+)\b"), re.compile(r"\bT-(\d\d)\b")
PAGE = re.compile(r"\b([a-z][a-z-]*\.md)\b")
PYTHON_FILE = re.compile(r"``([\w/]+\.py)``")
MODULE = re.compile(r"``((?:oidc_sim|tests)\.[\w.]+)``")
OURS, THEIRS = (
    sources(PACKAGE),
    tuple(it for it in sources(TESTS) if "test_citations" not in it.name),
)

PATHS = {path for path in PACKAGE.rglob("*") if path.suffix == ".py" or path.is_dir()}


def rows(page: str, pattern: str) -> set[str]:
    """What the tables of a page have rows for."""
    return set(re.findall(pattern, (DOCS / page).read_text(encoding="utf-8"), re.MULTILINE))


FACTS, THREATS = rows("wire.md", r"^\| (\d+) \|"), rows("threats.md", r"^\| T-(\d\d) \|")


def cited(pattern: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    for source in (*OURS, *THEIRS):
        yield from ((source.name, number) for number in pattern.findall(source.text))


def test_the_papers_have_rows() -> None:
    assert len(FACTS) > 80
    assert len(THREATS) == 41


@pytest.mark.parametrize(("pattern", "known"), [(FACT, FACTS), (THREAT, THREATS)])
def test_every_fact_and_threat_that_is_cited_is_there(
    pattern: re.Pattern[str], known: set[str]
) -> None:
    assert [(where, number) for where, number in cited(pattern) if number not in known] == []


@pytest.mark.parametrize("part", [OURS, THEIRS], ids=["the code", "the tests"])
def test_every_fact_is_relied_on_by_code_and_by_a_test(part: tuple[Source, ...]) -> None:
    relied_on = {number for source in part for number in FACT.findall(source.text)}
    assert FACTS - relied_on == set()


def test_no_page_is_cited_that_is_not_shipped() -> None:
    there = {path.name for path in DOCS.glob("*.md")} | {"report.md"}
    foreign = [
        f"{source.name}: {page}"
        for source in (*OURS, *THEIRS)
        for page in PAGE.findall(source.text)
        if page not in there
    ]
    assert foreign == []


def test_no_fact_is_cited_by_another_notation() -> None:
    odd = re.compile(r"threats\.md|wire\.md (?:§|section |facts? )|\(facts? \d")
    assert [source.name for source in (*OURS, *THEIRS) if odd.search(source.text)] == []


def test_every_file_of_ours_that_is_cited_is_there() -> None:
    there = {path.name for path in ROOT.rglob("*.py")}
    gone = [
        f"{source.name}: {path}"
        for source in (*OURS, *THEIRS)
        for path in PYTHON_FILE.findall(source.text)
        if not ((ROOT / path).is_file() if "/" in path else path in there)
    ]
    assert gone == []


def test_every_module_of_ours_that_is_cited_is_there() -> None:
    there = {source.module for source in (*OURS, *THEIRS)}
    gone = [
        f"{source.name}: {name}"
        for source in (*OURS, *THEIRS)
        for name in MODULE.findall(source.text)
        if not {name, name.rpartition(".")[0]} & there - {"oidc_sim", "tests"}
    ]
    assert gone == []


def test_every_module_in_the_list_of_its_package_is_there() -> None:
    listed = re.compile(r"^    ([a-z_]+)/?  +\S", re.MULTILINE)
    gone = [
        f"{source.module}: {name}"
        for source in OURS
        if source.path.name in {"__init__.py", "start.py"}
        for name in listed.findall((ast.get_docstring(source.tree) or "").partition("::\n")[2])
        if not {source.path.parent / name, source.path.parent / f"{name}.py"} & PATHS
    ]
    assert gone == []

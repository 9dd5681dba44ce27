"""``oidc-sim help``: the topics, and a page of ``oidc_sim/docs`` for a terminal or a pipe.

A pipe gets the page as it is. In a terminal text is wrapped, and a table that is too wide becomes one
short block for each row. By hand, because a library for Markdown would be one more dependency, and
this has to start before the server's are imported: it needs the standard library alone.
"""

import os
import re
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import groupby
from pathlib import Path

from oidc_sim import docs
from oidc_sim.cli import outcome
from oidc_sim.cli.outcome import complain

PAGES = {page.stem: page for page in sorted(Path(docs.__file__).parent.glob("*.md"))}
COMMANDS = ("serve", "env", "ctl", "exec")
"""Commands that are no topics, and have a help of their own."""
_WIDEST = 100
_LEAST_IN_A_COLUMN = 32
"""Cells; narrower text in a column reads worse than a block for each row."""
_LIST = """oidc-sim help TOPIC shows a page; in a pipe, as the Markdown that it is.

{topics}

oidc-sim --help lists the commands, oidc-sim help COMMAND the options of one."""


def show_help(topic: str | None) -> int:
    """Print the list of topics, one page, or a command's help; returns the exit code."""
    if topic in COMMANDS:
        return _show_command(topic)
    if topic is not None and topic not in PAGES:
        complain(f"no help on '{topic}'; {_nearest(topic)}")
        return outcome.CANNOT_START
    if sys.stdout is None:  # closed by the caller
        return outcome.OK
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr] # a locale without our signs
    if topic is None:
        print(_LIST.format(topics="\n".join(_topics())))  # noqa: T201
        return outcome.OK
    page = PAGES[topic].read_text(encoding="utf-8")
    if os.isatty(1):
        columns = min(shutil.get_terminal_size().columns, _WIDEST)
        page = "\n".join(for_terminal(page, columns)) + "\n"
    sys.stdout.write(page)
    return outcome.OK


def _show_command(name: str) -> int:
    from oidc_sim.cli.arguments import parser

    with suppress(SystemExit):
        parser().parse_args([name, "--help"])
    return outcome.OK


def _nearest(topic: str) -> str:
    from difflib import get_close_matches

    for near in get_close_matches(topic, [*PAGES, *COMMANDS], 1):
        return f"did you mean '{near}'? 'oidc-sim help' lists the topics"
    return f"the topics are {', '.join(PAGES)}"


def _topics() -> Iterator[str]:
    """List the topics, each with the title of its page."""
    widest = max(map(len, PAGES))
    for topic, page in PAGES.items():
        with page.open(encoding="utf-8") as lines:
            yield f"  {topic:{widest}}  {next(lines).removeprefix('# ').rstrip()}"


def for_terminal(page: str, width: int) -> Iterator[str]:
    """Lay out a page of Markdown, as far as ours use it, in lines of that many characters at most.

    Code and the addresses of links keep their lines, whatever their length.
    """
    text = re.sub(r"<!--.*?-->\n?", "", page)
    for index, part in enumerate(
        re.split(r"^```\w*\n(.*?)^```\n", text, flags=re.MULTILINE | re.DOTALL)
    ):
        if index % 2:
            yield from (f"    {line}".rstrip() for line in part.splitlines())
            continue
        for kind, lines in groupby(part.splitlines(), _kind):
            yield from _LAYOUT[kind](list(lines), width)


def _kind(line: str) -> str:
    """Return the kind of block that a line is part of, by its beginning."""
    if line.startswith(("| ", "|-")):
        return "table"
    if line.startswith(("* ", "  ")):
        return "items"
    if line.startswith("#"):
        return "heading"
    return "kept" if not line or re.match(r"\[[^]]+\]: ", line) else "text"


def _table(lines: list[str], width: int) -> Iterator[str]:
    rows = [_cells(line) for line in lines if not line.startswith("|-")]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    widest = widths.index(max(widths))
    room = width - 2 * (len(widths) - 1) - sum(widths) + widths[widest]
    if room < min(widths[widest], _LEAST_IN_A_COLUMN):
        yield from _blocks(rows, width)
        return
    widths[widest] = min(room, widths[widest])
    for row in rows:
        wrapped = [_wrap(cell, size) for cell, size in zip(row, widths, strict=True)]
        for at in range(max(map(len, wrapped))):
            parts = [cell[at] if at < len(cell) else "" for cell in wrapped]
            padded = (f"{part:{size}}" for part, size in zip(parts, widths, strict=True))
            yield "  ".join(padded).rstrip()


def _cells(line: str) -> list[str]:
    """The text of each cell; a cell that is code as a whole without its marks."""
    cells = re.split(r"(?<!\\)\|", line.strip()[1:-1])
    return [re.sub(r"^`([^`]*)`$", r"\1", _plain(cell.strip())) for cell in cells]


def _blocks(rows: list[list[str]], width: int) -> Iterator[str]:
    """Lay out one block for each row: its first cell, and under it the others with their columns' heads."""
    (_, *heads), *body = rows
    indent = max(map(len, heads)) + 4
    for first, *others in body:
        yield from _wrap(first, width)
        for head, cell in zip(heads, others, strict=True):
            lines = _wrap(cell, width - indent) if cell else []
            for label, line in zip([head, *[""] * len(lines)], lines, strict=False):
                yield f"  {label:{indent - 2}}{line}"


def _items(lines: list[str], width: int) -> Iterator[str]:
    for item in re.split(r"^\* ", "\n".join(lines), flags=re.MULTILINE)[1:]:
        for at, line in enumerate(_wrap(" ".join(item.split()), width - 2)):
            yield f"  {line}" if at else f"* {line}"


def _heading(lines: list[str], width: int) -> Iterator[str]:
    for line in lines:
        heading = _wrap(line.lstrip("# "), width)
        yield from heading
        yield ("=" if line.startswith("# ") else "-") * max(map(len, heading))


def _plain(text: str) -> str:
    """Remove marks that a terminal has no use for, and make a link to a page a topic."""
    text = re.sub(r"\[([^]]+)\]\((\w+)\.md\)", r"\1 ('oidc-sim help \2')", text)
    return text.replace("\\|", "|").replace("**", "")


def _wrap(text: str, width: int) -> list[str]:
    from textwrap import wrap

    return wrap(_plain(text), width, break_on_hyphens=False, break_long_words=False) or [""]


_LAYOUT: dict[str, Callable[[list[str], int], Iterable[str]]] = {
    "table": _table,
    "items": _items,
    "heading": _heading,
    "text": lambda lines, width: _wrap(" ".join(lines), width),
    "kept": lambda lines, _width: lines,
}

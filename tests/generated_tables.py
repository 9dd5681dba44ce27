"""The tables of ``oidc_sim/docs``, made from the code: ``python -m tests.generated_tables`` writes them."""

import ast
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

from oidc_sim.actions.table import ACTIONS
from oidc_sim.cli import outcome
from oidc_sim.faults.catalogue import CATALOGUE
from oidc_sim.settings.model import FILE_ONLY, Settings, option
from oidc_sim.tui.keymap import KEYS, PALETTE_ONLY, keys_markdown
from oidc_sim.wire.errors import MODELLED

DOCS = Path(__file__).parent.parent / "oidc_sim" / "docs"
PROJECT = DOCS.parent.parent / "pyproject.toml"
BLOCK = re.compile(r"(<!-- (?P<name>[a-z ]+) -->\n)(.*?)(<!-- /(?P=name) -->)", re.DOTALL)


def errors() -> Iterator[str]:
    """Every exception of the service's model, as a client sees it."""
    yield "| exception | status | error | description |"
    yield "|---|---|---|---|"
    for problem in MODELLED:
        yield f"| {problem.name} | {problem.status} | `{problem.error}` | {problem.text} |"


def actions() -> Iterator[str]:
    """What ``ctl`` and standard input take, and the control API's routes."""
    yield "| `ctl` and standard input | key | route | does |"
    yield "|---|---|---|---|"
    keys = {it.id: it.shown for it in (*KEYS, *PALETTE_ONLY)}
    for row in ACTIONS:
        words = row.words.replace("|", "\\|")
        key = f"`{keys[row.id]}`" if row.id in keys else ""
        yield f"| `{words}` | {key} | `{row.route}` | {row.in_words or row.help} |"


def faults() -> Iterator[str]:
    """Every fault of the catalogue, with what can be set of it."""
    yield "| fault | client sees | does | settings |"
    yield "|---|---|---|---|"
    for fault in CATALOGUE:
        given = ", ".join(f"`{it.name}`" for it in fault.parameters)
        given += "; `times` is `always`" if fault.times is None else ""
        yield f"| `{fault.name}` | {fault.shows} | {fault.help} | {given} |"


def settings() -> Iterator[str]:
    """Every option with its default."""
    yield "| option | default | meaning |"
    yield "|---|---|---|"
    for name, field in Settings.model_fields.items():
        has_none = field.default is None or field.default is False or field.default in ((), {})
        default = "" if has_none else f"`{field.default}`"
        shown = _in_file(name) if name in FILE_ONLY else option(name)
        yield f"| `{shown}` | {default} | {field.description} |"


def _in_file(name: str) -> str:
    """A table, or one of several."""
    return f"[{name}]" if Settings.model_fields[name].default == {} else f"[[{name}]]"


def codes() -> Iterator[str]:
    """What the process ends with; the words are the module's own docstrings."""
    yield "| exit code | meaning |"
    yield "|---|---|"
    source = Path(outcome.__file__).read_text(encoding="utf-8")
    for value, text in re.findall(
        r'^[A-Z_]+ = (\d+)\n"""(.*?)"""', source, re.MULTILINE | re.DOTALL
    ):
        yield f"| {value} | {' '.join(text.split())} |"


def floors() -> Iterator[str]:
    """Each part on its floor, with the first sentence of its docstring."""
    yield "| floor | part | what it is |"
    yield "|---|---|---|"
    contracts = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    (layers,) = [it["layers"] for it in contracts if it["name"] == "floors"]
    for floor, parts in zip(range(len(layers), 0, -1), layers, strict=True):
        for part in parts.split(" | "):
            init = DOCS.parent / part / "__init__.py"
            text = ast.get_docstring(ast.parse(init.read_text(encoding="utf-8"))) or ""
            first = " ".join(text.partition("\n\n")[0].replace("``", "`").split())
            yield f"| {floor} | `{part}` | {first} |"


TABLES: dict[str, Callable[[], str]] = {
    "keys": keys_markdown,
    "errors": lambda: "\n".join(errors()) + "\n",
    "actions": lambda: "\n".join(actions()) + "\n",
    "faults": lambda: "\n".join(faults()) + "\n",
    "settings": lambda: "\n".join(settings()) + "\n",
    "floors": lambda: "\n".join(floors()) + "\n",
    "exit codes": lambda: "\n".join(codes()) + "\n",
}


def written(page: str) -> str:
    """The page with its tables as they should be."""
    return BLOCK.sub(lambda block: block[1] + TABLES[block["name"]]() + block[4], page)


if __name__ == "__main__":
    for path in DOCS.glob("*.md"):
        path.write_text(written(path.read_text(encoding="utf-8")), encoding="utf-8")

"""What is on the screen, as lines of text: the main way to look at the screen in a test."""

from pathlib import Path
from typing import Any

from textual.app import App
from textual.strip import Strip

GOLDEN = Path(__file__).parents[1] / "golden" / "tui"


def screen_strips(app: App[Any]) -> list[Strip]:
    """The screen's lines with their styles. The only call of this private method of Textual."""
    return app.screen._compositor.render_strips()


def screen_text(app: App[Any]) -> list[str]:
    """The screen's lines, as wide as the screen."""
    return [strip.text for strip in screen_strips(app)]


class Golden:
    """Compares screens with files in `tests/golden/tui`, or writes them under `--update-golden`."""

    def __init__(self, *, is_updating: bool) -> None:
        self._is_updating = is_updating

    def check(self, name: str, lines: list[str]) -> None:
        """Fails unless the lines are those of `NAME.txt`; blanks at their ends do not count."""
        text = "".join(f"{line.rstrip()}\n" for line in lines)
        path = GOLDEN / f"{name}.txt"
        if self._is_updating:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert path.exists(), f"{name}: there is no golden yet; run with --update-golden"
        assert text == path.read_text(encoding="utf-8"), (
            f"{name}: the screen changed; if that is meant, run with --update-golden"
        )

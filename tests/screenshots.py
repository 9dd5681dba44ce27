"""Makes the pictures in ``screenshots/`` from the running app: ``python -m tests.screenshots``.

The clock is moved by hand and the ids are seeded, so the same code makes the same bytes.
"""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from oidc_sim.settings.model import Settings
from oidc_sim.testing.scenario import Scenario
from tests.tui.busy import busy
from tests.tui.showing import NARROW, WIDE, Shown, in_utc, showing

FOLDER = Path(__file__).parents[1] / "screenshots"
Story = Callable[[Shown], Awaitable[None]]


async def first_start(_shown: Shown) -> None:
    """Nobody is here yet."""


async def traffic(shown: Shown) -> None:
    """Three programs; the newest code is selected."""
    busy(shown.scenario)
    await shown.settle()
    await shown.press("home")


async def approved(shown: Shown) -> None:
    """Traffic, and one code was approved a moment ago."""
    await traffic(shown)
    await shown.press("a")
    shown.scenario.wait(3)
    await shown.settle()


async def too_fast(shown: Shown) -> None:
    """The inspector on a client that does not keep the interval."""
    await traffic(shown)
    await shown.press("down", "down")


async def inspector(shown: Shown) -> None:
    """The same on a small terminal."""
    await too_fast(shown)
    await shown.press("enter")


async def request(shown: Shown) -> None:
    """One request, its JSON with the secrets cut."""
    await traffic(shown)
    await shown.press("3", "up", "up", "right")


async def injecting(shown: Shown) -> None:
    """The picker over traffic."""
    await traffic(shown)
    await shown.press("i")


async def every_key(shown: Shown) -> None:
    """The help."""
    await approved(shown)
    await shown.press("question_mark")


PICTURES: dict[str, tuple[tuple[int, int], Story]] = {
    "first-start": (WIDE, first_start),
    "operator": (WIDE, too_fast),
    "approved-80x24": (NARROW, approved),
    "inspector-80x24": (NARROW, inspector),
    "request": (WIDE, request),
    "inject": (NARROW, injecting),
    "help": (WIDE, every_key),
}


async def picture(size: tuple[int, int], story: Story) -> str:
    """One SVG."""
    scenario = Scenario(settings=Settings())
    async with showing(scenario, size) as shown:
        await story(shown)
        return shown.app.export_screenshot(title="oidc-sim")


def main() -> None:
    """Write them all."""
    FOLDER.mkdir(exist_ok=True)
    with in_utc():
        for name, (size, story) in PICTURES.items():
            svg = asyncio.run(picture(size, story))
            (FOLDER / f"{name}.svg").write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()

"""The dialog that edits a held request's answer, with a hand on its fields."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual import events
from textual.widgets import Input, TextArea

from oidc_sim.testing.scenario import Scenario
from oidc_sim.tui.app import OperatorApp
from tests.tui.showing import NARROW, Shown, showing
from tests.tui.waiting_requests import arrive

PENDING = (
    b"HTTP/1.1 400 Bad Request\r\nDate: Tue, 24 Nov 2026 12:11:12 GMT\r\n"
    b"Content-Type: application/json\r\nContent-Length: 63\r\nConnection: keep-alive\r\n"
    b"x-amzn-RequestId: 6f0c2a51-6a1b-4c4f-8f6e-0d3c1b2a4e5f\r\n"
    b"x-amzn-ErrorType: AuthorizationPendingException"
    b":http://internal.amazon.com/coral/com.amazonaws.sso.oidc/\r\n\r\n"
    b'{"error":"authorization_pending","error_description":null}'
)


@asynccontextmanager
async def editing(
    size: tuple[int, int] = NARROW, truth: bytes | None = PENDING
) -> AsyncIterator[tuple[Shown, int]]:
    """A poll that is held, and the dialog that edits its answer; gives the poll's number."""
    scenario = Scenario()
    program = scenario.register("aws-cli")
    sign_in = program.start()
    async with showing(scenario, size) as shown:

        async def preview_answer(_number: int) -> bytes | None:
            return truth

        shown.running_server.preview_answer = preview_answer
        await shown.press("space")
        number = arrive(scenario, program, sign_in) or 0
        await shown.press("E")
        await shown.pilot.pause()
        yield shown, number


async def write(shown: Shown, **fields: str) -> None:
    """Put texts into the fields as a paste does."""
    await write_into(shown.app, **fields)
    await shown.pilot.pause()
    await shown.settle()


async def write_into(app: OperatorApp, **fields: str) -> None:
    """The same, of an app that goes by its own timer."""
    for name, text in fields.items():
        field = app.screen.query_one(f"#{name}")
        field.focus()
        if isinstance(field, Input):
            field.value = text
        else:
            assert isinstance(field, TextArea)
            field.select_all()
            await field._on_paste(events.Paste(text))

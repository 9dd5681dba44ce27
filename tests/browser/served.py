"""The whole server in a thread of its own, since a browser's driver blocks the one that it is called in."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from oidc_sim.engine.commands import Command
from oidc_sim.engine.model import Device, DeviceState
from tests.server.page_site import Client, Site, open_site
from tests.server.raw_http import PATIENCE_S
from tests.server.sign_in_site import CodeClient, code_client

Result = TypeVar("Result")


@dataclass(frozen=True)
class Served:
    """The server, to be used from any other thread."""

    site: Site
    loop: asyncio.AbstractEventLoop

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.site.port}"

    def call(self, work: Callable[[], Result]) -> Result:
        """Do something in the server's thread."""

        async def working() -> Result:
            return work()

        return asyncio.run_coroutine_threadsafe(working(), self.loop).result(PATIENCE_S)

    def do(self, command: Command[object]) -> None:
        self.call(lambda: self.site.simulator.dispatch(command))

    def device_client(self, name: str = "demo-cli") -> Client:
        return self.call(lambda: self.site.client(name, ("sso:account:access",)))

    def code_client(self, name: str = "demo-cli") -> CodeClient:
        return self.call(lambda: code_client(self.site, name))

    def device(self, user_code: str) -> Device:
        return self.call(lambda: self.site.simulator.state.devices[user_code])

    def state(self, user_code: str) -> DeviceState:
        device = self.device(user_code)
        return self.call(lambda: device.state(self.site.simulator.now().at))


@contextmanager
def serving() -> Iterator[Served]:
    """A server for the time of the block; it must not have failed at anything by the end."""
    up: Future[Served] = Future()
    down = threading.Event()
    thread = threading.Thread(target=_run, args=(up, down))
    thread.start()
    try:
        yield up.result(PATIENCE_S)
    finally:
        down.set()
        thread.join(PATIENCE_S)
    assert not thread.is_alive()


def _run(up: "Future[Served]", down: threading.Event) -> None:
    async def main() -> None:
        async with open_site() as site:
            up.set_result(Served(site, asyncio.get_running_loop()))
            await asyncio.to_thread(down.wait)

    asyncio.run(main())  # a failure in it is a warning of pytest's, and those are errors

"""Runs the screen over a simulator and measures its frames, from inside.

``python -m tests.benchmarks.frames SEEN FRAMES RESULT``, in a terminal: after SEEN polls, one more
comes every tenth of a second, as often as the screen looks. What the process then takes of the
processor from one poll to the next is one frame: its look, its layout, its bytes. The milliseconds
are written to RESULT as a JSON list.
"""

import asyncio
import json
import sys
import time
from pathlib import Path

from oidc_sim.actions.running_server import RunningServer
from oidc_sim.engine.commands import AuthorizeDevice, Poll, RegisterClient
from oidc_sim.engine.model import DEVICE_CODE_GRANT
from oidc_sim.engine.replies import Authorized, Registered
from oidc_sim.record.exchange import Exchange, packed
from oidc_sim.settings.model import Settings
from oidc_sim.simulator.ids import RandomIds
from oidc_sim.simulator.simulator import Simulator
from oidc_sim.tui.start import run

_DEVICES = 64
_SETTLES = 10
"""Frames before the first that counts."""
_EVERY_S = 0.1
_HEADERS = packed(((b"Host", b"127.0.0.1:8990"), (b"Content-Type", b"application/json")))
_HEAD = b"HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: 86\r\n\r\n"
_BODY = b'{"error":"authorization_pending","error_description":"Authorization is still pending"}'


class Crowd:
    """Devices of one client that poll in turn."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        client = simulator.dispatch(
            RegisterClient(
                name="benchmark",
                client_type="public",
                scopes=("sso:account:access",),
                grant_types=(DEVICE_CODE_GRANT,),
                redirect_uris=(),
            )
        )
        assert isinstance(client, Registered)
        self._client = client
        self._devices = [self._authorize() for _ in range(_DEVICES)]

    def _authorize(self) -> Authorized:
        client = self._client
        reply = self._simulator.dispatch(
            AuthorizeDevice(client_id=client.client.client_id, client_secret=client.client_secret)
        )
        assert isinstance(reply, Authorized)
        return reply

    def poll(self) -> None:
        """The next device polls, and it is recorded as the server records it."""
        simulator = self._simulator
        number = simulator.log.exchanges.seen + 1
        device = self._devices[number % _DEVICES]
        client_id = self._client.client.client_id
        simulator.dispatch(
            Poll(
                client_id=client_id,
                client_secret=self._client.client_secret,
                device_code=device.device_code,
            )
        )
        simulator.record(
            Exchange(
                number=number,
                at=simulator.now().at,
                method="POST",
                target="/token",
                operation="CreateToken",
                status=400,
                outcome="authorization_pending",
                user_code=device.device.user_code,
                client_id=client_id,
                took_s=0.0001,
                packed_headers=_HEADERS,
                request_body=b"{}",
                response_head=_HEAD,
                response_body=_BODY,
            )
        )


async def _frames_ms(running_server: RunningServer, crowd: Crowd, frames: int) -> list[float]:
    taken: list[float] = []
    for _ in range(_SETTLES + frames):
        crowd.poll()
        before_s = time.process_time()
        await asyncio.sleep(_EVERY_S)
        taken.append((time.process_time() - before_s) * 1000)
    running_server.ending.set_result(0)
    return taken[_SETTLES:]


async def measure(seen: int, frames: int) -> list[float]:
    """Show the screen while one poll follows the other; returns milliseconds of processor."""
    settings = Settings()
    simulator = Simulator(settings.policy(), RandomIds.from_secrets(settings.region))
    ending: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    running_server = RunningServer(simulator, settings, "http://127.0.0.1:8990", ending)
    crowd = Crowd(simulator)
    for _ in range(seen):
        crowd.poll()
    _, taken = await asyncio.gather(run(running_server), _frames_ms(running_server, crowd, frames))
    return taken


if __name__ == "__main__":
    _seen, _frames, _result = sys.argv[1:]
    _taken = asyncio.run(measure(int(_seen), int(_frames)))
    Path(_result).write_text(json.dumps(_taken), encoding="ascii")

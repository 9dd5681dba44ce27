"""A server that answers everything with the same, for what asks a server of ours."""

import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

from oidc_sim.actions.typed_lines import read
from oidc_sim.actions.typed_settings import WordsError
from oidc_sim.cli import outcome
from oidc_sim.cli.ctl import run_action
from oidc_sim.cli.outcome import complain
from oidc_sim.cli.running import Running

HEALTH = b'{"status":"ok"}'


@contextmanager
def answering(
    body: bytes = HEALTH,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    heads: list[str] | None = None,
) -> Iterator[Running]:
    """The server, for the time of the block; what it is asked goes into ``heads``."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if heads is not None:
                heads.append(f"{self.requestline}\n{self.headers}")
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815 - http.server's names

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            url = f"http://127.0.0.1:{server.server_port}"
            yield Running(url, f"on {server.server_port}", os.getpid())
        finally:
            server.shutdown()
            thread.join()


def redirecting(target: str, status: int = 307) -> AbstractContextManager[Running]:
    """A server that sends whoever asks elsewhere."""
    return answering(b"", status, {"Location": target})


def closed_port() -> Running:
    """A server that is gone."""
    with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        return Running(f"http://127.0.0.1:{server.server_port}", "old-token", os.getpid())


def run_words(running: Running, words: Sequence[str]) -> int:
    """What ``oidc-sim ctl`` does with these words at that server."""
    try:
        return run_action(running, read(words))
    except WordsError as error:
        complain(str(error), "oidc-sim ctl")
        return outcome.CANNOT_START

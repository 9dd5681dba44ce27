"""A server that answers everything with the same, for what asks a server of ours."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

from oidc_sim import exit_codes
from oidc_sim.complaint import complain
from oidc_sim.ctl import run_action
from oidc_sim.running import Running
from oidc_sim.words.reading import read
from oidc_sim.words.wish import WordsError

HEALTH = b'{"status":"ok"}'


@contextmanager
def answering(body: bytes = HEALTH, status: int = 200) -> Iterator[Running]:
    """The server, for the time of the block."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815 - http.server's names

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield Running(f"http://127.0.0.1:{server.server_port}", f"on {server.server_port}", 1)
        finally:
            server.shutdown()
            thread.join()


def closed_port() -> Running:
    """A server that is gone."""
    with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        return Running(f"http://127.0.0.1:{server.server_port}", "old-token", 1)


def run_words(running: Running, words: Sequence[str]) -> int:
    """What ``oidc-sim ctl`` does with these words at that server."""
    try:
        return run_action(running, read(words))
    except WordsError as error:
        complain(str(error), "oidc-sim ctl")
        return exit_codes.CANNOT_START

"""The client's own little server, to which its browser comes back."""

import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from tests.server.raw_http import PATIENCE_S

PAGE = b'<!doctype html><html lang="en"><title>Back</title><link rel="icon" href="data:,"><p>Back'

SILENT_S = 1.0
"""So long a connection may say nothing: Chromium makes some that it may never use."""


@dataclass(frozen=True)
class Callback:
    """What came."""

    port: int
    visits: "queue.Queue[str]" = field(default_factory=queue.Queue)

    @property
    def redirect_uri(self) -> str:
        return f"http://127.0.0.1:{self.port}/oauth/callback"

    def told(self) -> dict[str, str]:
        """What the next visit tells, as soon as it comes."""
        parts = urlsplit(self.visits.get(timeout=PATIENCE_S))
        assert parts.path == "/oauth/callback"
        return {name: value for name, (value,) in parse_qs(parts.query).items()}


@contextmanager
def listening() -> Iterator[Callback]:
    """The server, for the time of the block."""

    class Answer(BaseHTTPRequestHandler):
        timeout = SILENT_S

        def do_GET(self) -> None:
            callback.visits.put(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(PAGE)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        server.daemon_threads = False  # so that they are waited for
        callback = Callback(server.server_port)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield callback
        finally:
            server.shutdown()
            thread.join()

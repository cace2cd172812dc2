"""A small threaded HTTP/1.1 server: requests in, answers out, connections kept alive.

werkzeug's own server closes every connection after ten idle milliseconds, which
would make a run against the emulator ten times slower.
"""

import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit


@dataclass(frozen=True)
class HttpRequest:
    method: str
    path: str
    query: str
    headers: dict[str, str]  # names in lower case
    body: bytes


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


class ConnectionReset(Exception):
    """Raised by a handler that wants the client to see the connection break."""


class ClientKilled(Exception):
    """Raised by a handler that has ended the client: there is nobody to answer."""


_SECONDS_TO_DIE = 5


def serve(handle: Callable[[HttpRequest], Answer]) -> int:
    """Serves on a free port of the loopback interface, in the background; returns the port."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Head and body go out in two writes; with Nagle's algorithm the second
        # would wait 40 ms for the client's acknowledgement of the first.
        disable_nagle_algorithm = True

        def answer_request(self) -> None:
            try:
                answer = handle(self.read_request())
            except ConnectionReset:
                self.reset_connection()
                return
            except ClientKilled:
                self.wait_for_the_end()
                return
            self.send_response_only(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Date", self.date_time_string())
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = answer_request

        def read_request(self) -> HttpRequest:
            url = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            return HttpRequest(
                method=self.command,
                path=unquote(url.path),
                query=url.query,
                headers={name.lower(): value for name, value in self.headers.items()},
                body=self.rfile.read(length),
            )

        def reset_connection(self) -> None:
            # Lingering for zero seconds makes close() send RST instead of FIN.
            self.close_connection = True
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()

        def wait_for_the_end(self) -> None:
            # Whoever still lives for a moment must not see the connection break.
            self.close_connection = True
            self.connection.settimeout(_SECONDS_TO_DIE)
            try:
                self.rfile.read(1)
            except OSError:
                pass

        def log_message(self, format: str, *args: object) -> None:
            pass  # quiet: the calls are recorded, see calls.py

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128

        def handle_error(self, request: object, client_address: object) -> None:
            pass  # a client that went away is none of our business

    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]

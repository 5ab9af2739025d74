"""A real mirror server on 127.0.0.1 that can misbehave in the ways of real ones."""

import socket
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any


class Mirror:
    """Serves files by name, and records the requests.

    files     name -> contents
    ranges    whether it supports HTTP Range
    behavior  "well"; "breaks off": half of the promised bytes; "stalls": half, and then nothing;
              "silent": no answer at all; "endless": it never stops sending
    cut       bytes of an answer, including its headers, after which the connection is cut
    """

    def __init__(self, files: dict[str, bytes], behavior: str = "well", ranges: bool = True):
        self.files = files
        self.behavior = behavior
        self.ranges = ranges
        self.asked: list[tuple[str, str | None]] = []  # (name, Range)
        self.cut: int | None = None
        self.reached = Event()  # set once a request has got as far as it will get
        self._end = Event()
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self.address = f"http://127.0.0.1:{self._server.server_port}/"
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    def close(self) -> None:
        """Hang up on everyone; more than once is as good as once."""
        self._end.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        mirror = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                mirror._answer(self)

            def log_message(self, *_: Any) -> None:
                pass

        return Handler

    def _answer(self, request: BaseHTTPRequestHandler) -> None:
        # The last part alone: as a proxy it is asked for whole addresses.
        name, wanted = request.path.rpartition("/")[2], request.headers.get("Range")
        self.asked.append((name, wanted))
        if self.cut is not None:
            request.wfile = _Cut(request.wfile, self.cut)  # type: ignore[assignment]
        if self.behavior == "silent":
            self.reached.set()
            self._end.wait()
            return
        if name not in self.files:
            request.send_error(404)
            return
        body = self.files[name]
        if wanted and self.ranges:
            body = body[int(wanted.removeprefix("bytes=").removesuffix("-")) :]
        request.send_response(206 if wanted and self.ranges else 200)
        if self.behavior != "endless":
            request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        if self.behavior == "endless":
            while not self._end.is_set():
                request.wfile.write(bytes(2**16))
        whole = self.behavior == "well"
        request.wfile.write(body if whole else body[: len(body) // 2])
        request.wfile.flush()
        self.reached.set()
        if self.behavior == "stalls":
            self._end.wait()


class _Cut:
    """A file that takes so many bytes, and then no more."""

    def __init__(self, file: Any, room: int) -> None:
        self._file = file
        self._room = room

    def write(self, data: bytes) -> int:
        self._file.write(data[: self._room])
        if len(data) > self._room:
            raise ConnectionAbortedError
        self._room -= len(data)
        return len(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_: Any) -> None:
        """Who hangs up on a misbehaving mirror is right to."""


def dead_address() -> str:
    """An address that nobody answers at: its port was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}/"

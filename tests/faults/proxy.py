"""A real TCP proxy on 127.0.0.1 between browser and server, whose connections can be cut."""

import socket
from contextlib import suppress
from threading import Lock, Thread
from urllib.parse import urlsplit


class Line:
    """A proxy for connections to the server at an address. `cut` ends all current connections."""

    def __init__(self, server: str) -> None:
        to = urlsplit(server)
        self._server = (str(to.hostname), int(to.port or 80))
        self._ends: list[socket.socket] = []
        self._lock = Lock()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._accepting = Thread(target=self._accept, daemon=True)
        self._accepting.start()

    def cut(self) -> int:
        """End every connection as a broken line does. Returns the number of connections."""
        with self._lock:
            for end in self._ends:
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
            return len(self._ends) // 2

    def close(self) -> None:
        with suppress(OSError):  # wakes the accepting thread
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._accepting.join()
        self.cut()

    def _accept(self) -> None:
        with suppress(OSError):  # closed
            while True:
                near, _ = self._listening.accept()
                Thread(target=self._connect, args=(near,), daemon=True).start()

    def _connect(self, near: socket.socket) -> None:
        """Copy bytes in both directions until one side closes, or the line is cut."""
        with near, socket.create_connection(self._server) as far:
            with self._lock:
                self._ends += [near, far]
            back = Thread(target=_carry, args=(far, near), daemon=True)
            back.start()
            _carry(near, far)
            back.join()
            with self._lock:
                self._ends = [end for end in self._ends if end not in (near, far)]


def _carry(here: socket.socket, there: socket.socket) -> None:
    with suppress(OSError):
        while data := here.recv(2**16):
            there.sendall(data)
    for end in (here, there):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)

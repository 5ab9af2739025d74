"""A visitor without a browser: speaks Streamlit's own protocol, presses buttons, polls.

Ten browsers on two cores would measure the browsers. This is what they ask of the server.
"""

import re
import threading
import time

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

ITERATION = re.compile(r'data-status="(\w+)" data-iteration="(\d+)"')


class Visitor:
    """One connection. `updates` has the time of every change of the iteration that it saw."""

    def __init__(self, address: str, query: str) -> None:
        self._query = query
        self._socket = connect(address.replace("http", "ws") + "/_stcore/stream", max_size=None)
        self._buttons: dict[str, str] = {}  # label -> widget id
        self._timers: dict[str, float] = {}  # fragment id -> seconds between polls
        self._hash = ""
        self._polling = False  # what was last asked for is a refresh, not the whole page
        self._closed = threading.Event()
        self._drawn = threading.Event()
        self.status, self.iteration = "", -1
        self.updates: list[float] = []
        threading.Thread(target=self._listen, daemon=True).start()
        self._ask()
        self._drawn.wait(20)

    def press(self, label: str) -> None:
        """Click a button, as its label has it."""
        self._drawn.clear()
        self._ask(button=self._buttons[label])
        self._drawn.wait(20)

    def poll(self, until: float) -> None:
        """Refresh what asks to be refreshed, as often as it asks, until that time."""
        due = {fragment: time.monotonic() + wait for fragment, wait in self._timers.items()}
        while (now := time.monotonic()) < until:
            for fragment, wait in list(self._timers.items()):
                if due.setdefault(fragment, now) <= now:
                    due[fragment] = now + wait
                    self._ask(fragment=fragment)
            time.sleep(0.01)

    def close(self) -> None:
        self._closed.set()
        self._socket.close()

    def _ask(self, *, button: str = "", fragment: str = "") -> None:
        message = BackMsg()
        client = message.rerun_script
        client.query_string = self._query
        client.page_script_hash = self._hash
        if button:
            client.widget_states.widgets.add(id=button, trigger_value=True)
        if fragment:
            client.fragment_id, client.is_auto_rerun = fragment, True
        self._polling = bool(fragment)
        self._socket.send(message.SerializeToString())

    def _listen(self) -> None:
        while not self._closed.is_set():
            try:
                data = self._socket.recv()
            except ConnectionClosed:
                return
            message = ForwardMsg()
            message.ParseFromString(data if isinstance(data, bytes) else data.encode())
            self._hear(message)

    def _hear(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self._hash = message.new_session.page_script_hash
            if not self._polling:
                self._timers.clear()
        elif kind == "auto_rerun":
            self._timers[message.auto_rerun.fragment_id] = message.auto_rerun.interval
        elif kind == "script_finished":
            self._drawn.set()
        elif kind == "delta":
            element = message.delta.new_element
            if element.WhichOneof("type") == "button":
                self._buttons[element.button.label] = element.button.id
            elif found := ITERATION.search(element.html.body):
                self.status, iteration = found[1], int(found[2])
                if iteration != self.iteration:
                    self.iteration = iteration
                    self.updates.append(time.monotonic())

"""A visitor without a browser: it speaks Streamlit's protocol, presses buttons, and polls.

Twenty browsers on two cores would measure the browsers. A visitor sends the same requests to the
server.
"""

import asyncio
import re
import time
from collections.abc import Callable

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from ui.browser_key import NAME as COOKIE

ITERATION = re.compile(r'data-status="(\w+)" data-iteration="(\d+)" data-seconds="([\d.]+)"')
WHOLE_PAGE, EARLY = ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_EARLY_FOR_RERUN
PATIENCE = 60.0  # seconds until a missing answer is an error


class Visitor:
    """One connection. `updates` has the times at which it saw the iteration change, `seconds` how
    long the run has trained, `alerts` the sentences in boxes.
    """

    def __init__(self, socket: ClientConnection, query: str, page: str) -> None:
        self._socket = socket
        self._query, self._page = query, page
        self._buttons: dict[str, str] = {}  # label -> widget id
        self._timers: dict[str, float] = {}  # fragment id -> seconds between polls
        self._set: dict[str, float] = {}  # of the page that is being drawn
        self._due: dict[str, float] = {}
        self._hash = ""
        self._heard = asyncio.Condition()
        self._over = False  # the connection is closed
        self._drawn = 0  # number of finished script runs
        self.status, self.iteration, self.seconds = "", -1, 0.0
        self.updates: list[float] = []
        self.alerts: list[str] = []
        self._listening = asyncio.create_task(self._listen())

    @classmethod
    async def come(cls, address: str, query: str = "", page: str = "", key: str = "") -> "Visitor":
        """Open the page (the front page, or the one of this name) in the browser with this key, and
        wait until it is drawn.
        """
        stream = address.replace("http", "ws") + "/_stcore/stream"
        cookie = {"Cookie": f"{COOKIE}={key}"} if key else {}
        socket = await connect(stream, max_size=None, additional_headers=cookie)
        visitor = cls(socket, query, page)
        await visitor._ask_and_wait()
        return visitor

    async def click(self, label: str) -> None:
        """Click a button, as its label has it."""
        await self._ask(button=self._buttons[label])

    async def press(self, label: str, status: str) -> float:
        """Click a button; the seconds until that status is seen."""
        began = time.monotonic()
        await self.click(label)
        await self.until(lambda: self.status == status)
        return time.monotonic() - began

    async def watch(self, until: float) -> None:
        """Refresh what asks to be refreshed, as often as it asks, until that time."""
        while (now := time.monotonic()) < until:
            for fragment, wait in self._timers.items():
                if self._due.setdefault(fragment, now + wait) <= now:
                    self._due[fragment] = now + wait
                    await self._ask(fragment=fragment)
            soonest = min(self._due.values(), default=now + 0.1)
            await asyncio.sleep(max(0.0, min(soonest, now + 0.1, until) - now))

    async def poll(self) -> None:
        """Refresh all that asks to be refreshed once, and wait for the answers."""
        for fragment in list(self._timers):
            await self._ask_and_wait(fragment=fragment)

    async def ask(self) -> None:
        """Ask for the whole page, without a click."""
        await self._ask()

    async def rest(self) -> None:
        """Ask for the whole page until nothing else was drawn meanwhile."""
        while True:
            before = self._drawn
            await self._ask_and_wait()
            await asyncio.sleep(0.2)
            if self._drawn == before + 1:
                return

    async def leave(self) -> None:
        await self._socket.close()
        await self._listening

    async def _ask_and_wait(self, *, fragment: str = "") -> None:
        before = self._drawn
        await self._ask(fragment=fragment)
        await self.until(lambda: self._drawn > before)

    async def until(self, seen: Callable[[], bool]) -> None:
        """Wait for what the server's messages make true."""
        async with asyncio.timeout(PATIENCE), self._heard:
            await self._heard.wait_for(lambda: seen() or self._over)
        if not seen():
            await self._listening  # what went wrong in it, where something did
            raise ConnectionError("The server hung up before it had answered.")

    async def _ask(self, *, button: str = "", fragment: str = "") -> None:
        message = BackMsg()
        client = message.rerun_script
        client.query_string = self._query
        client.page_script_hash, client.page_name = self._hash, self._page
        if button:
            client.widget_states.widgets.add(id=button, trigger_value=True)
        if fragment:
            client.fragment_id, client.is_auto_rerun = fragment, True
        await self._socket.send(message.SerializeToString())

    async def _listen(self) -> None:
        try:
            async for data in self._socket:
                message = ForwardMsg()
                message.ParseFromString(data if isinstance(data, bytes) else data.encode())
                async with self._heard:
                    self._hear(message)
                    self._heard.notify_all()
        except ConnectionClosed:
            pass  # the server ended; who still waits for it is told
        finally:
            self._over = True
            async with self._heard:
                self._heard.notify_all()

    def _hear(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind == "ref_hash":  # .streamlit/config.toml
            raise ValueError("the server referred to a message, which a browser may have dropped")
        if kind == "new_session":
            self._hash = message.new_session.page_script_hash
            self._set = {}
        elif kind == "auto_rerun":
            self._set[message.auto_rerun.fragment_id] = message.auto_rerun.interval
        elif kind == "script_finished" and message.script_finished != EARLY:
            self._drawn += 1
            if message.script_finished == WHOLE_PAGE:  # which sets all timers anew
                self._timers, self._due = self._set, {}
        elif kind == "delta":
            element = message.delta.new_element
            if element.WhichOneof("type") == "button":
                self._buttons[element.button.label] = element.button.id
            elif element.alert.body:
                self.alerts.append(element.alert.body)
            elif found := ITERATION.search(element.html.body):
                self.status, iteration, self.seconds = found[1], int(found[2]), float(found[3])
                if iteration != self.iteration:
                    self.iteration = iteration
                    self.updates.append(time.monotonic())

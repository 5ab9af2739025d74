"""What goes wrong in a page without a test asking: errors in the console, tracebacks shown, and
requests to other machines, which would fail offline and tell others who is here."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Error, Page, Request

NAMES = {"error": "an error", "warning": "a warning"}
NOT_OURS = (
    # On an address such as /draw Streamlit first looks for its server below that address.
    re.compile(r"404 \(Not Found\) \(http://[^/]+/[a-z]+/_stcore/(health|host-config)\)$"),
    # Without a graphics card, the browser says that it computes what WebGL charts show itself.
    re.compile(r"^\[\.WebGL-\w+\]\s*GL Driver Message \(OpenGL, Performance,"),
)
"""Complaints that Streamlit or the browser itself makes, each with its reason."""


class Watch:
    """Records problems of a page from its opening to its closing."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._heard: list[str] = []
        page.on("console", self._on_console)
        page.on("pageerror", self._on_error)
        page.on("request", self._on_request)

    def problems(self) -> list[str]:
        """One sentence for each problem so far; an exception counts while the page shows it."""
        shown = self.page.get_by_test_id("stException").all_inner_texts()
        return self._heard + [f"the page shows an exception: {text}" for text in shown]

    def _on_console(self, message: ConsoleMessage) -> None:
        said = f"{message.text} ({message.location.get('url', '')})"
        ours = not any(other.search(said) for other in NOT_OURS)
        if message.type in ("error", "warning") and ours:
            self._heard.append(f"the console has {NAMES[message.type]}: {said}")

    def _on_error(self, error: Error) -> None:
        self._heard.append(f"a script failed: {error.message}")

    def _on_request(self, request: Request) -> None:
        asked = urlsplit(request.url)
        if asked.scheme in ("http", "https") and asked.hostname not in ("127.0.0.1", "localhost"):
            self._heard.append(f"the page asks another machine: {request.url}")

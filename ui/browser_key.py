"""A random secret key for each browser, which tells which runs are its own. The key is never in an
address, because addresses are shared, and the library has only its hash.

It is stored as a cookie, which comes with the connection, so that no page waits for it.
"""

import re
import secrets
from hashlib import blake2b

import streamlit as st

from playground.library.entry import COMMAND_LINE
from ui import session
from ui.serving import serves_this_computer_alone

NAME = "netcore-playground-key"
KEY, _MOUNT = "key of this browser", "browser-key"
_FORM = re.compile(r"[A-Za-z0-9_-]{22,64}")

# An existing key is kept: if two tabs open at once, the second uses the key of the first.
_JS = """
export default ({ data, setStateValue }) => {
  const [name, given] = data
  const kept = () => document.cookie.split("; ").find((each) => each.startsWith(name + "="))
    ?.slice(name.length + 1)
  if (!kept()) {
    const secure = location.protocol === "https:" ? "; Secure" : ""
    document.cookie = `${name}=${given}; path=/; max-age=31536000; SameSite=Lax${secure}`
  } else if (kept() !== given) setStateValue("key", kept())
}
"""
_mount = st.components.v2.component("browser_key", html="<span hidden></span>", js=_JS)


def remember() -> str | None:
    """Make the browser store its key, if it has none yet. If it has got one from another tab
    meanwhile, that one counts: returns the owner that this tab has been until then.
    """
    if _kept():
        return None
    before, sent = owner(), (session.get(_MOUNT) or {}).get("key")
    if isinstance(sent, str) and _FORM.fullmatch(sent):
        session.put(KEY, sent)
    _mount(key=_MOUNT, data=[NAME, _key()], height=0, on_key_change=lambda: None)
    return before if before != owner() else None


def owner() -> str:
    """The owner of this browser's runs: a hash of its key."""
    return blake2b(_key().encode(), digest_size=16).hexdigest()


def owners() -> tuple[str, ...]:
    """Whose runs this browser sees, changes and continues: its own, and those of the command line
    if the server is for this computer alone.
    """
    return (owner(), COMMAND_LINE) if serves_this_computer_alone() else (owner(),)


def _key() -> str:
    return session.keep(KEY, lambda: _kept() or secrets.token_urlsafe(24))


def _kept() -> str:
    """The key that came with this connection, or ""."""
    kept = str(st.context.cookies.get(NAME, ""))
    return kept if _FORM.fullmatch(kept) else ""

"""Text from an address or a file cannot become anything but text."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.text import as_is


@pytest.mark.parametrize("sign", string.punctuation)
def test_every_sign_of_markdown_is_made_plain(sign: str) -> None:
    assert as_is(f"a{sign}b") == f"a\\{sign}b"


@given(st.text())
def test_nothing_is_lost_but_what_cannot_be_seen(text: str) -> None:
    plain = as_is(text).replace("\\\\", "\0").replace("\\", "").replace("\0", "\\")
    seen = "".join(sign if sign.isprintable() else " " for sign in text)
    assert plain == " ".join(seen.split())


def test_it_stays_on_one_line() -> None:
    assert as_is("a\n# b\r\n\tc\u2028d") == "a \\# b c d"

"""Text from an address or a file cannot become anything but text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.text import as_is


@pytest.mark.parametrize("sign", list("[]()*_`<>$#!|~\\"))
def test_every_sign_of_markdown_is_made_plain(sign: str) -> None:
    assert as_is(f"a{sign}b") == f"a\\{sign}b"


@given(st.text())
def test_nothing_is_lost(text: str) -> None:
    assert as_is(text).replace("\\\\", "\0").replace("\\", "").replace("\0", "\\") == text.replace(
        "\0", "\\"
    )

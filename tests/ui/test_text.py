"""Text from an address or a file cannot become anything but text; what a browser makes of it is
seen in tests/e2e/test_hostile_names.py."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.text import JOINER, as_is, figure_as_is


@pytest.mark.parametrize("sign", string.punctuation)
def test_every_sign_of_markdown_is_made_plain(sign: str) -> None:
    assert as_is(f"a{sign} b").replace(JOINER, "") == f"a\\{sign} b"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("www.example.org", f"www{JOINER}.example.org"),
        ("me@example.org", f"me{JOINER}@example.org"),
        ("https://example.org", f"https:{JOINER}//example.org"),
        (":material/home:", f":{JOINER}material/home:"),
        ("a -> b", f"a -{JOINER}> b"),
        ("a->b, --save", "a->b, --save"),
    ],
)
def test_what_is_replaced_after_markdown_is_broken_up(text: str, shown: str) -> None:
    assert as_is(text).replace("\\", "") == shown


@given(st.text())
def test_nothing_is_lost_but_what_cannot_be_seen(text: str) -> None:
    plain = as_is(text).replace("\\\\", "\0").replace("\\", "").replace("\0", "\\")
    seen = "".join(sign if sign.isprintable() else " " for sign in text)
    assert plain.replace(JOINER, "") == " ".join(seen.split())


def test_it_stays_on_one_line() -> None:
    assert as_is("a\n# b\r\n\tc\u2028d") == "a \\# b c d"


def test_a_figure_s_texts_are_plain_and_its_templates_our_own() -> None:
    figure = {
        "y": ["<a href='x'>cat</a>", 3],
        "hovertemplate": "%{y}<extra></extra>",
        "title": {"text": "a & b\nc"},
    }
    assert figure_as_is(figure) == {
        "y": ["&lt;a href='x'&gt;cat&lt;/a&gt;", 3],
        "hovertemplate": "%{y}<extra></extra>",
        "title": {"text": "a &amp; b<br>c"},
    }

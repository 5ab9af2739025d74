"""Numbers and times as text."""

import pytest

from playground.formatting import duration


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0.0 s"),
        (0.04, "40 ms"),
        (4.21, "4.2 s"),
        (12.3, "12 s"),
        (95, "1 min 35 s"),
        (3599, "59 min 59 s"),
        (4000, "1 h 6 min"),
        (86_400, "24 h 0 min"),
    ],
)
def test_a_duration_in_words(seconds: float, words: str) -> None:
    assert duration(seconds) == words

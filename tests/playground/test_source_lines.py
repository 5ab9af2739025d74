"""Every line that a page shows is found in netcore, just once, where it is said to be."""

import pytest

from netcore.activations import ACTIVATIONS
from netcore.losses import LOSSES
from netcore.network import Network
from netcore.optimizers import OPTIMIZERS
from playground import source_lines
from playground.source_lines import LINES, Function, Source, body, line
from tests.server import ROOT

FUNCTIONS: list[Function] = [
    *(f for a in ACTIVATIONS.values() for f in (a.f, a.vjp)),
    *(f for loss in LOSSES.values() for f in (loss.value, loss.gradient)),
    *(type(optimizer).update for optimizer in OPTIMIZERS.values()),
]


def stands_there(source: Source) -> None:
    assert source.file.startswith("netcore/")
    lines = (ROOT / source.file).read_text(encoding="utf-8").splitlines()[source.first - 1 :]
    for shown, there in zip(source.text.splitlines(), lines, strict=False):
        assert shown.strip() in there


@pytest.mark.parametrize("name", LINES)
def test_a_line_is_found_where_it_is_said_to_be(name: str) -> None:
    source = line(name)
    assert "\n" not in source.text
    stands_there(source)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.__qualname__)
def test_a_body_has_the_code_and_not_the_docstring(function: Function) -> None:
    source = body(function)
    stands_there(source)
    assert source.text
    assert '"""' not in source.text
    assert not source.text.startswith("def ")


def test_a_line_that_is_gone_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(source_lines.LINES, "gone", (Network.forward, "no such line"))
    with pytest.raises(LookupError, match=r"Network\.forward has 0 lines with 'no such line'"):
        line("gone")

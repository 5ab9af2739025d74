"""Finds the line of netcore's source that computes something, so that pages show the source
itself.
"""

import inspect
import re
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from netcore.network import Network
from netcore.training import cost_and_gradient

ROOT = Path(__file__).parent.parent
Function = Callable[..., Any]


@dataclass(frozen=True)
class Source:
    """Lines of a file: their position and text."""

    file: str
    first: int
    text: str


LINES: dict[str, tuple[Function, str]] = {
    "Z": (Network.forward, r"matmul\(layer\.W, A_prev"),
    "+b": (Network.forward, r"Z \+= layer\.b"),
    "A": (Network.forward, r"layer\.activation\.f\(Z"),
    "D": (Network.forward, r"A_prev = .*A \* D"),
    "A - Y": (Network.backward, r"np\.subtract\(A_L, Y"),
    "/m": (Network.backward, r"dZ /= m"),
    "class weights": (Network.backward, r"dZ \*= loss\.weights"),
    "dZ": (Network.backward, r"layer\.activation\.vjp\(dA"),
    "dA D": (Network.backward, r"dA = dA \* cache\.D"),
    "dW": (Network.backward, r"\(dZ, cache\.A_prev\.T"),
    "db": (Network.backward, r"\(dZ, ones"),
    "dA": (Network.backward, r"\(layer\.W\.T, dZ"),
    "L2": (cost_and_gradient, r"dW \+= hyper\.l2 \*"),
    "L1": (cost_and_gradient, r"dW \+= hyper\.l1 \*"),
}
"""The lines that slides show, by name: the function, and a pattern that only this line matches."""


def line(name: str) -> Source:
    """The line of this name in LINES. Raises LookupError unless exactly one line matches."""
    function, pattern = LINES[name]
    lines, first = inspect.getsourcelines(function)
    found = [i for i, text in enumerate(lines) if re.search(pattern, text)]
    if len(found) != 1:
        raise LookupError(
            f"{function.__qualname__} has {len(found)} lines with {pattern!r}: LINES in "
            "playground/source_lines.py needs a pattern that only one line matches."
        )
    text = lines[found[0]].partition("  #")[0].strip()
    return Source(_file(function), first + found[0], text)


def body(function: Function) -> Source:
    """The lines of a function without its signature and docstring."""
    lines, first = inspect.getsourcelines(function)
    start = next(i for i, text in enumerate(lines) if text.rstrip().endswith(":")) + 1
    if lines[start].lstrip().startswith('"""'):
        quotes = lines[start].count('"""')
        while quotes < 2:
            start += 1
            quotes += lines[start].count('"""')
        start += 1
    return Source(_file(function), first + start, textwrap.dedent("".join(lines[start:])).rstrip())


def listing(sources: Sequence[Source]) -> str:
    """Lines one below the other, with where they stand above each block of them."""
    texts: list[str] = []
    ends: tuple[str, int] | None = None
    for source in sources:
        if (source.file, source.first) != ends:
            texts.append(f"# {source.file}, line {source.first}")
        texts.append(source.text)
        ends = source.file, source.first + source.text.count("\n") + 1
    return "\n".join(texts)


def _file(function: Function) -> str:
    return Path(inspect.getfile(function)).resolve().relative_to(ROOT).as_posix()

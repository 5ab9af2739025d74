"""One entry of a matrix as a worked calculation: its sum, written out with the numbers.

The factors are the ones that training multiplied. The sum is computed here in float64, term after
term, while training computed the entry in float32 in BLAS's order. Both agree to about seven
digits.
"""

from dataclasses import dataclass
from math import exp

import numpy as np

from netcore.array import Array

MAX_TERMS = 6


@dataclass(frozen=True)
class Term:
    """One product of a sum: its index, its two factors, and the product."""

    name: str
    left: float
    right: float

    @property
    def product(self) -> float:
        return self.left * self.right


@dataclass(frozen=True)
class Worked:
    """The calculation of an entry, in LaTeX and numbers.

    symbol  the entry's name
    lines   equations, one below the other
    heads   headings of the table of terms: the index, the left and the right factor
    terms   the largest terms of the sum; the `others` remaining ones sum to `rest`; then a bias
    adds_to what the table adds up to, in LaTeX, if that is not the entry itself
    value   the entry, as training computed it
    """

    symbol: str
    value: float
    lines: tuple[str, ...] = ()
    heads: tuple[str, str, str] = ("", "", "")
    terms: tuple[Term, ...] = ()
    others: int = 0
    rest: float = 0.0
    bias: float | None = None
    adds_to: str = ""


def number(x: float, digits: int = 4) -> str:
    r"""The number in LaTeX, to this many significant digits.

    >>> number(0.12345), number(-3e-7), number(-0.0), number(12345.6)
    ('0.1235', '-3 \\cdot 10^{-7}', '0', '1.235 \\cdot 10^{4}')
    """
    x = float(x) + 0.0  # which makes 0 of −0: its sign says nothing here
    if not np.isfinite(x):
        return r"\text{not finite}"
    mantissa, power = f"{x:.{digits - 1}e}".split("e")
    if -3 <= int(power) < digits:
        return f"{x:.{digits}g}"
    return rf"{float(mantissa):.{digits}g} \cdot 10^{{{int(power)}}}"


def signed(x: float, digits: int = 4) -> str:
    """A number that follows an operator: in brackets if it is negative."""
    return f"({number(x, digits)})" if x < 0 else number(x, digits)


def sum_of_products(
    symbol: str,
    formula: str,
    heads: tuple[str, str, str],
    left: Array,
    right: Array,
    value: float,
    *,
    bias: float | None = None,
) -> Worked:
    """value = Σ left · right (+ bias), with left and right (n,): the largest terms, and the rest as
    one number.
    """
    left, right = left.astype(np.float64), right.astype(np.float64)
    products = left * right
    largest = np.argsort(-np.abs(products), kind="stable")[:MAX_TERMS]
    others = len(products) - len(largest)
    added = "" if bias is None else f"{number(products.sum())} + {signed(bias)} = "
    return Worked(
        symbol,
        value,
        (rf"{symbol} = {formula} = {added}{number(value)}",),
        heads,
        tuple(Term(str(i), float(left[i]), float(right[i])) for i in largest),
        others,
        float(products.sum() - products[largest].sum()),
        bias,
    )


def softmax_worked(symbol: str, z: str, Z: Array, unit: int, value: float) -> Worked:
    """One softmax probability; Z is the column (n,) of pre-activations."""
    top = float(Z.max())
    e = [exp(float(each) - top) for each in Z]
    return Worked(
        symbol,
        value,
        (
            rf"{symbol} = \frac{{e^{{{z} - \max z}}}}{{\sum_k e^{{z_k - \max z}}}}"
            rf" = \frac{{e^{{{number(Z[unit])} - {signed(top)}}}}}{{{number(sum(e))}}}"
            rf" = \frac{{{number(e[unit])}}}{{{number(sum(e))}}} = {number(value)}",
        ),
    )

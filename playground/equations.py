"""Equations of single numbers, written once as Python: shown in LaTeX with symbols or with numbers,
and evaluated.
"""

import ast
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import sqrt

from playground.arithmetic import number, signed

SYMBOLS = {
    "theta": r"\theta",
    "alpha": r"\alpha",
    "mu": r"\mu",
    "rho": r"\rho",
    "beta_1": r"\beta_1",
    "beta_2": r"\beta_2",
    "epsilon": r"\varepsilon",
    "m_hat": r"\hat m",
    "v_hat": r"\hat v",
}
"""LaTeX of names that are not written as they are."""

OPERATIONS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}


@dataclass(frozen=True)
class Equation:
    """target ← right, where right has names, sums, differences, products, quotients, powers and
    sqrt.
    """

    target: str
    right: ast.expr

    @classmethod
    def parse(cls, text: str) -> "Equation":
        r"""Make an equation from a Python assignment.

        >>> Equation.parse("v = mu * v - alpha * g**2").latex()
        '\\mu\\, v - \\alpha\\, g^{2}'
        """
        (assignment,) = ast.parse(text).body
        assert isinstance(assignment, ast.Assign)
        (target,) = assignment.targets
        assert isinstance(target, ast.Name)
        return cls(target.id, assignment.value)

    def latex(self, names: Mapping[str, str] | None = None) -> str:
        """The right side in LaTeX; `names` replaces some symbols."""
        symbols = SYMBOLS | dict(names or {})
        return _latex(self.right, lambda name: symbols.get(name, name), r"\, ")

    def with_numbers(self, values: Mapping[str, float], digits: Mapping[str, int]) -> str:
        """The right side in LaTeX with numbers; `digits` overrides the default of four digits for a
        name.
        """
        text = _latex(
            self.right, lambda name: signed(values[name], digits.get(name, 4)), r" \cdot "
        )
        # Only a negative number after an operator needs brackets.
        return re.sub(r"(^|[({])\((-[^()]*)\)(?!\^)", r"\1\2", text)

    def value(self, values: Mapping[str, float]) -> float:
        """The value of the right side."""
        return _value(self.right, values)


def symbol(name: str) -> str:
    return SYMBOLS.get(name, name)


def _latex(node: ast.expr, write: Callable[[str], str], times: str) -> str:
    match node:
        case ast.Name(id=name):
            return write(name)
        case ast.Constant(value=float() | int() as constant):
            return number(constant)
        case ast.Call(args=[inner]):
            return rf"\sqrt{{{_latex(inner, write, times)}}}"
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            above, below = (_latex(each, write, times) for each in (left, right))
            return rf"\frac{{{above}}}{{{below}}}"
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            base = _factor(left, write, times)
            if "^" in base and not base.startswith("("):  # a power of ten: LaTeX takes one exponent
                base = f"({base})"
            return rf"{base}^{{{_latex(right, write, times)}}}"
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            return _factor(left, write, times) + times + _factor(right, write, times)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return f"{_latex(left, write, times)} + {_latex(right, write, times)}"
        case ast.BinOp(left=left, op=ast.Sub(), right=right):
            return f"{_latex(left, write, times)} - {_factor(right, write, times)}"
    raise ValueError(f"{ast.unparse(node)} cannot be shown: it is not a part of an equation.")


def _factor(node: ast.expr, write: Callable[[str], str], times: str) -> str:
    """In brackets if it is a sum or a difference."""
    text = _latex(node, write, times)
    is_sum = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub)
    return f"({text})" if is_sum else text


def _value(node: ast.expr, values: Mapping[str, float]) -> float:
    match node:
        case ast.Name(id=name):
            return values[name]
        case ast.Constant(value=float() | int() as constant):
            return constant
        case ast.Call(args=[inner]):
            return sqrt(_value(inner, values))
        case ast.BinOp(left=left, op=operation, right=right):
            return OPERATIONS[type(operation)](_value(left, values), _value(right, values))
    raise ValueError(f"{ast.unparse(node)} cannot be evaluated: it is not a part of an equation.")

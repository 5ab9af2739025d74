"""The functions of netcore in a script are its own source, and complete."""

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, pi
from typing import Any

import numpy as np
import pytest

from netcore import activations, schedules
from netcore.array import Array
from netcore.initializers import INITIALIZERS
from netcore.losses import LOSSES
from netcore.optimizers import OPTIMIZERS, Optimizer
from netcore.schedules import SCHEDULES
from playground.export.kernels import Kernels

HALF, TWICE = 0.5, 2.0
RATIO: float = pi / TWICE


def halved(x: float) -> float:
    """Half of it.

    The second paragraph is left out.
    """
    return HALF * x


def made_up(X: Array, out: Array | None = None) -> Array:
    # A comment stays.
    shift: float = halved(RATIO)  # α, of more bytes than letters: β: float

    def by(number: float) -> float:
        return number * exp(0.0)

    return np.add(X, by(shift), out=out)


def with_an_out_of_its_own(X: Array, out: Array | None = None) -> Array:
    if out is None:
        return X
    return np.add(X, 1, out=out)


def of_a_library(X: Array) -> Any:
    return pytest.approx(X)


@dataclass(frozen=True)
class Odd(Optimizer):
    """Its update asks for what is no hyperparameter."""

    def update(
        self, theta: Array, g: Array, alpha: float, t: int, d: Array, *moments: Array
    ) -> None:
        theta -= len(self.equations)


def run(*functions: Callable[..., Any]) -> tuple[str, dict[str, Any]]:
    """The source of these functions, and what it defines where there is nothing but NumPy."""
    kernels = Kernels()
    text = "".join(map(kernels.take, functions))
    names: dict[str, Any] = {"np": np}
    exec("\n".join([*kernels.imports(), text]), names)
    return text, names


def test_a_function_comes_with_all_that_it_needs_once_and_without_annotations() -> None:
    text, names = run(made_up, halved)
    X = np.arange(3.0)
    assert np.array_equal(names["made_up"](X), made_up(X))
    assert "Array" not in text.replace("# α, of more bytes than letters: β: float", "")
    assert "float" not in text.replace("# α, of more bytes than letters: β: float", "")
    assert text.count("def halved(x):") == text.count("HALF, TWICE = 0.5, 2.0") == 1
    assert "# A comment stays." in text
    assert '    """Half of it."""' in text
    assert "second paragraph" not in text


def test_an_out_argument_that_is_only_passed_on_is_removed() -> None:
    assert "out" not in run(activations.sigmoid)[0].replace("without", "")
    text, names = run(with_an_out_of_its_own)
    assert "out=None" in text
    X = np.ones(2)
    assert names["with_an_out_of_its_own"](X) is X


def test_every_kernel_in_the_registries_gives_the_same_bits() -> None:
    rng = np.random.default_rng(0)
    Z, dA = rng.normal(0, 2, (2, 5, 7)).astype(np.float32)
    for activation in activations.ACTIVATIONS.values():
        _, names = run(activation.f, activation.vjp)
        A = activation.f(Z)
        assert np.array_equal(names[activation.f.__name__](Z), A)
        assert np.array_equal(names[activation.vjp.__name__](dA, Z, A), activation.vjp(dA, Z, A))
    for initializer in INITIALIZERS.values():
        draw = run(initializer.draw)[1][initializer.draw.__name__]
        first, second = (np.random.default_rng(1) for _ in range(2))
        assert np.array_equal(draw(3, 4, rng=first), initializer(3, 4, rng=second))
    for schedule in SCHEDULES.values():
        factor = run(schedule.factor)[1][schedule.factor.__name__]
        assert [factor(p / 9) for p in range(10)] == [schedule(p / 9) for p in range(10)]
    for loss in LOSSES.values():
        A, Y = rng.uniform(0, 1, (2, 3, 4)).astype(np.float32)
        assert run(loss.value)[1][loss.value.__name__](A, Y) == loss.value(A, Y)


def test_a_method_becomes_a_function_of_its_hyperparameters() -> None:
    text = Kernels().take(type(OPTIMIZERS["momentum"]).update, {"mu": 0.7}, "About it.")
    assert text.startswith(
        'def update(theta, g, alpha, t, d, *moments, mu=0.7):\n    """About it."""'
    )
    assert "self" not in text
    plain = Kernels().take(type(OPTIMIZERS["gradient_descent"]).update, {})
    assert plain.startswith("def update(theta, g, alpha, t, d):\n")


def test_code_that_cannot_be_copied_is_named() -> None:
    with pytest.raises(LookupError, match=r"uses self\.equations, which the script does not have"):
        Kernels().take(Odd.update, {})
    with pytest.raises(LookupError, match="uses pytest, which cannot be copied"):
        Kernels().take(of_a_library)
    with pytest.raises(LookupError, match="has no name of its own: define it with def"):
        run(lambda Z: Z)


def test_two_functions_of_the_same_name_are_rejected(monkeypatch: pytest.MonkeyPatch) -> None:
    kernels = Kernels()
    kernels.take(halved)
    monkeypatch.setattr(schedules.cosine, "__name__", "halved")
    with pytest.raises(LookupError, match=r"halved is in .*test_kernels and in netcore\.schedules"):
        kernels.take(schedules.cosine)

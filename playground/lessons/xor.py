"""Xor takes a hidden layer."""

from playground.config import RunConfig
from playground.learn.lesson import Choices, Goal, Lesson, Results, Trial
from playground.learn.quantities import ACCURACY, HIDDEN, Condition

UNITS = (0, 2, 4, 8)
XOR = RunConfig.default("xor").with_values(epochs=40)
SOLVED = 90
BARE = XOR.with_values(layers=(2, 1), activations=())


def _with(units: int) -> RunConfig:
    if not units:
        return BARE
    return XOR.with_values(layers=(2, units, 1), activations=("tanh",))


def _which(results: Results) -> int:
    """The first trial that solves it; the last one if none does."""
    solved = [run["validation_accuracy"] >= SOLVED for run in results]
    return solved.index(True) if True in solved else len(UNITS) - 1


def _because(results: Results) -> str:
    accuracy = [f"{run['validation_accuracy']:.0f} %" for run in results]
    return (
        f"Without a hidden unit there is one straight boundary, and no line separates xor: "
        f"{accuracy[0]}. Each hidden unit adds a line of its own: two give {accuracy[1]}, four "
        f"{accuracy[2]}, eight {accuracy[3]}. Four lines are enough to fence in two opposite "
        "squares."
    )


LESSON = Lesson(
    key="xor",
    order=8,
    title="Xor needs a hidden layer",
    about=(
        "Points in opposite squares have the same class. A network with one output unit learns "
        "them with 0, 2, 4 and 8 tanh units in one hidden layer, for 40 epochs each."
    ),
    page="plane",
    trials=tuple(
        Trial(f"{units} units" if units else "No hidden unit", _with(units)) for units in UNITS
    ),
    question=Choices(
        f"What is the smallest of them that gets {SOLVED} % of the validation points correct?",
        tuple(f"{units} units" if units else "No hidden unit" for units in UNITS),
        _which,
    ),
    because=_because,
    claims={
        "no line separates xor": lambda results: results[0]["validation_accuracy"] < 70,
        "Four lines are enough": lambda results: (
            results[2]["validation_accuracy"] >= SOLVED
            and results[3]["validation_accuracy"] >= SOLVED
        ),
    },
    goal=Goal(
        "Solve xor with as few hidden units as you can. Three are allowed; with another input, "
        "none is needed.",
        start=XOR,
        conditions=(Condition(ACCURACY, 95), Condition(HIDDEN, 3, at_least=False)),
        keeps=("dataset", "noise", "points", "validation_fraction"),
        solution=lambda: XOR.with_values(inputs=("x1x2",), layers=(1, 1), activations=()),
    ),
)

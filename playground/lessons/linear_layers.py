"""Layers without a nonlinearity are one layer."""

import numpy as np

from playground.learn.lesson import Choices, Goal, Lesson, Results, Scale, Trial
from playground.learn.quantities import ACCURACY, Condition, Quantity
from playground.lessons._start import START
from playground.snapshot import Snapshot


def _same_as_one_layer(shown: Snapshot) -> float:
    """Per cent of the validation digits that get the same prediction from one layer: the product of
    all W, with the b that belongs to it.
    """
    X = shown.data.validation.X
    W, b = np.eye(len(X)), np.zeros((len(X), 1))
    for layer in shown.network.layers:
        W, b = layer.W @ W, layer.W @ b + layer.b
    predicted = shown.network.forward(X)[-1].A.argmax(axis=0)
    return float(100 * np.mean((W @ X + b).argmax(axis=0) == predicted))


SAME = Quantity("same", "predictions equal to those of one layer", _same_as_one_layer, "%", 1)
ONE = START.with_values(layers=(784, 10), activations=())
DEEP = START.with_values(
    layers=(784, 64, 64, 64, 10), activations=("identity",) * 3, initializer="glorot"
)


def _gain(results: Results) -> float:
    return results[1]["validation_accuracy"] - results[0]["validation_accuracy"]


SCALE = Scale(
    "gain by three layers (points)",
    points=lambda results: {"with three identity layers": _gain(results)},
    edges=lambda results: (1, 5),
)


def _because(results: Results) -> str:
    one, deep = results
    return (
        f"One layer reaches {one['validation_accuracy']:.1f} %, and the deep network "
        f"{deep['validation_accuracy']:.1f} %: it gains nothing. Without a nonlinearity, "
        "W4(W3(W2(W1 x))) is (W4 W3 W2 W1) x, and the product is one 10 by 784 matrix. "
        f"That single layer gives {deep['same']:.1f} % of the validation digits the same "
        "prediction as the deep network."
    )


LESSON = Lesson(
    key="linear_layers",
    order=7,
    title="Depth without a nonlinearity",
    about=(
        "One network has no hidden layer. Another has three hidden layers of 64 units whose "
        "activation is the identity: A = Z. Both train for 5 epochs."
    ),
    trials=(Trial("No hidden layer", ONE), Trial("Three identity layers", DEEP)),
    measures=(ACCURACY, SAME),
    question=Choices.of_ranges(
        "What do the three hidden layers do to validation accuracy?",
        (
            "Nothing, or less than 1 point",
            "They raise it by 1 to 5 points",
            "They raise it by more than 5 points",
        ),
        SCALE,
    ),
    because=_because,
    claims={
        "it gains nothing": lambda results: _gain(results) < 1,
        "the same prediction as the deep network": lambda results: results[1]["same"] >= 99.5,
    },
    goal=Goal(
        "Make the three layers worth having, with the same sizes and in the same 5 epochs.",
        start=DEEP,
        # Over five seeds, no run of this lesson reaches more than 90.3 %, and ReLU 91.8 to 93.0 %.
        conditions=(Condition(ACCURACY, 91),),
        keeps=("layers", "epochs", "subset"),
        solution=lambda: DEEP.with_values(activations=("relu",) * 3, initializer="he"),
    ),
)

"""Through five sigmoid layers the gradient vanishes."""

import numpy as np

from playground.layer_statistics import norm
from playground.learn.lesson import Choices, Goal, Lesson, Results, Scale, Trial
from playground.learn.quantities import ACCURACY, Condition, Quantity
from playground.lessons._start import START
from playground.output import loss_of, targets
from playground.snapshot import Snapshot

EXAMPLES = 256  # training digits on which the gradient is computed


def _ratio(shown: Snapshot) -> float:
    """How many times larger the gradient of the last layer's weights is than the first's."""
    part = shown.data.train.first(EXAMPLES)
    network = shown.network
    Y = targets(part, shown.config.layers)
    grads = network.backward(network.forward(part.X), Y, loss_of(shown.config, part))
    first = norm(grads[0].dW)
    return norm(grads[-1].dW) / first if first else np.inf


RATIO = Quantity("ratio", "‖dW‖ of the last layer over the first's", _ratio, "", 1)
SIGMOID = START.with_values(
    layers=(784, 64, 64, 64, 64, 64, 10), activations=("sigmoid",) * 5, initializer="glorot"
)
RELU = SIGMOID.with_values(activations=("relu",) * 5, initializer="he")
FACTORS = ("About as large", "About 10 times smaller", "More than 100 times smaller")


SCALE = Scale(
    "‖dW‖, last over first",
    points=lambda results: {"Sigmoid": results[0]["ratio"], "ReLU": results[1]["ratio"]},
    edges=lambda results: (3, 100),
    log=True,
)


def _because(results: Results) -> str:
    sigmoid, relu = results
    return (
        "Sigmoid's derivative is 0.25 at most, and backpropagation multiplies by it in each of the "
        f"five layers. So the first layer's gradient is {sigmoid['ratio']:,.0f} times smaller than "
        f"the last layer's, the first layer hardly changes, and validation accuracy stays at "
        f"{sigmoid['validation_accuracy']:.1f} %. ReLU's derivative is 1 where it is active: "
        f"then the first layer's gradient is {1 / relu['ratio']:,.1f} times the last's, and the "
        f"same five layers reach {relu['validation_accuracy']:.1f} %."
    )


LESSON = Lesson(
    key="vanishing_gradients",
    order=3,
    title="Five sigmoid layers",
    about=(
        "A network with five hidden layers of 64 units trains for 5 epochs with gradient descent, "
        "once with sigmoid and once with ReLU as the activation."
    ),
    trials=(Trial("Sigmoid", SIGMOID), Trial("ReLU", RELU)),
    measures=(ACCURACY, RATIO),
    question=Choices.of_ranges(
        "With sigmoid: how large is the gradient of the first layer's weights, compared with that "
        "of the last layer's?",
        FACTORS,
        SCALE,
    ),
    because=_because,
    claims={
        "the first layer hardly changes": lambda results: results[0]["ratio"] > 100,
        "validation accuracy stays at": lambda results: results[0]["validation_accuracy"] < 25,
        "layers reach": lambda results: (
            results[1]["validation_accuracy"] > 80 and 0 < results[1]["ratio"] < 2
        ),
    },
    goal=Goal(
        "Make the five sigmoid layers learn anyway, in 5 epochs.",
        start=SIGMOID,
        conditions=(Condition(ACCURACY, 75),),
        keeps=("layers", "activations", "epochs", "subset"),
        solution=lambda: SIGMOID.with_values(optimizer="adam", learning_rate=0.005),
    ),
)

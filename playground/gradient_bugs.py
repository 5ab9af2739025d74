"""Common mistakes in backward, planted in netcore's own source, for the gradient check to find."""

import inspect
import textwrap
from dataclasses import dataclass

import numpy as np

from netcore import network as netcore_network
from netcore.array import Array
from netcore.gradient_check import EPSILON, GOOD, GradientCheck, check_gradients
from netcore.initializers import he
from netcore.losses import Loss
from netcore.network import Network
from playground.source_lines import line


@dataclass(frozen=True)
class GradientBug:
    """A mistake: its name, the right and the wrong equation (LaTeX), its effect, which line of
    netcore it replaces (a name in source_lines), and the planted line.
    """

    title: str
    right: str = ""
    wrong: str = ""
    about: str = ""
    line: str = ""
    planted: str = ""


GRADIENT_BUGS: dict[str, GradientBug] = {
    "none": GradientBug("none", about="This is netcore's own backward, which training uses."),
    "mean": GradientBug(
        "forgot 1/m",
        r"dZ^{[L]} = \tfrac{1}{m} (A^{[L]} - Y)",
        r"dZ^{[L]} = A^{[L]} - Y",
        "The gradients are m times too large. Their direction is correct, so training works with "
        "another learning rate: this is hard to notice without the check.",
        "/m",
        "pass  # dZ /= m is left out",
    ),
    "derivative": GradientBug(
        "forgot the activation's derivative",
        r"dZ^{[l]} = dA^{[l]} \odot g'(Z^{[l]})",
        r"dZ^{[l]} = dA^{[l]}",
        "Only the last layer's gradients are correct, unless the activation is the identity.",
        "dZ",
        "np.copyto(dZ, dA)",
    ),
    "A for Z": GradientBug(
        "used A for Z",
        r"dZ^{[l]} = dA^{[l]} \odot g'(Z^{[l]})",
        r"dZ^{[l]} = dA^{[l]} \odot g'(A^{[l]})",
        "With ReLU and leaky ReLU this has no effect: A > 0 exactly where Z > 0, and the check "
        "passes. With other activations, all gradients before the last layer are wrong.",
        "dZ",
        "layer.activation.vjp(dA, cache.A, layer.activation.f(cache.A), out=dZ)",
    ),
    "Z for A": GradientBug(
        "used Z for A",
        r"dW^{[l]} = dZ^{[l]} A^{[l-1]T}",
        r"dW^{[l]} = dZ^{[l]} Z^{[l-1]T}",
        "The wrong array of the cache: the weight gradients from the second layer on are wrong, "
        "the bias gradients are correct.",
        "dW",
        "products.add(dZ, (caches[l - 2].Z if l > 1 else cache.A_prev).T, out=dW)",
    ),
    "transposed": GradientBug(
        "transposed",
        r"dW^{[l]} = dZ^{[l]} A^{[l-1]T}",
        r"dW^{[l]} = A^{[l-1]} dZ^{[l]T} \text{, reshaped until it fits}",
        "Every number is correct, but at the wrong position.",
        "dW",
        "dW[:] = (cache.A_prev @ dZ.T).reshape(dW.shape)",
    ),
}


def with_bug(network: Network, bug: GradientBug) -> Network:
    """The same network, with netcore's own source of backward in which the planted line replaces
    the right one.
    """
    if not bug.planted:
        return network
    source = textwrap.dedent(inspect.getsource(Network.backward))
    right = line(bug.line).text
    names = dict(vars(netcore_network))
    exec(compile(source.replace(right, bug.planted), "<planted>", "exec"), names)
    kind = type("NetworkWithBug", (Network,), {"backward": names["backward"]})
    made: Network = kind(network.layer_dims, network.activations, network.theta)
    return made


def check(
    network: Network,
    X: Array,
    Y: Array,
    loss: Loss,
    *,
    mistake: str = "none",
    sample: int,
    seed: int = 0,
) -> list[GradientCheck]:
    """Check the gradients of this network in float64, as if its backward made the mistake."""
    made = with_bug(network, GRADIENT_BUGS[mistake])
    return check_gradients(made, X, Y, loss, sample=sample, rng=np.random.default_rng(seed))


REVEALING = (4, 3)  # units of its hidden layers


def revealing(network: Network) -> Network:
    """A network for the same data on which every mistake is visible: two hidden layers of tanh of
    different sizes, with He initialization.
    """
    dims = [network.layer_dims[0], *REVEALING, network.layer_dims[-1]]
    activations = [*("tanh" for _ in REVEALING), network.activations[-1]]
    return Network.create(dims, activations, he, rng=np.random.default_rng(0))


NOISE = 2e-9  # error of a zero gradient: float64's rounding of a cost of about 1, divided by 2ε


def noise_of(network: Network, X: Array, Y: Array) -> float:
    """The precision of finite differences for these examples: NOISE, or more with a sigmoid output
    that is confident and wrong. The sigmoid is rounded to float64's ε, not to that share of itself,
    so its logarithm loses digits as it nears 0.
    """
    if network.activations[-1] != "sigmoid":
        return NOISE
    A = Network(network.layer_dims, network.activations, network.theta.astype(np.float64)).predict(
        X.astype(np.float64)
    )
    p = np.where(Y > 0.5, A, 1 - A)
    rounding = np.finfo(np.float64).eps / np.maximum(p, np.finfo(np.float64).epsneg)
    return max(NOISE, float(rounding.mean()) / EPSILON)


def is_good(checked: GradientCheck, noise: float = NOISE) -> bool:
    """Whether both gradients agree: to a relative error of GOOD, or, if they are as small as in a
    network with vanishing gradients, to the precision of finite differences.
    """
    difference = np.abs(checked.analytic - checked.numerical)
    return checked.relative_error < GOOD or bool(difference.max(initial=0.0) < noise)


def worst_first(checked: GradientCheck) -> list[int]:
    """The entries, largest difference of the two gradients first."""
    difference = np.abs(checked.analytic - checked.numerical)
    return [int(i) for i in np.argsort(-difference, kind="stable")]

"""View 7b: the smallest change that makes the network predict another class."""

import numpy as np
import streamlit as st

from data.dataset import Dataset
from netcore.array import Array
from netcore.losses import Loss
from netcore.network import Network
from playground.colors import PREVIOUS, THIS_RUN, VALIDATION
from playground.inspect.adversarial import (
    Attack,
    accuracy_under,
    accuracy_under_noise,
    prediction,
    smallest,
)
from playground.inspect.figures import figure, line
from playground.inspect.kept import kept
from playground.output import loss_for
from playground.run import Snapshot
from ui.inspect.attribution import float64_of
from ui.inspect.beside import beside
from ui.inspect.chosen import Example
from ui.inspect.pictures import Picture, pictures
from ui.inspect.reading import how_to_read
from ui.inspect.strip import caption
from ui.live_plot import live_plot
from ui.text import as_is

TILE, ANY = 140, -1
MAX_EPSILON, EPSILON = 0.5, 0.1  # and where the slider starts
EPSILONS = np.linspace(0, 0.3, 7)
PGD_ON, PGD_STEPS = 100, 10
AT_ONCE = 1_000  # examples whose accuracy under attack does not keep the page waiting
FGSM, PGD = "FGSM: one step", "PGD: many steps"


def adversarial(shown: Snapshot, example: Example) -> None:
    """An attack on the example that is looked at, and attacks on the whole validation set."""
    names, shape = shown.data.train.class_names, shown.data.train.image_shape
    assert shape is not None
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = st.segmented_control("Attack", [FGSM, PGD], default=PGD, key="attack", required=True)
        target = st.selectbox(
            "Target class", [ANY, *range(len(names))], key="attack target", width=150,
            format_func=lambda each: "any other" if each == ANY else names[each],
        )  # fmt: skip
        epsilon = st.slider("ε: each pixel changes by at most", 0.0, MAX_EPSILON, EPSILON, 0.005,
                            key="epsilon", width=280, format="%.3f")  # fmt: skip
    aim = None if target in (ANY, example.predicted) else int(target)
    pgd = kind == PGD
    network, x = float64_of(shown.network), example.x.astype(float)
    changed = attacked(shown, example, aim, epsilon, pgd=pgd)
    left, right = st.columns([1, 1], gap="medium")
    with left:
        _pictures(_prediction(network, x, names), _prediction(network, changed, names),
                  x, changed, shape, epsilon)  # fmt: skip
        least = smallest_epsilon(shown, example, aim, pgd=pgd)
        to = "another class" if aim is None else as_is(names[aim])
        st.markdown(
            f"**{example.name}**: this attack does not succeed with any ε up to {MAX_EPSILON}."
            if least is None
            else f"**{example.name}** is predicted as {to} from **ε = {least:.3f}** on."
        )
        how_to_read(
            "A very small change is enough, while a random change of the same size has almost no "
            "effect.",
            '"The network sees nothing." People fall for illusions as well, but for others. "This '
            'is the smallest ε." Another attack may find a smaller one.',
        )
    with right:
        validation = shown.data.validation
        _accuracy_chart(shown, validation)


def attacked(
    shown: Snapshot, example: Example, target: int | None, epsilon: float, *, pgd: bool
) -> Array:
    """The example (n_x, 1) after a change of at most ε in every pixel, computed once."""
    attack, x, label = _attack_on(shown, example, target)
    change = attack.pgd if pgd else attack.fgsm
    key = ("attacked", example.key, target, epsilon, pgd)
    return kept(shown.network, key, lambda: change(x, np.array([label]), epsilon))


def smallest_epsilon(
    shown: Snapshot, example: Example, target: int | None, *, pgd: bool
) -> float | None:
    """The smallest ε with which the attack succeeds, if any does; computed once."""
    attack, x, label = _attack_on(shown, example, target)
    key = ("smallest ε", example.key, target, pgd)
    return kept(
        shown.network, key, lambda: smallest(attack, x, label, pgd=pgd, max_epsilon=MAX_EPSILON)
    )


def _attack_on(shown: Snapshot, example: Example, target: int | None) -> tuple[Attack, Array, int]:
    """In float64. It leads away from the prediction, even if that is wrong, or to the target."""
    attack = Attack(float64_of(shown.network), loss_for(shown.config), target)
    return attack, example.x.astype(float), example.predicted


def adversarial_ahead(shown: Snapshot, dataset: Dataset, example: Example) -> None:
    """Compute what the view shows at first."""
    attacked(shown, example, None, EPSILON, pgd=True)
    smallest_epsilon(shown, example, None, pgd=True)
    first_curves(shown)


def _prediction(network: Network, x: Array, names: tuple[str, ...]) -> str:
    label, a = prediction(network, x)
    return caption(names[label], a, names)


def _pictures(
    before: str, after: str, x: Array, changed: Array, shape: tuple[int, int], epsilon: float
) -> None:
    limit = max(epsilon, 1e-3)
    pictures(
        [
            Picture(x.reshape(shape), f"before: {before}"),
            Picture((changed - x).reshape(shape), f"change, ±{epsilon:.3g}", "diverging", limit),
            Picture(changed.reshape(shape), f"after: {after}"),
        ],
        key="attacked",
        tile=TILE,
    )


def _accuracy_chart(shown: Snapshot, validation: Dataset) -> None:
    """The curves of the first examples at once, those of the whole set when they are computed."""
    network, loss = shown.network, loss_for(shown.config)
    curves, m = first_curves(shown), min(AT_ONCE, validation.m)
    if validation.m > m:
        whole = beside(
            shown,
            ("all under attack", validation),
            lambda: _fgsm_and_noise(network, loss, validation),
            what=f"the accuracy of all {validation.m:,} examples",
        )
        if whole is not None:
            curves, m = whole, validation.m
    fgsm, noise = curves
    traces = [
        line("random ±ε", EPSILONS, noise, PREVIOUS, dash="dot"),
        line("FGSM", EPSILONS, fgsm, VALIDATION, markers=True),
    ]
    first = validation.first(PGD_ON)
    if st.toggle(f"PGD on {first.m:,} examples", key="pgd curve"):
        pgd = kept(
            network,
            ("accuracy under pgd", validation),
            lambda: accuracy_under(
                Attack(network, loss), first.X, first.labels, EPSILONS, pgd=True, steps=PGD_STEPS
            ),
        )
        traces.append(line("PGD", EPSILONS, pgd, THIS_RUN, markers=True))
    live_plot(
        figure(f"Accuracy on {m:,} validation examples", traces, x="ε", y="accuracy",
               percent=True, top=1.05),
        key="accuracy under attack",
        height=320,
        alt="Validation accuracy against ε, under attacks and under random changes",
    )  # fmt: skip


def first_curves(shown: Snapshot) -> tuple[Array, Array]:
    """The accuracy of the first validation examples under FGSM and random changes, for each ε."""
    network, validation = shown.network, shown.data.validation
    return kept(
        network,
        ("under attack", validation),
        lambda: _fgsm_and_noise(network, loss_for(shown.config), validation.first(AT_ONCE)),
    )


def _fgsm_and_noise(network: Network, loss: Loss, dataset: Dataset) -> tuple[Array, Array]:
    return (
        accuracy_under(Attack(network, loss), dataset.X, dataset.labels, EPSILONS),
        accuracy_under_noise(network, dataset.X, dataset.labels, EPSILONS),
    )

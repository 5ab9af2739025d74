"""Several runs in columns, each under its letter, and the weights of their first layers."""

from collections.abc import Iterator, Sequence
from html import escape
from typing import Protocol, TypeVar

import numpy as np
import streamlit as st

from netcore.network import Network
from playground.colors import ink_on
from playground.comparison import Drawn, shortened
from playground.trainer import first_layer_images
from ui.image_grid import image_grid

A_ROW = 4  # runs in a row
TILES = 16  # neurons shown of a first layer


class Pictured(Drawn, Protocol):
    """A run with its network; image_shape is that of its inputs, or None."""

    @property
    def network(self) -> Network: ...
    @property
    def image_shape(self) -> tuple[int, int] | None: ...


T = TypeVar("T", bound=Drawn)


def side_by_side(runs: Sequence[T]) -> Iterator[T]:
    """Yield each run inside its own column, under its letter."""
    for start in range(0, len(runs), A_ROW):
        some = runs[start : start + A_ROW]
        for column, run in zip(st.columns(min(A_ROW, len(runs)), gap="medium"), some, strict=False):
            with column:
                st.html(f"{lettered(run.letter, run.color)} {escape(shortened(run.name))}")
                yield run


def lettered(letter: str, color: str) -> str:
    """The letter of a run on its color, as HTML."""
    style = f"background:{color}; color:{ink_on(color)}"
    return f'<b class="run-letter" style="{style}">{letter}</b>'


def first_weights(runs: Sequence[Pictured], *, key: str) -> None:
    """The weights of the first layers, with one color scale: images of the first neurons if the
    inputs are images, or else the matrix.
    """
    limit = max(float(np.abs(run.network.layers[0].W).max()) for run in runs)
    limit = limit if 0 < limit < np.inf else 1.0
    st.caption(
        f"W1: blue is negative, red is positive, the strongest color is {limit:.3g} for all runs. "
        f"Networks whose inputs are images show their first {TILES} neurons."
    )
    for run in side_by_side(runs):
        W = run.network.layers[0].W
        if run.image_shape is None:
            images, labels = W[None], [f"W1 of {run.letter}"]
        else:
            images = first_layer_images(run.network, run.network.theta, run.image_shape)[:TILES]
            labels = [f"neuron {n}" for n in range(len(images))]
        image_grid(
            images,
            key=f"{key} {run.letter}",
            alt=f"First-layer weights of run {run.letter}",
            tile=240 if run.image_shape is None else 56,
            scale="diverging",
            limit=limit,
            labels=labels,
            columns=1 if run.image_shape is None else 4,
        )

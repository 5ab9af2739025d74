"""The weights of a network as .npz, and the curves of a run as CSV."""

import io

import numpy as np

from netcore.network import Network
from playground.csv_bytes import csv_bytes
from playground.history import MEASURED, Curves


def weights_file(network: Network) -> bytes:
    """W1, b1, W2, … as .npz, for np.load: W[l] is (n_out, n_in), b[l] (n_out, 1)."""
    arrays = {}
    for l, layer in enumerate(network.layers, start=1):
        arrays[f"W{l}"], arrays[f"b{l}"] = layer.W, layer.b
    file = io.BytesIO()
    np.savez(file, **arrays)  # type: ignore[arg-type]  # its stub takes the names for allow_pickle
    return file.getvalue()


def curve_file(curves: Curves) -> bytes:
    """A line for each iteration: the cost of its batch, and, where they were measured, cost and
    accuracy on training and validation examples. Numbers are written by repr, so nothing is lost.
    """
    measured = {
        int(iteration): [repr(float(getattr(curves, name)[i])) for name in MEASURED[1:]]
        for i, iteration in enumerate(curves.iteration)
    }
    nothing = [""] * (len(MEASURED) - 1)
    costs = ["", *(repr(float(cost)) for cost in curves.step_cost)]
    rows = ([i, cost, *measured.get(i, nothing)] for i, cost in enumerate(costs))
    return csv_bytes([["iteration", "step_cost", *MEASURED[1:]], *rows])

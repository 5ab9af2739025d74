"""Activation maximization: an image made from noise by gradient ascent on a class's logit."""

import numpy as np
from numpy.typing import NDArray

from data.dataset import Dataset
from netcore.array import Array
from netcore.network import Network
from playground.inspect.logits import PICKED, without_output

STEPS, STEP_SIZE = 120, 0.08
DECAY = 0.02  # of each pixel, in each step
BLUR_EVERY = 4  # steps


def maximizing_inputs(
    network: Network, shape: tuple[int, int], *, regularized: bool, seed: int = 0
) -> Array:
    """An image for each class, X (n_x, n_classes), from faint noise, with pixels from 0 to 1.

    regularized  each step shrinks all pixels a little, and some steps blur; otherwise all that
                 raises the logit stays, which looks like noise
    Source: Simonyan, Vedaldi & Zisserman, "Deep inside convolutional networks" (2014); the blur:
            Yosinski et al., "Understanding neural networks through deep visualization" (2015)
    """
    bare = without_output(network)
    n = network.layer_dims[-1]
    Y = np.array([[-1, 1]]) if n == 1 else np.eye(n)
    Y = Y.astype(network.theta.dtype)
    rng = np.random.default_rng(seed)
    X = rng.uniform(0, 0.1, (network.layer_dims[0], Y.shape[1])).astype(network.theta.dtype)
    for step in range(1, STEPS + 1):
        dX = bare.backward(bare.forward(X), Y, PICKED, with_dX=True)[0].dA_prev
        assert dX is not None
        sizes = np.sqrt(np.mean(dX**2, axis=0))
        X = X + STEP_SIZE * dX / np.maximum(sizes, 1e-12)
        if regularized:
            X *= 1 - DECAY
            if step % BLUR_EVERY == 0:
                X = blurred(X, shape)
        X = np.clip(X, 0, 1)
    return X


def blurred(X: Array, shape: tuple[int, int]) -> Array:
    """Each image of X (n_x, m), filtered with weights 1, 2, 1 along both sides; edges are
    repeated.
    """
    images = X.T.reshape(-1, *shape)
    for axis in (1, 2):
        wide = np.pad(images, [(0, 0) if i != axis else (1, 1) for i in range(3)], mode="edge")
        n = images.shape[axis]
        before, here, after = (np.take(wide, range(k, k + n), axis=axis) for k in range(3))
        images = (before + 2 * here + after) / 4
    return np.ascontiguousarray(images.reshape(len(images), -1).T)


def nearest(X: Array, dataset: Dataset, labels: NDArray[np.integer]) -> list[int]:
    """For each column of X, the index of the closest example of that class, by cosine similarity,
    which ignores brightness.
    """
    lengths = np.linalg.norm(dataset.X, axis=0)
    closeness = (X.T @ dataset.X) / np.maximum(lengths, 1e-12)
    return [
        int(np.where(dataset.labels == label, row, -np.inf).argmax())
        for label, row in zip(labels, closeness, strict=True)
    ]

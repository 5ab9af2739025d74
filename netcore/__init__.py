"""A deep neural network in NumPy alone.

The equations, for layers l = 1 … L and m examples as the columns of X:

    forward    A[0] = X,   Z[l] = W[l] A[l-1] + b[l],   A[l] = g[l](Z[l])
    cost       J = loss(A[L], Y), the mean over the examples
    backward   dZ[l] = dA[l] ⊙ g[l]'(Z[l]),   dW[l] = dZ[l] A[l-1]ᵀ,   db[l] = dZ[l] 1,
               dA[l-1] = W[l]ᵀ dZ[l]          where dX means ∂J/∂X, so 1/m is inside dZ[L]
    update     θ ← θ − α · direction(dθ)      θ: all W and b

Each file holds one idea: activations, losses, initializers, network, matmul, optimizers, schedules,
batches, training, metrics, gradient_check.
"""

from netcore.activations import ACTIVATIONS, Activation
from netcore.initializers import INITIALIZERS
from netcore.losses import LOSSES, Loss
from netcore.network import Buffers, Cache, Grads, Layer, Network
from netcore.optimizers import OPTIMIZERS, Optimizer
from netcore.schedules import SCHEDULES
from netcore.training import Hyperparameters, StepRecord, TrainState, Workspace, train, train_step

__all__ = [
    "ACTIVATIONS", "INITIALIZERS", "LOSSES", "OPTIMIZERS", "SCHEDULES",
    "Activation", "Buffers", "Cache", "Grads", "Hyperparameters", "Layer", "Loss", "Network",
    "Optimizer", "StepRecord", "TrainState", "Workspace", "train", "train_step",
]  # fmt: skip

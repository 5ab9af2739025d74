"""The network that most lessons begin with: small enough to train in a second."""

from playground.config import RunConfig
from playground.settings import MNIST_ONLY

START = RunConfig(
    digit_forms=MNIST_ONLY,
    layers=(784, 64, 10),
    activations=("relu",),
    optimizer="gradient_descent",
    learning_rate=0.1,
    schedule="constant",
    batch_size=32,
    epochs=5,
    augmentation=0.0,
)

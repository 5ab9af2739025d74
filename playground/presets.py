"""PRESETS: networks worth trying, with what each one shows."""

from dataclasses import dataclass

from playground.config import RunConfig


@dataclass(frozen=True)
class Preset:
    """A name for the list, one sentence on what to see, and the settings."""

    title: str
    about: str
    config: RunConfig


_POST = RunConfig(
    layers=(784, 10, 10),
    activations=("relu",),
    optimizer="gradient_descent",
    learning_rate=0.1,
    schedule="constant",
    batch_size=None,
    epochs=None,
    iterations=1000,
    augmentation=0.0,
)

PRESETS: dict[str, Preset] = {
    "default": Preset(
        "Digit reader",
        "Two hidden layers that learn from warped copies of the digits: reads your drawings best.",
        RunConfig(),
    ),
    "post-small": Preset(
        "The post: [784, 10, 10]",
        "The first post's small network, all digits in every step, 1000 steps.",
        _POST,
    ),
    "post-deep": Preset(
        "The post: [784, 256, 128, 64, 10]",
        "The first post's deep network, 500 steps: slower steps, each worth more.",
        _POST.with_values(layers=(784, 256, 128, 64, 10), iterations=500),
    ),
    "zeros": Preset(
        "Bad on purpose: all zeros",
        "All weights start at zero, so all neurons stay twins: watch their images stay the same.",
        RunConfig(
            layers=(784, 16, 10),
            activations=("sigmoid",),
            initializer="zeros",
            augmentation=0.0,
            epochs=20,
        ),
    ),
    "deep-sigmoid": Preset(
        "Bad on purpose: deep sigmoid",
        "Five layers of sigmoids: gradients vanish on the way back, the first layer never learns.",
        RunConfig(
            layers=(784, 64, 64, 64, 64, 64, 10),
            activations=("sigmoid",),
            initializer="glorot",
            optimizer="gradient_descent",
            learning_rate=0.1,
            schedule="constant",
            augmentation=0.0,
            epochs=20,
        ),
    ),
}

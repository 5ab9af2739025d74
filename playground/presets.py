"""PRESETS: example networks, each with a sentence on what it shows."""

from dataclasses import dataclass

from data.points import INPUTS
from playground.config import RunConfig
from playground.run_data import is_plane
from playground.settings import MNIST_ONLY


@dataclass(frozen=True)
class Preset:
    """A title, one sentence on what to observe, and the settings."""

    title: str
    about: str
    config: RunConfig


_POST = RunConfig(
    digit_forms=MNIST_ONLY,  # as in all presets but the default: each shows only one thing
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

_SECOND_POST = _POST.with_values(
    task="3-8",
    layers=(784, 20, 1),
    initializer="small",
    learning_rate=0.0075,
    iterations=3000,
)
_DEEPER = (784, 20, 7, 5, 1)
_NOISY = RunConfig.default("gaussians").with_values(
    layers=(2, 8, 8, 8, 1), noise=1.0, points=120, validation_fraction=0.5, epochs=1500
)

PRESETS: dict[str, Preset] = {
    "default": Preset(
        "Digit reader",
        "Trained on warped digits of MNIST and of other handwriting: best for your drawings.",
        RunConfig(),
    ),
    "post-small": Preset(
        "The post: [784, 10, 10]",
        "The first post's small network: full batch, 1000 steps.",
        _POST,
    ),
    "post-deep": Preset(
        "The post: [784, 256, 128, 64, 10]",
        "The first post's deep network: full batch, 500 steps, slower but more effective.",
        _POST.with_values(layers=(784, 256, 128, 64, 10), iterations=500),
    ),
    "zeros": Preset(
        "Bad on purpose: all zeros",
        "All weights start at zero, so a layer's neurons stay equal: compare their weight images.",
        RunConfig(
            digit_forms=MNIST_ONLY,
            layers=(784, 16, 10),
            activations=("sigmoid",),
            initializer="zeros",
            augmentation=0.0,
            epochs=20,
        ),
    ),
    "deep-sigmoid": Preset(
        "Bad on purpose: deep sigmoid",
        "Five sigmoid layers: gradients vanish on their way back; the first layer never learns.",
        RunConfig(
            digit_forms=MNIST_ONLY,
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
    "second-post": Preset(
        "The second post: 3 or 8",
        "Two classes, one sigmoid unit, weights 0.01·N(0,1), rate 0.0075, 3000 full-batch steps.",
        _SECOND_POST,
    ),
    "second-post-deep": Preset(
        "The second post, deeper",
        "Weights 0.01·N(0,1) in four layers: signals vanish, and the cost stays at log 2 = 0.693.",
        _SECOND_POST.with_values(layers=_DEEPER),
    ),
    "second-post-he": Preset(
        "The second post, deeper, with He",
        "The same four layers with He initialization: signals keep their size, and it learns.",
        _SECOND_POST.with_values(layers=_DEEPER, initializer="he"),
    ),
    "one-digit": Preset(
        "A 3 or not",
        "One unit, no hidden layer: its weights as an image show what makes a 3.",
        RunConfig(
            task="3-rest",
            digit_forms=MNIST_ONLY,
            layers=(784, 1),
            activations=(),
            initializer="zeros",
            l2=0.003,
            class_weights="balanced",
            augmentation=0.0,
            epochs=20,
        ),
    ),
    "spiral": Preset(
        "Spiral",
        "Two arms, two hidden layers: the simple boundaries of the neurons combine to a spiral.",
        RunConfig.default("spiral"),
    ),
    "xor-straight": Preset(
        "Xor without a hidden layer",
        "One unit draws one straight line, and no line separates xor: accuracy stays near 50 %.",
        RunConfig.default("xor").with_values(layers=(2, 1), points=500, epochs=100),
    ),
    "xor": Preset(
        "Xor with a hidden layer",
        "Four neurons draw four lines, which together separate the classes.",
        RunConfig.default("xor").with_values(
            layers=(2, 4, 1), points=500, learning_rate=0.03, epochs=200
        ),
    ),
    "too-few": Preset(
        "Too few neurons",
        "Two lines cannot enclose a disc. Add a third neuron: three lines can.",
        RunConfig.default("circles").with_values(layers=(2, 2, 1), points=500, epochs=150),
    ),
    "spiral-inputs": Preset(
        "Spiral, all inputs",
        "With squares and sines as inputs beside x₁ and x₂, one hidden layer is enough.",
        RunConfig.default("spiral").with_values(
            inputs=tuple(INPUTS), layers=(len(INPUTS), 8, 1), epochs=200
        ),
    ),
    "by-heart": Preset(
        "Memorizing noise",
        "Few points, much noise: training accuracy reaches 100 %, while the validation cost rises.",
        _NOISY,
    ),
    "by-heart-l2": Preset(
        "The same with L2",
        "λ = 0.03 keeps the weights small and the boundary smooth: the validation cost stays low.",
        _NOISY.with_values(l2=0.03),
    ),
    "zeros-plane": Preset(
        "Zeros never learn",
        "All weights start at zero: all neurons of a layer stay equal, and every map stays empty.",
        RunConfig.default("circles").with_values(initializer="zeros", points=500, epochs=100),
    ),
    "regression": Preset(
        "Regression: hills and hollows",
        "The target is a number for each point, not a class: many neurons add up to hills.",
        RunConfig.default("reg-gauss").with_values(epochs=200),
    ),
    "five-arms": Preset(
        "Five classes",
        "Softmax output with one unit for each arm of a spiral.",
        RunConfig.default("spiral").with_values(classes=5, layers=(2, 8, 8, 5), epochs=200),
    ),
}


def presets_for(config: RunConfig) -> dict[str, Preset]:
    """The presets for the same kind of data: images, or points on the plane."""
    return {
        name: preset
        for name, preset in PRESETS.items()
        if is_plane(preset.config) == is_plane(config)
    }

"""RunConfig: all settings of a run, immutable and checked. Its text form is the page's address."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from data.names import MNIST_5K
from data.points import PLACED, POINT_SETS, Point
from netcore.network import n_parameters
from netcore.training import Hyperparameters
from playground import renamed
from playground.renamed import with_new_names
from playground.settings import (
    FORM_SETS,
    MAX_ITERATIONS,
    MAX_PARAMETERS,
    MNIST_ONLY,
    NETWORK_LIMIT,
    SETTINGS,
    WORLD,
    Correction,
)

LENGTHS = ("epochs", "iterations")  # exactly one of them is not None
# With digit forms an epoch has more steps, so the default has fewer epochs (docs/digit-forms.md).
EPOCHS = {"mnist-5k": 44, "mnist": 25}
EPOCHS_WITHOUT_FORMS = 60


# Settings on which the numbers of the training examples depend.
NUMBERED_BY = (
    "dataset", "task", "digit_forms", "points", "classes", "validation_fraction", "placed",
    "subset", "label_noise", "seed",
)  # fmt: skip


class ConfigError(ValueError):
    """A setting is not allowed. The message is a sentence for the page and the command line."""


@dataclass(frozen=True)
class RunConfig:
    """The settings of a run. The defaults were chosen by measurement (docs/defaults.md).

    task         of images: "all" classes, "3-rest" or "3-8"
    points … placed   the settings of points on the plane
    digit_forms  "mnist" or "world"; "" becomes world if the data set is MNIST, else mnist
    subset       the number of training examples; None for all
    corrections  training examples left out or relabeled by hand
    layers       sizes of input, hidden layers and output
    activations  one for each hidden layer; a single one is used for all
    batch_size   None for all examples: full-batch gradient descent
    epochs       the length of the run; or None if `iterations` is given instead

    Raises ConfigError if a value, or a combination of values, is not allowed.
    """

    dataset: str = MNIST_5K
    task: str = "all"
    digit_forms: str = ""
    points: int = 1000
    classes: int = 2
    validation_fraction: float = 0.3
    placed: tuple[Point, ...] = PLACED
    inputs: tuple[str, ...] = ("x1", "x2")
    subset: int | None = None
    label_noise: float = 0.0
    noise: float = 0.0
    corrections: tuple[Correction, ...] = ()
    layers: tuple[int, ...] = (784, 256, 128, 10)
    activations: tuple[str, ...] = ("relu", "relu")
    initializer: str = "he"
    optimizer: str = "adam"
    learning_rate: float = 0.003
    schedule: str = "one_cycle"
    batch_size: int | None = 128
    epochs: int | None = EPOCHS["mnist-5k"]
    iterations: int | None = None
    l2: float = 0.0
    l1: float = 0.0
    class_weights: str = "equal"
    dropout: float = 0.0
    augmentation: float = 1.0
    seed: int = 1

    def __post_init__(self) -> None:
        if not self.digit_forms:
            usual = WORLD if self.dataset in FORM_SETS else MNIST_ONLY
            object.__setattr__(self, "digit_forms", usual)
        for setting in SETTINGS.values():
            value = getattr(self, setting.name)
            if value is None and setting.name in LENGTHS:
                continue
            try:
                setting.read(setting.write(value))
            except ValueError as error:
                raise ConfigError(f"{setting.name}: {error}") from None
        if self.has_forms and self.dataset not in FORM_SETS:
            raise ConfigError(
                f"digit_forms: {self.dataset} is not MNIST, so it cannot have other handwriting "
                f"styles; write {MNIST_ONLY}, or choose one of: {', '.join(FORM_SETS)}."
            )
        n_hidden = len(self.layers) - 2
        if len(self.activations) == 1 and n_hidden != 1:
            object.__setattr__(self, "activations", self.activations * n_hidden)
        if len(self.activations) != n_hidden:
            raise ConfigError(
                f"activations: {len(self.activations)} names for {n_hidden} hidden layers; "
                "give one for all or one for each."
            )
        if (self.epochs is None) == (self.iterations is None):
            raise ConfigError("epochs and iterations: give one of the two, not both.")
        if n_parameters(self.layers) > MAX_PARAMETERS:
            raise ConfigError(
                f"layers: {list(self.layers)} has {n_parameters(self.layers):,} parameters. "
                f"{NETWORK_LIMIT}"
            )

    @classmethod
    def default(cls, dataset: str) -> "RunConfig":
        """The app's settings for this data set: images, or points on the plane."""
        if dataset not in POINT_SETS:
            return cls(dataset=dataset, epochs=EPOCHS.get(dataset, EPOCHS_WITHOUT_FORMS))
        return cls(
            dataset=dataset,
            validation_fraction=0.2 if dataset == "placed" else cls.validation_fraction,
            layers=(2, 8, 8, 1),
            activations=("tanh", "tanh"),
            initializer="glorot",
            learning_rate=0.01,
            schedule="constant",
            batch_size=32,
            epochs=500,
            augmentation=0.0,
        )

    @classmethod
    def from_text(cls, texts: Mapping[str, str], base: "RunConfig | None" = None) -> "RunConfig":
        """The settings in texts; the others come from base, or else from the default of their data
        set. This is the inverse of to_text.

        Raises ConfigError for unknown names and for values that are not allowed.
        """
        values: dict[str, Any] = {}
        for name, text in with_new_names(texts, renamed.SETTINGS).items():
            if name not in SETTINGS:
                raise ConfigError(f"unknown setting {name!r}; there are: {', '.join(SETTINGS)}.")
            try:
                values[name] = SETTINGS[name].read(text)
            except ValueError as error:
                raise ConfigError(f"{name}: {error}") from None
        base = base or cls.default(values.get("dataset", cls.dataset))
        return base.with_values(**values)

    def with_values(self, **values: Any) -> "RunConfig":
        """The same settings with these values changed, and with the changes that follow from them.

        Setting iterations unsets epochs, and vice versa. A new number of layers keeps the
        activations of the layers that remain, and a new layer takes that of its neighbor. A new
        data set brings its own default in place of the old one's, and one that is not MNIST has no
        digit forms. Corrections are of one training set: for another there are none.
        """
        dataset = values.get("dataset", self.dataset)
        images = not {dataset, self.dataset} & set(POINT_SETS)
        if images and values.keys() == {"dataset"} and self == self.default(self.dataset):
            return self.default(dataset)
        if dataset not in FORM_SETS:
            values.setdefault("digit_forms", MNIST_ONLY)
        if self.corrections and any(
            values.get(name, getattr(self, name)) != getattr(self, name) for name in NUMBERED_BY
        ):
            values.setdefault("corrections", ())
        if values.get("iterations") is not None:
            values.setdefault("epochs", None)
        elif values.get("epochs") is not None:
            values.setdefault("iterations", None)
        if "layers" in values and "activations" not in values:
            n_hidden = max(len(values["layers"]) - 2, 0)
            last = self.activations[-1:] or ("relu",)
            values["activations"] = (self.activations + last * n_hidden)[:n_hidden]
        return replace(self, **values)

    def to_text(self) -> dict[str, str]:
        """The settings that differ from the app's default, as text: the query of the address. If
        there are any, digit_forms is always among them, because older addresses without it mean
        "mnist".
        """
        default = RunConfig.default(self.dataset).values() | {"dataset": RunConfig.dataset}
        texts = {
            name: SETTINGS[name].write(value)
            for name, value in self.values().items()
            if value != default[name] and not (value is None and name in LENGTHS)
        }
        if texts and self.dataset in FORM_SETS:
            texts["digit_forms"] = self.digit_forms
        return texts

    def values(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def has_forms(self) -> bool:
        """Whether images of digit forms are added to the training images."""
        return self.digit_forms == WORLD

    def needs_new_run(self, other: "RunConfig") -> bool:
        """Whether changing these settings to the other requires a new run."""
        return any(
            not SETTINGS[field.name].live
            for field in fields(self)
            if getattr(self, field.name) != getattr(other, field.name)
        )

    def batches_per_epoch(self, m: int) -> int:
        """The number of steps in an epoch of m examples."""
        return 1 if self.batch_size is None else -(-m // self.batch_size)

    def examples_a_step(self, m: int) -> int:
        """The number of examples in a step, for m training examples; an epoch's last step may have
        fewer.
        """
        return min(self.batch_size or m, m)

    def n_iterations(self, m: int) -> int:
        """The number of steps in the whole run, for m training examples."""
        if self.iterations is not None:
            return self.iterations
        assert self.epochs is not None
        return min(self.epochs * self.batches_per_epoch(m), MAX_ITERATIONS)

    def hyperparameters(self, m: int) -> Hyperparameters:
        """The hyperparameters of netcore's training loop, for m training examples."""
        return Hyperparameters(
            learning_rate=self.learning_rate,
            iterations=self.n_iterations(m),
            schedule=self.schedule,
            batch_size=self.batch_size,
            l2=self.l2,
            l1=self.l1,
            dropout=self.dropout,
        )


def settings_as_text(config: RunConfig) -> dict[str, str]:
    """Every setting, so that the file means the same after the app's defaults have changed."""
    return {
        name: SETTINGS[name].write(value)
        for name, value in config.values().items()
        if not (value is None and name in LENGTHS)
    }


def changed_settings(before: RunConfig, after: RunConfig) -> dict[str, str]:
    """The settings of `after` that `before` has not, as text.

    >>> changed_settings(RunConfig(), RunConfig(seed=7))
    {'seed': '7'}
    """
    old = settings_as_text(before)
    return {name: text for name, text in settings_as_text(after).items() if old.get(name) != text}


def read_address(query: Mapping[str, str]) -> tuple[RunConfig, list[str]]:
    """The settings in an address, and a sentence for each value that is not allowed.

    A bad value does not affect the good ones: only it falls back to the default.
    """
    query = with_new_names(query, renamed.SETTINGS)
    good, complaints = dict[str, str](), list[str]()
    known = [name for name in SETTINGS if name in query]
    base = _before_forms(query) if known and "digit_forms" not in known else None
    config = base or RunConfig()
    for name in sorted(
        known, key=lambda name: name == "activations"
    ):  # activations last: they depend on layers
        try:
            config = RunConfig.from_text(good | {name: query[name]}, base)
        except ConfigError as error:
            complaints.append(f"The address has {name}={query[name]}. {error} The default is used.")
        else:
            good[name] = query[name]
    return config, complaints


def _before_forms(query: Mapping[str, str]) -> RunConfig | None:
    """The default that an address without digit_forms means, if the address is older than that
    setting.
    """
    dataset = query.get("dataset", RunConfig.dataset)
    if dataset not in FORM_SETS:
        return None
    return RunConfig(dataset=dataset, digit_forms=MNIST_ONLY, epochs=EPOCHS_WITHOUT_FORMS)

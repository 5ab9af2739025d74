"""RunConfig: everything that decides a run, frozen and checked. Its text form is the address."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from data.names import MNIST_5K
from data.points import PLACED, POINT_SETS, Point
from netcore.network import n_parameters
from netcore.training import Hyperparameters
from playground import renamed
from playground.renamed import with_new_names
from playground.settings import FORM_SETS, MAX_ITERATIONS, MNIST_ONLY, SETTINGS, WORLD

MAX_PARAMETERS = 10_000_000
LENGTHS = ("epochs", "iterations")  # one of the two is None
# With forms an epoch is longer: as many steps as before, and a few more (docs/digit-forms.md).
EPOCHS = {"mnist-5k": 44, "mnist": 25}
EPOCHS_WITHOUT_FORMS = 60


class ConfigError(ValueError):
    """A setting cannot be; the message is a sentence for the page and the command line."""


@dataclass(frozen=True)
class RunConfig:
    """The settings of a run; the defaults are the app's, chosen by measuring (docs/defaults.md).

    task         "all" classes of the images, "3-rest" or "3-8"; points … placed are of the plane
    digit_forms  "mnist" or "world"; "" becomes world where the data set is MNIST, else mnist
    subset       None is all training examples
    layers       sizes of input, hidden layers and output
    activations  one for each hidden layer; a single one stands for all of them
    batch_size   None is all examples: full-batch gradient descent
    epochs       or iterations: one of the two says how long the run is, the other is None

    Raises ConfigError for values that are not allowed, one by one or together.
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
                f"digit_forms: {self.dataset} is not MNIST, and other handwriting styles join no "
                f"other examples; it takes {MNIST_ONLY}, or choose one of: {', '.join(FORM_SETS)}."
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
                f"layers: {list(self.layers)} has {n_parameters(self.layers):,} parameters; "
                f"up to {MAX_PARAMETERS:,} are allowed here."
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
        """The settings named in texts, the others from base, or where there is none from the
        default of their data set; the inverse of to_text.

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
        """The same settings but for these. What follows from them follows: iterations take the
        place of epochs and the other way round, and a change of depth keeps the activations
        of the layers that stay, a new one taking its neighbor's. Of another data set the app's
        default becomes the default, and one that is not MNIST has no digit forms.
        """
        dataset = values.get("dataset", self.dataset)
        images = not {dataset, self.dataset} & set(POINT_SETS)
        if images and values.keys() == {"dataset"} and self == self.default(self.dataset):
            return self.default(dataset)
        if dataset not in FORM_SETS:
            values.setdefault("digit_forms", MNIST_ONLY)
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
        """What differs from the app's default, as text: the query of the address. It says which
        digit forms there are wherever it says anything: addresses older than those do not."""
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
        """Whether images of digit forms join those of MNIST."""
        return self.digit_forms == WORLD

    def needs_new_run(self, other: "RunConfig") -> bool:
        """Whether going from this to the other takes a fresh start."""
        return any(
            not SETTINGS[field.name].live
            for field in fields(self)
            if getattr(self, field.name) != getattr(other, field.name)
        )

    def batches_per_epoch(self, m: int) -> int:
        """Steps in a pass through m examples."""
        return 1 if self.batch_size is None else -(-m // self.batch_size)

    def examples_a_step(self, m: int) -> int:
        """Examples of m that a step takes; the last of a pass may take fewer."""
        return min(self.batch_size or m, m)

    def n_iterations(self, m: int) -> int:
        """Steps in the whole run on m examples."""
        if self.iterations is not None:
            return self.iterations
        assert self.epochs is not None
        return min(self.epochs * self.batches_per_epoch(m), MAX_ITERATIONS)

    def hyperparameters(self, m: int) -> Hyperparameters:
        """What netcore's loop needs to know, for m training examples."""
        return Hyperparameters(
            learning_rate=self.learning_rate,
            iterations=self.n_iterations(m),
            schedule=self.schedule,
            batch_size=self.batch_size,
            l2=self.l2,
            l1=self.l1,
            dropout=self.dropout,
        )


def read_address(query: Mapping[str, str]) -> tuple[RunConfig, list[str]]:
    """The settings in an address, and a sentence for each that could not be.

    A bad value never takes the good ones with it: it alone falls back to the default.
    """
    query = with_new_names(query, renamed.SETTINGS)
    good, complaints = dict[str, str](), list[str]()
    known = [name for name in SETTINGS if name in query]
    base = _before_forms(query) if known and "digit_forms" not in known else None
    config = base or RunConfig()
    for name in sorted(known, key=lambda name: name == "activations"):  # they follow the layers
        try:
            config = RunConfig.from_text(good | {name: query[name]}, base)
        except ConfigError as error:
            complaints.append(f"The address has {name}={query[name]}. {error} The default is used.")
        else:
            good[name] = query[name]
    return config, complaints


def _before_forms(query: Mapping[str, str]) -> RunConfig | None:
    """The default that an address has in mind which is older than digit forms."""
    dataset = query.get("dataset", RunConfig.dataset)
    if dataset not in FORM_SETS:
        return None
    return RunConfig(dataset=dataset, digit_forms=MNIST_ONLY, epochs=EPOCHS_WITHOUT_FORMS)

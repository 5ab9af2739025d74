"""A run in a file: training state, settings, class names and curves.

The command line and the page write and read the same files.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from data.dataset import Dataset, Splits, as_columns
from data.images import MAX_IMAGES
from data.labeled_drawings import MAX_DRAWINGS
from data.preprocessing import SIDE
from netcore.network import Network
from netcore.optimizers import OPTIMIZERS
from netcore.training import TrainState
from playground import renamed
from playground.config import ConfigError, RunConfig, settings_as_text
from playground.fine_tuning import FineTuning
from playground.history import MEASURED, Curves, Event
from playground.output import activations_of, is_binary
from playground.renamed import with_new_names
from playground.settings import MNIST_ONLY, SETTINGS
from playground.storage import train_state
from playground.storage.train_state import StorageError
from playground.time_machine.changes import Changes, changes_from_json
from playground.trainer import Trainer

File = str | os.PathLike[str] | BinaryIO
MIXTURE_BEFORE = {"old": 4_000, "copies": 120}  # the mixture of files that do not state it
MAX_TEXT = 100  # characters of a class name
MAX_REASON = 200  # characters of an error in the settings
MAX_SECONDS = 1e9  # about thirty years
CURVES = ("step_cost", *MEASURED)


@dataclass(frozen=True, eq=False)
class SavedRun:
    """The contents of a run's file.

    class_names, image_shape  of the data it was trained on: enough to classify with
    examples                  the number of training examples
    seconds                   of training so far
    fine_tuning               the origin of a fine-tuned network, else None
    changes                   what was changed since the first step; None if that is not known
    """

    config: RunConfig
    state: TrainState
    curves: Curves
    class_names: tuple[str, ...]
    image_shape: tuple[int, int] | None
    examples: int
    seconds: float
    fine_tuning: FineTuning | None = None
    changes: Changes | None = None

    @classmethod
    def of(
        cls,
        trainer: Trainer,
        curves: Curves,
        seconds: float,
        fine_tuning: FineTuning | None = None,
        changes: Changes | None = None,
    ) -> "SavedRun":
        """The run of this trainer as it is now. It shares the trainer's state."""
        train = trainer.data.train
        names, shape = train.class_names, train.image_shape
        return cls(
            trainer.config,
            trainer.state,
            curves,
            names,
            shape,
            train.m,
            seconds,
            fine_tuning,
            changes,
        )

    def trainer(self, data: Splits, config: RunConfig | None = None) -> Trainer:
        """A trainer that continues from here, bit for bit as if training had not been interrupted.
        A config may change `live` settings.

        Raises ConfigError if the data is not what the run was trained on, or if the config changes
        other settings.
        """
        config = config or self.config
        if self.config.needs_new_run(config):
            old, new = self.config.values(), config.values()
            names = [n for n in SETTINGS if not SETTINGS[n].live and old[n] != new[n]]
            kept = ", ".join(f"{name} {SETTINGS[name].write(old[name])}" for name in names)
            raise ConfigError(
                f"{names[0]}: a saved run keeps its own value ({kept}); "
                "another value needs a new run."
            )
        train = data.train
        if (self.class_names, self.image_shape) != (train.class_names, train.image_shape):
            raise ConfigError(f"dataset: {config.dataset} has different classes or images here.")
        examples = self.fine_tuning.examples(data) if self.fine_tuning else data
        trainer = Trainer(config, examples, self.state)
        if self.examples != trainer.data.train.m:
            raise ConfigError(
                f"dataset: the run was trained on {self.examples:,} examples, {config.dataset} has "
                f"{train.m:,} here; continuing needs the same ones."
            )
        return trainer


def save_run(
    file: File,
    trainer: Trainer,
    curves: Curves,
    seconds: float,
    fine_tuning: FineTuning | None = None,
    changes: Changes | None = None,
) -> None:
    """Write the run to a path, or into a binary file. If writing to a path fails, an existing file
    stays as it was. No thread may step the trainer meanwhile.

    Raises StorageError if parameters of the network are not finite, OSError if writing fails.
    """
    write_run(file, SavedRun.of(trainer, curves, seconds, fine_tuning, changes))


def write_run(file: File, run: SavedRun) -> None:
    """Write the run as save_run does."""
    about: dict[str, Any] = {
        "config": settings_as_text(run.config),
        "class_names": run.class_names,
        "image_shape": run.image_shape,
        "examples": run.examples,
        "seconds": run.seconds,
        "events": [[event.iteration, event.text] for event in run.curves.events],
    }
    if run.changes is not None and (made := run.changes.to_json()) is not None:
        about["changes"] = made
    vectors: dict[str, NDArray[Any]] = {name: getattr(run.curves, name) for name in CURVES}
    if run.fine_tuning is not None:
        about["fine_tuning"] = _about_fine_tuning(run.fine_tuning)
        vectors |= _vectors_of(run.fine_tuning)
    train_state.save(file, run.state, about=about, curves=vectors)


def load_run(file: File) -> SavedRun:
    """Load the run from a path, or from a binary file.

    Raises StorageError, with one sentence, if the content is not a consistent run, and OSError if
    it cannot be read.
    """
    saved = train_state.load(file)
    about, state = with_new_names(saved.about, renamed.SAVED), saved.state
    vectors = with_new_names(saved.curves, renamed.CURVES | renamed.SAVED_VECTORS)
    config = _config(about)
    network = (config.layers, activations_of(config), OPTIMIZERS[config.optimizer])
    if network != (state.network.layer_dims, state.network.activations, state.optimizer):
        raise StorageError("The saved run's settings are not those of its network.")
    examples = about.get("examples")
    if type(examples) is not int or examples < 1:
        raise StorageError("The saved run does not say how many examples it learned from.")
    if state.order is not None and len(state.order) != examples:
        raise StorageError("The saved run's order of examples is not that of its examples.")
    seconds = about.get("seconds")
    if not isinstance(seconds, int | float) or not 0 <= seconds < MAX_SECONDS:
        raise StorageError("The saved run does not say how long it trained.")
    class_names = _class_names(about, 2 if is_binary(config) else config.layers[-1])
    return SavedRun(
        config,
        state,
        _curves(vectors, about, state.iteration),
        class_names,
        _image_shape(about, config.layers[0]),
        examples,
        float(seconds),
        _fine_tuning(about, vectors, state, class_names),
        _changes(about, config, state.iteration),
    )


def _changes(about: Mapping[str, Any], config: RunConfig, iteration: int) -> Changes | None:
    """The changes since the first step; files of older versions do not have them."""
    if (given := about.get("changes")) is None:
        return None
    try:
        return changes_from_json(given, config, iteration)
    except ValueError as error:
        raise StorageError(f"The saved run's file is damaged. {error}") from error


def _about_fine_tuning(fine_tuning: FineTuning) -> dict[str, Any]:
    return {
        "config": settings_as_text(fine_tuning.config),
        "labels": fine_tuning.drawings.labels.tolist(),
        "old": fine_tuning.old,
        "copies": fine_tuning.copies,
    }


def _vectors_of(fine_tuning: FineTuning) -> dict[str, NDArray[Any]]:
    pixels = np.rint(255 * fine_tuning.drawings.X.T).astype(np.uint8)
    return {"fine_tuning_theta": fine_tuning.network.theta, "drawings": pixels.reshape(-1)}


def _fine_tuning(
    about: Mapping[str, Any],
    vectors: Mapping[str, NDArray[Any]],
    state: TrainState,
    class_names: tuple[str, ...],
) -> FineTuning | None:
    """The origin of a fine-tuned run: the network before fine-tuning, and the drawings."""
    given = about.get("fine_tuning")
    if given is None:
        return None
    labels = given.get("labels") if isinstance(given, dict) else None
    mixture = MIXTURE_BEFORE | (given if isinstance(given, dict) else {})
    old, copies = mixture["old"], mixture["copies"]
    theta, pixels = (vectors.get(name, np.empty(0)) for name in ("fine_tuning_theta", "drawings"))
    network = state.network
    if (
        not isinstance(labels, list)
        or not all(type(label) is int and 0 <= label < len(class_names) for label in labels)
        or not 0 < len(labels) <= MAX_DRAWINGS
        or network.layer_dims[0] != SIDE * SIDE
        or pixels.dtype != np.uint8
        or pixels.size != len(labels) * SIDE * SIDE
        or theta.shape != network.theta.shape
        or theta.dtype != network.theta.dtype
        or not np.isfinite(theta).all()
        or not all(type(n) is int and 0 < n <= MAX_IMAGES for n in (old, copies))
    ):
        raise StorageError(
            "The saved run was fine-tuned on drawings, and their data in the file is damaged."
        )
    X = as_columns(pixels.reshape(len(labels), -1) / np.float32(255))
    drawings = Dataset("drawings", X, np.array(labels), class_names, (SIDE, SIDE))
    before = Network(network.layer_dims, network.activations, theta)
    return FineTuning(_config(given), before, drawings, old, copies)


def _config(about: Mapping[str, Any]) -> RunConfig:
    texts = about.get("config")
    if not isinstance(texts, dict) or not all(isinstance(text, str) for text in texts.values()):
        raise StorageError("The file is not a run of this app: it has no settings.")
    try:
        # A file without digit_forms is older than that setting.
        return RunConfig.from_text({"digit_forms": MNIST_ONLY} | texts)
    except ConfigError as error:
        reason = str(error)
        if len(reason) > MAX_REASON:  # it may quote the file's content, of any length
            reason = reason[:MAX_REASON] + " …"
        raise StorageError(f"The saved run has settings that are not allowed: {reason}") from error


def _class_names(about: Mapping[str, Any], n_classes: int) -> tuple[str, ...]:
    """Class names that are short, different and printable, in the right number."""
    names = about.get("class_names")
    if (
        not isinstance(names, list)
        or not all(isinstance(n, str) and n.isprintable() and len(n) <= MAX_TEXT for n in names)
        or len(set(names)) != n_classes
        or len(names) != n_classes
    ):
        raise StorageError(f"The saved run does not name its {n_classes} classes.")
    return tuple(names)


def _image_shape(about: Mapping[str, Any], n_x: int) -> tuple[int, int] | None:
    match about.get("image_shape"):
        case None:
            return None
        case [int(height), int(width)] if height > 0 and height * width == n_x:
            return height, width
    raise StorageError(f"The saved run's images are not of {n_x} pixels.")


def _curves(
    vectors: Mapping[str, NDArray[Any]], about: Mapping[str, Any], iterations: int
) -> Curves:
    curves = {name: vectors.get(name, np.empty(0)).astype(np.float64) for name in CURVES}
    lengths = {len(curves[name]) for name in MEASURED}
    if len(curves["step_cost"]) != iterations or len(lengths) != 1:
        raise StorageError("The saved run's curves are not those of its iterations.")
    return Curves(**curves, events=_events(about, iterations))


def _events(about: Mapping[str, Any], iterations: int) -> tuple[Event, ...]:
    events = []
    given: Any = about.get("events")
    for event in given if isinstance(given, list) else [None]:
        match event:
            case [int(at), str(text)] if (
                0 <= at <= iterations and text.isprintable() and len(text) <= MAX_TEXT
            ):
                events.append(Event(at, text))
            case _:
                raise StorageError("The saved run's marks on its curves are malformed.")
    return tuple(events)

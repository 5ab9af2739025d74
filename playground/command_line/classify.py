"""`python -m playground classify`: prints what a saved network predicts for picture files."""

import json
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from data.dataset import DataError
from data.picture_file import SUFFIXES, read_picture
from data.preprocessing import SIDE, prepare
from netcore.array import Array
from playground.command_line.exit_codes import DONE, FAILED
from playground.command_line.files import load
from playground.output import class_probabilities
from playground.saved import SavedRun
from playground.storage.train_state import StorageError

BATCH = 128  # pictures in one forward pass
DECIMALS = 6  # of a printed probability

DESCRIPTION = """\
Classify pictures (PNG or JPEG) of one digit each: dark on light or light on dark, of any size,
transparent or photographed. They are preprocessed like a drawing on the page's canvas.
"""

EXAMPLES = f"""\
For every picture, one JSON object is printed on a line: file, digit (the class's name, if the
classes are not digits), probabilities (in the order of the data set's classes). A picture that
cannot be read has file and error instead; the other pictures are still classified.

examples:
  python -m playground classify model.npz three.png
  python -m playground classify model.npz photos/ > answers.jsonl

In a folder, files ending in {", ".join(SUFFIXES)} are read, in the order of their names.
Exit codes: 0 all pictures classified, 1 some could not be read, 2 the command is wrong.
"""


def run(arguments: Sequence[str]) -> int:
    """Print a line for each picture, and return the exit code."""
    parser = ArgumentParser(
        prog="python -m playground classify",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("model", metavar="MODEL", type=Path, help="a file written by train --save")
    parser.add_argument("files", metavar="FILE", nargs="+", help="a picture, or a folder of them")
    options = parser.parse_args(arguments)
    try:
        model = _load(options.model)
    except StorageError as error:
        print(error, file=sys.stderr)
        return FAILED
    code = DONE
    for answer in answers(model, _pictures(options.files)):
        print(json.dumps(answer), flush=sys.stdout.isatty())
        if "error" in answer:
            code = FAILED
    return code


def answers(model: SavedRun, files: Iterable[str]) -> Iterator[dict[str, Any]]:
    """The prediction for each file, or why it cannot be read, in the order of the files."""
    rest = iter(files)
    while names := list(islice(rest, BATCH)):
        columns = [_column(name) for name in names]
        readable = [column for column in columns if not isinstance(column, str)]
        A = iter(_probabilities(model, readable).T if readable else ())
        for name, column in zip(names, columns, strict=True):
            if isinstance(column, str):
                yield {"file": name, "error": column}
            else:
                yield {"file": name, **_answer(next(A), model.class_names)}


def _probabilities(model: SavedRun, columns: list[Array]) -> Array:
    return class_probabilities(model.state.network.predict(np.hstack(columns)))


def _column(name: str) -> Array | str:
    """The preprocessed picture, or a sentence on why it cannot be read."""
    if Path(name).is_dir():
        return f"{name} does not hold a PNG or JPEG picture that can be read."
    try:
        prepared = prepare(read_picture(Path(name)))
    except DataError as error:
        return str(error)
    if prepared is None:
        return f"{Path(name).name} is blank: nothing stands out in it."
    return prepared.column


def _answer(a: Array, class_names: tuple[str, ...]) -> dict[str, Any]:
    name = class_names[int(a.argmax())]
    return {
        "digit": int(name) if name.isascii() and name.isdecimal() else name,
        "probabilities": [round(float(probability), DECIMALS) for probability in a],
    }


def _pictures(files: Iterable[str]) -> Iterator[str]:
    """The files as they were named; a folder is replaced by the pictures in it."""
    for name in files:
        yield from _inside(Path(name)) or [name]


def _inside(folder: Path) -> list[str]:
    try:
        inside = sorted(folder.iterdir())
    except OSError:  # not a folder, or a folder without permission
        return []
    return [str(path) for path in inside if path.suffix.lower() in SUFFIXES]


def _load(path: Path) -> SavedRun:
    """A saved run whose network takes images of the canvas's size."""
    model = load(path)
    if model.image_shape != (SIDE, SIDE):
        shape = model.image_shape
        what = f"images of {shape[1]}×{shape[0]}" if shape else "no images"
        raise StorageError(
            f"{path} was trained on {what}, but pictures are preprocessed to {SIDE}×{SIDE} pixels: "
            "use a network that was trained on images of that size, such as mnist-5k's."
        )
    return model

"""What the command lines of the benchmarks on pen strokes share."""

from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path

from benchmarks.pen_strokes import find_pen_strokes
from data.catalog import load
from data.dataset import DataError, Splits


def parser_of(module: str, description: str | None) -> ArgumentParser:
    """The parser of `python -m benchmarks.MODULE`, with the module's docstring as its help."""
    return ArgumentParser(
        prog=f"python -m benchmarks.{module}",
        description=description,
        formatter_class=RawDescriptionHelpFormatter,
    )


def add_judge_and_seeds(parser: ArgumentParser, seeds: int) -> None:
    """Options of benchmarks that choose on the design writers, and judge on the others."""
    parser.add_argument("--judge", action="store_true", help="measure on the judging writers")
    parser.add_argument("--seeds", type=int, default=seeds, help="number of seeds to train with")


def pen_strokes_of(parser: ArgumentParser) -> Path:
    """The file of pen strokes; exits with a sentence if there is none."""
    path = find_pen_strokes()
    if path is None:
        parser.error("there are no pen strokes: set PLAYGROUND_DATA to the folder of data sets.")
    return path


def mnist_of(parser: ArgumentParser) -> Splits:
    """All of MNIST; exits with a sentence if it is not on this computer."""
    try:
        return load("mnist")
    except DataError as error:
        parser.error(str(error))

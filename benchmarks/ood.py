"""How often the app doubts what is no digit, and how often a digit.

    python -m benchmarks.ood               the default run, trained first (half a minute)
    python -m benchmarks.ood model.npz     a saved network

Doubted should be: 1,000 random scribbles, and printed capital letters that look like no digit.
Not is_ood should be: MNIST's 10,000 test images, and the digits that real hands drew. The way
of doubting was chosen on the scribbles and fonts called "chosen on"; the others only detector it.
MNIST and the pen strokes are found in the folder that PLAYGROUND_DATA names. Prints a table in
Markdown.
"""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.drawing import default_starts, enlarged, pen_drawings, percent, saved_start, table
from benchmarks.not_digits import SCRIBBLES, Pixels, fonts, letters, scribbles
from benchmarks.pen_strokes import find_pen_strokes
from data.catalog import load
from data.dataset import DataError
from data.preprocessing import prepare
from data.similarity import Similarity
from netcore.network import Network
from playground.ood_detector import OODDetector
from playground.predictions import predict
from playground.storage.train_state import StorageError

CHOSEN_ON, JUDGED_ON = 1, 2  # seeds
N_SCRIBBLES = 1_000


def is_ood(
    detector: OODDetector, network: Network, pictures: Iterable[Pixels]
) -> NDArray[np.bool_]:
    """(m,) Whether each picture is is_ood, as the page does it."""
    names = tuple(map(str, range(network.layer_dims[-1])))
    prepared = map(prepare, pictures)
    return np.array(
        [p is None or bool(detector.doubt(predict(network, p), names)) for p in prepared]
    )


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.ood",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("model", type=Path, nargs="?", help="a file that the app has saved")
    options = parser.parse_args()
    path = find_pen_strokes()
    if path is None:
        parser.error("there are no pen strokes: set PLAYGROUND_DATA to the folder of data sets.")
    try:
        start = saved_start(options.model) if options.model else default_starts(seeds=(1,))[0]
        network, test = start.network, load("mnist").validation
    except (DataError, StorageError) as error:
        parser.error(str(error))

    detector = OODDetector(start.data.validation, Similarity(start.data.train))
    rows = [["MNIST's test images", percent(detector.is_ood(network, test.X))]]
    few = enlarged(test.take(np.arange(0, test.m, 10)))
    rows.append(
        ["… 1,000 of them on the canvas", percent(is_ood(detector, network, few.canvases()))]
    )
    pen, _ = pen_drawings(path, every=5)
    rows.append(["pen strokes", percent(is_ood(detector, network, pen.canvases()))])
    for name, seed in (("chosen on", CHOSEN_ON), ("judged on", JUDGED_ON)):
        found = is_ood(detector, network, scribbles(N_SCRIBBLES, seed=seed))
        rows.append([f"scribbles, {name}", percent(found)])
        if seed == JUDGED_ON:
            kinds = [(kind, found[i :: len(SCRIBBLES)]) for i, kind in enumerate(SCRIBBLES)]
            rows += [[f"… {kind}", percent(part)] for kind, part in kinds]
    # Every second font of the list was chosen on.
    for i, (name, font) in enumerate(fonts().items()):
        how = "judged on" if i % 2 else "chosen on"
        found = is_ood(detector, network, letters([font], seed=JUDGED_ON))
        rows.append([f"capital letters, {name}, {how}", percent(found)])
    print(table(["is_ood", "share"], rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The exported weights and curves."""

import csv
import io

import numpy as np

from playground.export.tables import curve_file, weights_file
from tests.playground.conftest import NewRun


def test_the_weights_come_back_under_their_names(new_run: NewRun) -> None:
    run = new_run(layers=(64, 12, 9, 4))
    with np.load(io.BytesIO(weights_file(run.snapshot.network))) as content:
        assert sorted(content) == ["W1", "W2", "W3", "b1", "b2", "b3"]
        for l, layer in enumerate(run.snapshot.network.layers, start=1):
            assert np.array_equal(content[f"W{l}"], layer.W)
            assert np.array_equal(content[f"b{l}"], layer.b)


def test_the_curve_has_every_cost_exactly(new_run: NewRun) -> None:
    run = new_run()
    run.step(25)
    curves = run.snapshot.curves
    rows = list(csv.DictReader(io.StringIO(curve_file(curves).decode())))
    assert [int(row["iteration"]) for row in rows] == list(range(26))
    assert [float(row["step_cost"]) for row in rows[1:]] == curves.step_cost.tolist()
    measured = [row for row in rows if row["validation_accuracy"]]
    assert [int(row["iteration"]) for row in measured] == curves.iteration.tolist()
    assert [float(row["validation_cost"]) for row in measured] == curves.validation_cost.tolist()

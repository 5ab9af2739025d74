"""What is sent to the chart, and the copy of Plotly that this server offers."""

import base64
import json
import os
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from ui.live_plot import PLOTLY, encode, offer_plotly

PACKAGED = Path(str(files("plotly"))) / "package_data" / PLOTLY


def decoded(spec: dict[str, str]) -> np.ndarray:
    array = np.frombuffer(base64.b64decode(spec["bdata"]), dtype="<" + spec["dtype"])
    return array.reshape(
        [int(side) for side in spec["shape"].split(",")] if "shape" in spec else -1
    )


@pytest.mark.parametrize(
    ("array", "dtype"),
    [
        (np.array([1.5, np.nan, np.inf], dtype=np.float32), "f4"),
        (np.array([1.5, np.nan, -0.0]), "f8"),
        (np.array([0, 2**31 - 1, -(2**31)]), "i4"),
        (np.array([0, 2**31]), "f8"),
        (np.array([0.5], dtype=np.float16), "f4"),
        (np.array([1.0, 2.0], dtype=">f4"), "f4"),
        (np.arange(12, dtype=np.float32)[::3], "f4"),
        (np.arange(6, dtype=np.uint8).reshape(2, 3).T, "u1"),
    ],
)
def test_arrays_arrive_as_they_were(array: np.ndarray, dtype: str) -> None:
    spec = json.loads(encode({"y": array}))["y"]
    assert spec["dtype"] == dtype
    np.testing.assert_array_equal(decoded(spec), array)


def test_what_is_no_array_of_numbers_becomes_plain_json() -> None:
    figure = {
        "names": np.array(["a", "b"]),
        "right": np.array([True, False]),
        "empty": np.array([]),
        "cost": np.float32(0.5),
        "range": (0, float("nan")),
    }
    assert json.loads(encode(figure)) == {
        "names": ["a", "b"],
        "right": [True, False],
        "empty": [],
        "cost": 0.5,
        "range": [0, None],
    }


def test_offers_the_packages_own_file(tmp_path: Path) -> None:
    folder = tmp_path / "static"
    assert offer_plotly(folder) == ""
    assert (folder / PLOTLY).read_bytes() == PACKAGED.read_bytes()
    assert os.listdir(folder) == [PLOTLY]


def test_leaves_a_good_copy_alone_and_replaces_a_spoiled_one(tmp_path: Path) -> None:
    copy = tmp_path / PLOTLY
    offer_plotly(tmp_path)
    before = copy.stat()
    offer_plotly(tmp_path)
    assert copy.stat().st_ino == before.st_ino
    copy.write_bytes(b"half a file")
    assert offer_plotly(tmp_path) == ""
    assert copy.read_bytes() == PACKAGED.read_bytes()


def test_a_folder_that_cannot_be_written_gives_a_sentence(tmp_path: Path) -> None:
    not_a_folder = tmp_path / "static"
    not_a_folder.write_text("")
    sentence = offer_plotly(not_a_folder)
    assert str(not_a_folder / PLOTLY) in sentence
    assert "copy" in sentence


def test_a_copy_that_fails_halfway_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert "No space left on device" in offer_plotly(tmp_path)
    assert os.listdir(tmp_path) == []


def test_the_chart_keeps_its_identity_when_its_data_change() -> None:
    def page() -> None:
        import numpy as np
        import streamlit as st

        from ui.live_plot import live_plot

        step = st.session_state.step = st.session_state.get("step", 0) + 1
        figure = {"data": [{"y": np.full(3, step, dtype=np.float32)}], "layout": {}}
        live_plot(figure, key="cost", height=200, alt="Cost")

    at = AppTest.from_function(page).run()
    first = at.get("bidi_component")[0].proto
    second = at.run().get("bidi_component")[0].proto
    assert not at.exception
    assert first.id == second.id
    sent = json.loads(second.bytes)
    np.testing.assert_array_equal(decoded(sent["figure"]["data"][0]["y"]), [2, 2, 2])
    assert (sent["height"], sent["alt"], sent["trouble"]) == (200, "Cost", "")

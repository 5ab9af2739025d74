"""What the view of the plane is sent."""

import json
from typing import Any

import numpy as np
from streamlit.testing.v1 import AppTest

from data.points import HALF
from ui.plane.view import STEPS, _map_bytes, _point_bytes, _short


def test_a_point_is_five_bytes() -> None:
    points = np.array([[-HALF, 0.0, HALF], [HALF, 1.5, -HALF]], dtype=np.float32)
    blob = _point_bytes(points, np.array([0, 4, 1])).reshape(3, 5)
    assert blob[:, 4].tolist() == [0, 4, 1]
    at = np.ascontiguousarray(blob[:, :4]).view("<u2") / STEPS * 2 * HALF - HALF
    np.testing.assert_allclose(at.T, points, atol=1e-4)


def test_points_outside_are_left_out_not_moved_onto_the_frame() -> None:
    points = np.array([[7.0, HALF, 0.0], [0.0, 0.0, -6.01]], dtype=np.float32)
    assert _point_bytes(points, np.array([0, 1, 2])).tolist() == [255, 255, 0, 128, 1]


def test_all_maps_have_one_scale_with_zero_in_its_middle() -> None:
    maps = np.array([[[-1.0, 1.0]], [[1e-9, 100.0]], [[0.0, -0.0]], [[np.nan, 0.5]]])
    assert _map_bytes(maps).tolist() == [1, 255, 128, 255, 128, 128, 0, 192]


def test_numbers_are_short_and_what_is_none_is_null() -> None:
    assert _short(np.array([[1 / 3, -2.0], [np.inf, np.nan]])) == [[0.3333, -2.0], [None, None]]


def view_page() -> None:
    import numpy as np

    from netcore.network import Network
    from playground.config import RunConfig
    from playground.decision_maps import maps_of
    from playground.run_data import load_data
    from ui.plane.view import plane_view

    config = RunConfig.default("xor").with_values(points=50, layers=(2, 12, 1))
    network = Network(config.layers, ("tanh", "sigmoid"), np.full(49, 0.5))
    plane_view(
        network,
        maps_of(network, config.inputs),
        load_data(config),  # type: ignore[arg-type]
        config.inputs,
        key="view",
        on_edit=lambda edit: None,
        on_click=lambda click: None,
        validation=False,
    )


def test_the_blob_holds_all_that_the_header_announces() -> None:
    at = AppTest.from_function(view_page).run()
    assert not at.exception
    blob = at.get("bidi_component")[0].proto.bytes
    length = int.from_bytes(blob[:4], "little")
    header: dict[str, Any] = json.loads(blob[4 : 4 + length])
    assert header["layers"] == [2, 12, 1]
    assert header["names"] == ["x₁", "x₂"]
    assert np.shape(header["weights"][0]) == (8, 2)  # of twelve neurons eight are shown
    assert header["points"] == [35, 0]
    big, small = header["sides"]
    assert len(blob) - 4 - length == 3 * big**2 + (2 + 8 + 1) * small**2 + 5 * 35

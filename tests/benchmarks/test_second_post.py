"""The benchmark of the second post: its printed lines, its figure, and the check that the cost
falls.
"""

from xml.etree import ElementTree

import numpy as np

from benchmarks.second_post import NAMES, falls, figure, train
from playground.presets import PRESETS


def test_every_printed_cost_is_below_the_one_before() -> None:
    falling = np.linspace(0.7, 0.1, 301)
    assert falls(falling)
    falling[200] = 0.69
    assert not falls(falling)


def test_the_cost_of_the_post_falls_from_the_start() -> None:
    costs, trainer, seconds = train(PRESETS["second-post"].config.with_values(iterations=200))
    assert len(costs) == 201
    assert costs[0] < 0.694
    assert falls(costs)
    assert trainer.done
    assert seconds > 0


def test_the_figure_is_an_image_with_a_line_for_each_network() -> None:
    curves = {name: np.linspace(0.7, 0.1, 3001) for name in NAMES}
    svg = ElementTree.fromstring(figure(curves))
    lines = svg.findall("{http://www.w3.org/2000/svg}polyline")
    assert [len(line.attrib["points"].split()) for line in lines] == [31] * 3

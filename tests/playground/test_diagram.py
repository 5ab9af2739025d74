"""The drawing of a network is an image that any browser reads, whatever the network."""

from xml.etree import ElementTree

from hypothesis import given, settings

from playground.config import RunConfig
from playground.diagram import HEIGHT, MAX_UNITS, WIDTH, network_svg
from playground.output import output_activation
from tests.playground.test_config import configs


def drawn(config: RunConfig, input_name: str = "pixels") -> ElementTree.Element:
    return ElementTree.fromstring(network_svg(config, input_name, "digits"))


def words(svg: ElementTree.Element) -> list[str]:
    return [str(text.text) for text in svg.iter("text")]


@settings(deadline=None, max_examples=50)
@given(configs())
def test_any_network_is_drawn_within_the_frame(config: RunConfig) -> None:
    svg = drawn(config)
    circles = list(svg.iter("circle"))
    assert len(circles) == sum(n if n <= MAX_UNITS else MAX_UNITS - 1 for n in config.layers)
    assert all(0 < float(circle.attrib["cx"]) < WIDTH for circle in circles)
    assert all(0 < float(circle.attrib["cy"]) < HEIGHT for circle in circles)
    said = words(svg)
    for i, (n_out, n_in) in enumerate(zip(config.layers[1:], config.layers, strict=False)):
        assert f"W {n_out}×{n_in}" in said
        assert f"b {n_out}×1" in said
        if i < len(config.activations):
            assert f"{n_out:,} {config.activations[i].replace('_', ' ')}" in said
    assert f"{config.layers[-1]:,} {output_activation(config)}" in said


def test_every_unit_of_a_layer_is_joined_with_every_one_of_the_next() -> None:
    config = RunConfig().with_values(layers=(2, 3, 4))
    assert len(list(drawn(config).iter("line"))) == 2 * 3 + 3 * 4


def test_many_units_are_told_by_dots_and_a_number() -> None:
    assert words(drawn(RunConfig())).count("⋮") == 4
    assert "784 pixels" in words(drawn(RunConfig()))


def test_it_has_words_for_those_who_do_not_see_it() -> None:
    label = drawn(RunConfig()).attrib["aria-label"]
    assert label == "Network [784, 256, 128, 10]: pixels, relu, relu, softmax; out come digits"


def test_names_are_text_whatever_they_contain() -> None:
    svg = drawn(RunConfig(), '<script>alert("1 & 2")</script>')
    assert '784 <script>alert("1 & 2")</script>' in words(svg)
    assert not list(svg.iter("script"))

"""The figures that several views share."""

from playground.inspect.figures import figure


def test_an_axis_that_is_set_keeps_its_title() -> None:
    made = figure("", [], x="true class", y="accuracy", xaxis={"type": "category"})
    assert made["layout"]["xaxis"] == {"title": {"text": "true class"}, "type": "category"}

"""After a run diverged, no page shows NaN or infinity, in text or to screen readers."""

import json
import re
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import Open, at_rest, run_of

NOT_FINITE = re.compile(r"(?<![a-z])[-+]?(nan|inf|infinity)(?![a-z])", re.IGNORECASE)
DIGITS = {
    "layers": "784,8,8,10",
    "augmentation": "0",
    "optimizer": "gradient_descent",
    "learning_rate": "100",
    "l2": "5",
}
CASES = {
    "digits": (DIGITS, ("train", "draw", "hood", "data")),
    "two classes": (DIGITS | {"layers": "784,8,1", "task": "3-8"}, ("train", "hood")),
    "points": (
        DIGITS | {"dataset": "circles", "layers": "2,8,8,1", "activations": "relu"},
        ("plane",),
    ),
}


def texts(at: AppTest) -> list[str]:
    """Every text that the page sends to the browser."""
    found: list[str] = []
    for element in at.main:
        proto: Any = getattr(element, "proto", None)
        if proto is None:
            continue
        content = getattr(proto, "bytes", b"")
        if content:  # one of the app's own components: a figure, or a header before pixels
            length = int.from_bytes(content[:4], "little")
            header = content if content[:1] == b"{" else content[4 : 4 + length]
            found.append(json.dumps(json.loads(header), ensure_ascii=False))
        else:
            found.append(str(proto))
    return [text.replace("NaN or infinite", "") for text in found]  # the sentence that says so


@pytest.mark.parametrize("case", CASES)
def test_no_page_shows_nan_or_infinity(open_app: Open, case: str) -> None:
    query, pages = CASES[case]
    at = open_app(**query)
    at.button(key="play").click().run()
    at_rest(at)
    assert run_of(at).snapshot.status == "failed"
    assert any("The run diverged at iteration" in each.value.replace("\\", "") for each in at.error)
    for page in pages:
        at.switch_page(f"pages/{page}.py").run()
        if any(toggle.key == "two classes" for toggle in at.toggle):
            at.toggle(key="two classes").set_value(True).run()
        assert not at.exception
        seen = texts(at)
        assert seen
        for text in seen:
            assert not NOT_FINITE.search(text), (page, text[:2000])
        if page == "hood":
            for part in ("Gradient check", "Export"):
                at.segmented_control(key="hood part").set_value(part).run()
                assert not at.exception
                assert not any(NOT_FINITE.search(text) for text in texts(at) if "np." not in text)
            at.segmented_control(key="hood part").set_value("One step").run()
            for stage in ("forward", "cost", "backward", "update", "after"):
                at.segmented_control(key="hood stage").set_value(stage).run()
                assert not at.exception
                for text in texts(at):
                    assert not NOT_FINITE.search(text), (stage, text[:2000])


def test_the_message_names_the_first_matrix_that_is_not_finite(open_app: Open) -> None:
    at = open_app(**DIGITS)
    at.button(key="play").click().run()
    at_rest(at)
    said = run_of(at).snapshot.message
    assert re.search(r"and so are numbers of [Wb][123]\.", said)

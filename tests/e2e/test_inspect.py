"""Inspect in a browser: clicks on Plotly's heat map and a lasso on the map come back."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.e2e.steps import box_of, chart, expect_drawn, expect_status, press
from tests.e2e.test_plane import until

QUICK = "layers=784,32,10&activations=relu&augmentation=0&digit_forms=mnist&epochs=2"


def plane_of(page: Page, key: str) -> Locator:
    """Where a chart's points are, without its axes."""
    return chart(page, key).locator(".nsewdrag").first


def selected(page: Page) -> Locator:
    return page.locator('[class*="st-key-selected"] .grid .tile')


def selection(page: Page) -> Locator:
    """The line that names the selection. Hover labels of a chart may say the same."""
    return page.locator(".st-key-selection")


def view(page: Page, title: str) -> None:
    page.locator('[class*="st-key-inspect-view"]').get_by_text(title, exact=True).click()


def grid(page: Page, key: str) -> Locator:
    return page.locator(f'[class*="st-key-{key}"] .grid .tile').first


def whole_draws(page: Page) -> list[ForwardMsg]:
    """Grows with each draw of a whole page, which alone has the navigation in it, from the next
    load on.
    """
    draws: list[ForwardMsg] = []

    def came(frame: str | bytes) -> None:
        message = ForwardMsg.FromString(frame) if isinstance(frame, bytes) else ForwardMsg()
        if message.HasField("navigation"):
            draws.append(message)

    page.on("websocket", lambda socket: socket.on("framereceived", came))
    return draws


def expect_drawn_once(page: Page, key: str) -> None:
    """The margins of the chart's figure were enough: else Plotly draws everything twice."""
    expect_drawn(page, key)
    assert chart(page, key).evaluate(
        "host => ['l', 'r', 't', 'b'].every(side => host._fullLayout._size[side] === "
        "host.layout.margin[side])"
    )


def walk_to_what_is_responsible(page: Page, draws: list[ForwardMsg]) -> None:
    """From "it reads my 7 as a 2" to the units, the training digits and the pixels: four clicks."""
    page.get_by_role("link", name="Inspect", exact=True).first.click()
    confused = page.locator('[class*="st-key-confused-0"] button')
    true, predicted = re.findall(r"\d", confused.inner_text())[:2]
    confused.click()
    expect(selection(page)).to_contain_text(f"true {true}, predicted {predicted}: ")
    view(page, "Trace")
    expect(page.get_by_text(f"Logit of {predicted} minus logit of ")).to_be_visible()
    expect(grid(page, "strongest-units")).to_be_visible()
    label = grid(page, "neighbors").get_attribute("aria-label") or ""
    assert label.startswith("training example ")
    before = len(draws)
    assert before > 0
    view(page, "Attribution")
    expect(grid(page, "attribution-0")).to_be_visible()
    expect_drawn_once(page, "deletion")
    assert len(draws) == before  # while nothing trains, a click on a view draws that view alone
    page.set_viewport_size({"width": 390, "height": 844})
    until(chart(page, "deletion"), "(host, width) => host._fullLayout.width < width", 390)
    assert rows_of_legend(chart(page, "deletion")) == 2  # of four entries
    page.set_viewport_size({"width": 1400, "height": 900})


def rows_of_legend(drawn: Locator) -> int:
    return int(
        drawn.evaluate(
            """host => new Set([...host.querySelectorAll(".legendtext")].map(
                text => Math.round(text.getBoundingClientRect().y))).size"""
        )
    )


@pytest.mark.timeout(200)  # one page load for all of it: six views after a short training
def test_a_mistake_is_explained_and_a_cell_an_image_and_a_lasso_select(page: Page) -> None:
    draws = whole_draws(page)
    page.goto(f"/?{QUICK}")
    press(page, "Play")
    expect_status(page, "done")
    walk_to_what_is_responsible(page, draws)

    view(page, "Confusion")
    for key in ("confusion", "confusion curve"):
        expect_drawn_once(page, key)
    box = box_of(plane_of(page, "confusion"))
    cell = box["width"] / 11  # ten classes and the total
    page.mouse.click(box["x"] + 4.5 * cell, box["y"] + 4.5 * cell)
    expect(selection(page)).to_contain_text(re.compile(r"true 4, predicted 4: \d+"))
    expect(page).to_have_url(re.compile(r"select=validation\.true-4\.predicted-4"))
    page.mouse.click(box["x"] + 10.5 * cell, box["y"] + 7.5 * cell)
    expect(selection(page)).to_contain_text("true 7: 100")

    selected(page).nth(3).click()
    expect(selected(page).nth(3)).to_have_attribute("aria-pressed", "true")
    name = selected(page).nth(3).get_attribute("aria-label") or ""
    number = name.split(",")[0].removeprefix("number ")
    view(page, "Trace")
    expect(page.get_by_text(f"Validation example {number}, true 7").first).to_be_visible()
    expect(page).to_have_url(re.compile(f"example={number}"))

    view(page, "Map")
    expect_drawn(page, "map")
    images = chart(page, "map").locator("image")
    before = images.get_attribute("href")
    assert before is not None
    chart(page, "map").locator(".legendtoggle").nth(3).click()
    expect(images).not_to_have_attribute("href", before)  # a hidden class takes its images along
    box = box_of(plane_of(page, "map"))
    corners = [(0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9), (0.1, 0.1)]
    x, y = box["x"], box["y"]
    page.mouse.move(x + 0.1 * box["width"], y + 0.1 * box["height"])
    page.mouse.down()
    for across, down in corners[1:]:
        page.mouse.move(x + across * box["width"], y + down * box["height"], steps=6)
    page.mouse.up()
    expect(selection(page)).to_contain_text(re.compile(r"inside the lasso: [\d,]+ of"))
    expect(page).to_have_url(re.compile(r"select=validation\.points-"))

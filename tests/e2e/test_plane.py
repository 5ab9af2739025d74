"""The plane in a real browser: maps that move, a weight set by hand, points placed by clicking."""

import itertools
import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.steps import box_of, expect_status, press, status_line
from tests.playground.examples import wait_until

SMALL = "dataset=xor&points=100&layers=2,4,1&activations=tanh"


def view(page: Page) -> Locator:
    return page.locator(".plane")


def open_plane(page: Page, query: str = SMALL) -> None:
    """Through the front page, which sends an address of points on to the plane."""
    page.goto(f"/?{query}")
    expect(view(page).locator(".neuron").first).to_be_visible()


def pixels(canvas: Locator) -> str:
    return str(canvas.evaluate("canvas => canvas.toDataURL()"))


def query_of(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def until(element: Locator, condition: str, argument: object) -> None:
    """Wait until a JavaScript function of the element and the argument is true. The element is in
    a shadow tree, where the page's own functions do not look."""
    element.evaluate(
        f"""(element, argument) => new Promise(resolve => {{
            const look = () => ({condition})(element, argument) ? resolve() : setTimeout(look, 50)
            look()
        }})""",
        argument,
    )


def test_surface_and_maps_move_while_it_trains(page: Page) -> None:
    open_plane(page, SMALL + "&epochs=100000")
    surface, neuron = view(page).locator(".surface").first, view(page).locator("canvas").nth(5)
    before = pixels(surface), pixels(neuron)
    press(page, "Play")
    expect_status(page, "training")
    start = int(view(page).get_attribute("data-updates") or 0)
    until(view(page), "(view, n) => Number(view.dataset.updates) >= n", start + 5)
    after = pixels(surface), pixels(neuron)
    assert before[0] != after[0]
    assert before[1] != after[1]
    press(page, "Pause")
    expect_status(page, "paused")


def test_the_default_spiral_is_solved(page: Page) -> None:
    open_plane(page, "dataset=spiral")
    press(page, "Play")
    expect_status(page, "done")
    expect(status_line(page)).to_contain_text(re.compile(r"(99\.\d|100\.0) % validation accuracy"))


def test_hovering_a_neuron_shows_it_large(page: Page) -> None:
    open_plane(page)
    title, surface = view(page).locator(".word.title"), view(page).locator(".surface").first
    expect(title).to_have_text("The network's answer")
    answer = pixels(surface)
    view(page).get_by_role("button", name="layer 1, neuron 1").hover()
    expect(title).to_have_text("layer 1, neuron 1")
    assert pixels(surface) != answer
    status_line(page).hover()
    expect(title).to_have_text("The network's answer")
    assert pixels(surface) == answer


def test_a_weight_is_set_by_hand(page: Page) -> None:
    open_plane(page)
    surface = view(page).locator(".surface").first
    before = pixels(surface)
    weight = view(page).locator('[data-weight="1 0 0"]')
    click_on_curve(page, weight)
    field = page.get_by_label("Weight from input x₁ to layer 1, neuron 0")
    field.fill("9")
    field.press("Enter")
    expect(field).to_be_hidden()
    until(surface, "(canvas, before) => canvas.toDataURL() !== before", before)
    click_on_curve(page, weight, beside=10)  # the first unit's: none is above it
    expect(field).to_have_value("9")
    field.press("Escape")
    expect(field).to_be_hidden()
    press(page, "Share")
    expect(page.get_by_text("set by hand, which an address cannot contain")).to_be_visible()


def click_on_curve(page: Page, curve: Locator, *, beside: int = 0) -> None:
    """Where a person can: at a point of the curve, or so many pixels above it, that nothing lies
    over.
    """
    points = curve.evaluate(
        """(curve, beside) => {
            const toScreen = curve.getScreenCTM(), length = curve.getTotalLength()
            const at = share => curve.getPointAtLength(share * length).matrixTransform(toScreen)
            return [0.2, 0.35, 0.5, 0.65, 0.8].map(at).map(({ x, y }) => [x, y - beside])
                .filter(at => curve.getRootNode().elementFromPoint(...at) === curve.ownerSVGElement)
        }""",
        beside,
    )
    assert points, "no point of this weight's curve can be clicked"
    page.mouse.click(*points[0])


def click_plane(page: Page, x1: float, x2: float) -> None:
    surface = view(page).locator(".surface").last
    box = box_of(surface)
    surface.click(position={"x": (x1 + 6) / 12 * box["width"], "y": (6 - x2) / 12 * box["height"]})


def test_points_are_placed_and_erased_by_clicking(page: Page) -> None:
    open_plane(page, "dataset=placed")
    assert "placed" not in query_of(page)
    click_plane(page, 0, 0)
    page.wait_for_url(re.compile(r"placed="))
    (text,) = query_of(page)["placed"]
    x1, x2, label = text.split("~")[-1].split("_")
    assert (abs(float(x1)) < 0.1, abs(float(x2)) < 0.1, label) == (True, True, "0")
    page.get_by_role("radio", name="Erase").or_(page.get_by_role("button", name="Erase")).click()
    expect(view(page).locator(".surface").last).to_be_visible()
    click_plane(page, 0, 0)
    page.wait_for_url(re.compile(r"^(?!.*placed=-)"))


def test_digits_wait_while_one_is_on_the_plane(page: Page) -> None:
    page.goto("/?layers=784,8,10&activations=relu&augmentation=0")
    expect_status(page, "ready")
    press(page, "Step")
    expect_status(page, "paused")
    (digits,) = query_of(page)["run"]
    page.get_by_role("link", name="The plane").click()
    expect(view(page)).to_be_visible()
    expect_status(page, "ready")
    page.get_by_role("link", name="Train").click()
    expect_status(page, "paused")
    page.wait_for_url(re.compile(f"run={re.escape(digits)}"))


def test_a_class_opens_the_address_with_controls_hidden(page: Page) -> None:
    open_plane(page, SMALL + "&hide=noise,preset")
    sidebar = page.get_by_test_id("stSidebar")
    expect(sidebar.get_by_label("Points", exact=True)).to_be_visible()
    expect(sidebar.get_by_text("Noise", exact=True)).to_be_hidden()
    expect(sidebar.get_by_text("Try", exact=True)).to_be_hidden()
    page.wait_for_url(re.compile("hide="))


UNDRAWN = """view => {
    // Of each curve, the shares of its length at which the canvas below it has no ink.
    const canvas = view.querySelector(".lines"), { width, height } = canvas
    const ink = canvas.getContext("2d").getImageData(0, 0, width, height).data
    const isDrawn = ({ x, y }) => {
        const column = Math.floor((x - canvas.offsetLeft) * devicePixelRatio)
        const row = Math.floor((y - canvas.offsetTop) * devicePixelRatio)
        return row >= 0 && row < height && ink[4 * (row * width + column) + 3] > 0
    }
    return [...view.querySelectorAll("[data-weight]")].flatMap(curve =>
        [0.02, 0.2, 0.4, 0.5, 0.6, 0.8, 0.98]
            .filter(share => !isDrawn(curve.getPointAtLength(share * curve.getTotalLength())))
            .map(share => `${curve.dataset.weight}: ${share}`))
}"""


@pytest.mark.parametrize("width", [1400, 390])
def test_every_connection_is_drawn_from_end_to_end(
    open_page: Callable[..., Page], width: int
) -> None:
    page = open_page(viewport={"width": width, "height": 900})
    networks = ["2,1,1", "2,3,1", "2,4,1", "2,2,8,1", "2,5,6,7,1"]
    for layers in networks:
        open_plane(page, f"dataset=xor&points=20&layers={layers}&activations=tanh")
        sizes = [int(n) for n in layers.split(",")]
        curves = view(page).locator("[data-weight]")
        expect(curves).to_have_count(sum(n * m for n, m in itertools.pairwise(sizes)))
        wait_until(lambda: view(page).evaluate(UNDRAWN) == [])


COLORS = """canvas => {
    // All colors of a canvas that are there, as "red green blue".
    const { width, height } = canvas, found = new Set()
    const rgba = canvas.getContext("2d").getImageData(0, 0, width, height).data
    for (let j = 0; j < rgba.length; j += 4)
        if (rgba[j + 3] === 255) found.add(rgba.slice(j, j + 3).join(" "))
    return [...found]
}"""
INK = """canvas => {
    // Whether all ink of a canvas is gray; translucent ink is rounded.
    const { width, height } = canvas
    const rgba = canvas.getContext("2d").getImageData(0, 0, width, height).data
    const reds = rgba.filter((_, j) => j % 4 === 0 && rgba[j + 3] > 0)
    const blues = rgba.filter((_, j) => j % 4 === 2 && rgba[j - 2 + 3] > 0)
    return reds.length > 0 && reds.every((red, j) => Math.abs(red - blues[j]) < 8)
}"""


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_zero_is_white_in_tiles_and_answer_and_gray_in_weights(page: Page) -> None:
    open_plane(page, "dataset=circles&initializer=zeros&points=20")
    tiles = view(page).locator(".neuron.hidden canvas")
    expect(tiles).to_have_count(8 + 8 + 1)
    wait_until(lambda: {str(tile.evaluate(COLORS)) for tile in tiles.all()} == {"['255 255 255']"})
    wait_until(lambda: view(page).locator(".lines").evaluate(INK))
    expect(view(page).locator(".key").first).to_contain_text("0 is white")
    expect(view(page).locator(".key").last).to_contain_text(
        "negative 0 positive", use_inner_text=True
    )


def test_the_key_counts_the_points_that_lie_outside(page: Page) -> None:
    open_plane(page, "dataset=spiral&points=200&noise=1&seed=3")
    expect(view(page).locator(".key").first).to_contain_text(
        re.compile(r"[1-9]\d* of the points lie")
    )


@pytest.mark.parametrize("width", [1400, 390])
def test_units_and_layers_are_added_on_the_diagram(
    open_page: Callable[..., Page], width: int
) -> None:
    page = open_page(viewport={"width": width, "height": 900})
    open_plane(page)
    for button, layers in (
        ("One unit more in hidden layer 1", "2,5,1"),
        ("One hidden layer more", "2,5,5,1"),
        ("One unit less in hidden layer 2", "2,5,4,1"),
        ("One hidden layer less", "2,5,1"),
        ("One hidden layer less", "2,1"),
    ):
        view(page).get_by_role("button", name=button).click()
        page.wait_for_url(re.compile(f"layers={layers.replace(',', '%2C')}(&|$)"))
        n_neurons = sum(int(n) for n in layers.split(","))
        expect(view(page).locator(".neuron")).to_have_count(n_neurons)


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_a_phone_shows_the_answer_above_the_network(open_page: Callable[..., Page]) -> None:
    phone = open_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    open_plane(phone)
    surface = box_of(view(phone).locator(".surface").first)
    neuron = box_of(view(phone).locator(".neuron").first)
    assert surface["y"] + surface["height"] <= neuron["y"]
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390

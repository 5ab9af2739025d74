"""On every page: what axe finds, what stays in sight, what a finger reaches, where Tab leads."""

import re
from collections.abc import Callable, Iterable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import PHONE, ColorScheme
from tests.e2e.steps import SMALL, box_of, button, expect_page_drawn, expect_status, press
from tests.playground.examples import wait_until
from ui.head import PAGES

WIDE = {"viewport": {"width": 1400, "height": 900}}
TABLET = {"viewport": {"width": 1024, "height": 768}, "is_mobile": True, "has_touch": True}
FINGERTIP = 44  # pixels
NOT_OURS = {
    "scrollable-region-focusable": ".katex-display",
    # Streamlit draws formulas and lets nobody set a tabindex on them. Chromium and Firefox put
    # one that scrolls among what Tab reaches by themselves, which axe does not count.
    "empty-table-header": 'role="columnheader"',
    # Over its boxes to select rows, Streamlit's table has no header.
}
"""Rules, and what breaks them that Streamlit makes and that we cannot change."""

GROUNDS: dict[ColorScheme, str] = {"light": "rgb(255, 255, 255)", "dark": "rgb(14, 17, 23)"}
OF_COLORS = ("color-contrast", "link-in-text-block")
"""The only rules that can find something else in the dark than in the light."""

LIGATURE = r"""elements => elements.filter(element => {
    const seen = element.cloneNode(true)
    seen.querySelectorAll("[aria-hidden=true]").forEach(hidden => hidden.remove())
    const name = element.ariaLabel || seen.textContent.trim() || element.labels?.[0]?.textContent
    return element.checkVisibility({ visibilityProperty: true }) &&
        (!name || /^[a-z]+(_[a-z]+)+$/.test(name))
}).map(element => element.outerHTML.slice(0, 200))"""
"""Controls without a name, or with an icon's for one, such as expand_more."""

ON_SCREEN = """element => {
    const { left, right, top, bottom } = element.getBoundingClientRect()
    const tree = element.getRootNode() // which is no document if the element was just replaced
    const hit = tree.elementFromPoint?.((left + right) / 2, (top + bottom) / 2)
    return left >= 0 && right <= innerWidth && top >= 0 && bottom <= innerHeight &&
        hit != null && (element.contains(hit) || hit.contains(element))
}"""
"""Whether all of an element is on the screen, and nothing over its middle."""

END_ABOVE = """bar => {
    const main = document.querySelector(".stMain")
    main.scrollTop = main.scrollHeight
    return main.firstElementChild.lastElementChild.getBoundingClientRect().bottom <= bar
}"""
"""Whether the end of the page, scrolled to, is above what stays at the bottom."""

TOO_SMALL = """fingertip => {
    const targets = "button, a[href], summary, label:has(> input), " +
        ":is(.stSelectbox, .stSlider) [role=group], " +
        "[data-testid=stTextInputRootElement], [data-testid=stNumberInputContainer]"
    const inside = ":is(.stSelectbox, .stMultiSelect) button" // what is beside it opens, too
    const seen = [...document.querySelectorAll(targets)].filter(target =>
        target.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
        !target.matches(inside) && !target.closest("[data-testid=stSkipToContent]") &&
        !target.closest(".stTooltipIcon:has(button[aria-label^=Help])"))
    if (seen.length < 8) return ["the page was not there yet"]
    return seen.filter(target => {
        const { width, height } = target.getBoundingClientRect()
        return height < fingertip || width < (target.matches("label") ? 0 : fingertip)
    }).map(target => target.outerHTML.slice(0, 200))
}"""
"""What is smaller than a fingertip. The question marks are, to look at: see the test of them."""


def link(page: Page, title: str) -> Locator:
    return page.get_by_role("link", name=title, exact=True)


def violations(page: Page, only: Iterable[str] = ()) -> list[str]:
    """One line for each element that breaks a rule of axe's, or one of only these rules, once the
    page is drawn: what is still to be replaced is paler.
    """
    expect_page_drawn(page)
    options: dict[str, object] = {"resultTypes": ["violations"]}
    if only:
        options["runOnly"] = list(only)
    return [
        f"{found['id']}: {found['help']}: {node['target']} {node['html'][:200]}"
        for found in Axe().run(page, options=options).response["violations"]
        for node in found["nodes"]
        if NOT_OURS.get(found["id"], "nothing") not in f"{node['target']} {node['html']}"
    ]


def expect_in_sight(target: Locator) -> None:
    """Sooner or later: the page may just be drawn anew."""
    expect(target).to_be_visible()
    wait_until(lambda: bool(target.evaluate(ON_SCREEN)))


@pytest.mark.parametrize("options", [WIDE, PHONE, TABLET], ids=["wide", "phone", "tablet"])
def test_every_page_is_read_by_all_and_reached_by_a_finger(
    open_page: Callable[..., Page], options: dict[str, object]
) -> None:
    """By what axe finds in light and dark (a tablet's page is the wide one's), and by touch."""
    page = open_page(**options)
    page.goto(f"/?{SMALL}&epochs=2")
    expect_status(page, "ready")
    press(page, "Play")
    expect_status(page, "done")
    expect(page.get_by_role("heading", name="Netcore Playground")).to_be_visible()
    expect(page.get_by_text("watch it learn")).to_be_visible(visible=options is not TABLET)
    found: list[str] = []
    for _, title, _ in PAGES:
        to = link(page, title)
        if options is WIDE:
            to.click()
        else:
            to.tap()
        expect(page.locator(".st-key-pages strong")).to_have_text(title)
        expect_page_drawn(page)
        if options is not WIDE:
            found += out_of_reach(page, title)
        if options is not TABLET:
            found += not_read(page, title)
    assert not found, "\n".join(found)


def out_of_reach(page: Page, title: str) -> list[str]:
    """What a finger does not reach on this page. Links, Play and progress stay, at both ends."""
    expect(page.locator(".stApp kbd:visible")).to_have_count(0)  # there are no keys to press
    for end in ("0", "main.scrollHeight"):
        page.get_by_test_id("stMain").evaluate(f"main => {{ main.scrollTop = {end} }}")
        for stays in (
            *(link(page, each).first for _, each, _ in PAGES),
            page.get_by_role("button", name=re.compile("Play|more epochs")).first,
            page.locator(".status-progress"),
        ):
            expect_in_sight(stays)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), title
    if page.evaluate("innerWidth <= 768"):  # the bar is at the bottom, and covers nothing
        page.wait_for_function(END_ABOVE, arg=box_of(page.locator(".st-key-status"))["y"])
    return [f"{title}: too small: {each}" for each in page.evaluate(TOO_SMALL, FINGERTIP)]


def not_read(page: Page, title: str) -> list[str]:
    """What is hard to see, or has no name. A tooltip under the mouse is no part of the page."""
    page.mouse.move(0, 0)
    expect(page.get_by_role("tooltip")).to_have_count(0)
    found = []
    for scheme, ground in GROUNDS.items():
        page.emulate_media(color_scheme=scheme)
        expect(page.get_by_test_id("stApp")).to_have_css("background-color", ground)
        only = () if scheme == "light" else OF_COLORS
        found += [f"{title}, {scheme}: {each}" for each in violations(page, only)]
    nameless = page.locator(".stApp :is(button, a, input)").evaluate_all(LIGATURE)
    return found + [f"{title}: no name: {each}" for each in nameless]


def test_tab_reaches_play_soon_and_shows_where_it_is(page: Page) -> None:
    page.goto(f"/?{SMALL}")
    expect_status(page, "ready")
    expect(page.get_by_text("an epoch here")).to_be_visible()  # what is drawn anew loses the focus
    expect_page_drawn(page)
    play = button(page, "Play")
    for _ in range(5):
        page.keyboard.press("Tab")
        if play.evaluate("button => button === document.activeElement"):
            break
    expect(play).to_be_focused()
    expect(play).to_have_css("outline-style", "solid")
    page.keyboard.press("Tab")
    expect(button(page, "Step")).to_be_focused()
    expect(button(page, "Step")).to_have_css("outline-style", "solid")
    field = page.get_by_role("combobox", name="Optimizer")
    field.focus()  # the whole box shows it: it would cut off what is around the field inside
    expect(page.get_by_role("group").filter(has=field).last).to_have_css("outline-style", "solid")
    expect(field).to_have_css("outline-style", "none")

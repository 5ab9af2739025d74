"""What axe finds on every page, and what the Tab key reaches."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PHONE, ColorScheme
from tests.e2e.steps import SMALL, expect_status, press
from ui.head import PAGES

WIDE = {"viewport": {"width": 1400, "height": 900}}
NOT_OURS = {
    "scrollable-region-focusable": ".katex-display",
    # Streamlit draws formulas and lets nobody set a tabindex on them. Chromium and Firefox put
    # one that scrolls among what Tab reaches by themselves, which axe does not count.
}
"""Rules, and what breaks them that Streamlit makes and that we cannot change."""

GROUNDS: dict[ColorScheme, str] = {"light": "rgb(255, 255, 255)", "dark": "rgb(14, 17, 23)"}

LIGATURE = r"""element => {
    const seen = element.cloneNode(true)
    seen.querySelectorAll("[aria-hidden=true]").forEach(hidden => hidden.remove())
    const name = element.ariaLabel || seen.textContent.trim() || element.labels?.[0]?.textContent
    return !name || /^[a-z]+(_[a-z]+)+$/.test(name) ? element.outerHTML.slice(0, 200) : null
}"""
"""A control without a name, or with an icon's for one, such as expand_more."""


def violations(page: Page) -> list[str]:
    """One line for each element that breaks a rule of axe's."""
    return [
        f"{found['id']}: {found['help']}: {node['target']} {node['html'][:200]}"
        for found in Axe().run(page).response["violations"]
        for node in found["nodes"]
        if NOT_OURS.get(found["id"], "nothing") not in str(node["target"])
    ]


@pytest.mark.parametrize("options", [WIDE, PHONE], ids=["wide", "phone"])
def test_axe_finds_nothing_on_any_page_in_light_and_dark(
    open_page: Callable[..., Page], options: dict[str, object]
) -> None:
    page = open_page(**options)
    page.goto(f"/?{SMALL}&epochs=2")
    expect_status(page, "ready")
    press(page, "Play")
    expect_status(page, "done")
    found: list[str] = []
    for _, title, _ in PAGES:
        page.get_by_role("link", name=title, exact=True).click()
        expect(page.locator(".st-key-pages strong")).to_have_text(title)
        expect(
            page.locator("[data-testid=stApp][data-test-script-state=notRunning]")
        ).to_be_visible()
        for scheme, ground in GROUNDS.items():
            page.emulate_media(color_scheme=scheme)
            expect(page.get_by_test_id("stApp")).to_have_css("background-color", ground)
            found += [f"{title}, {scheme}: {each}" for each in violations(page)]
        names = page.locator(".stApp :is(button, a, input):visible").all()
        nameless = [each for name in names if (each := name.evaluate(LIGATURE))]
        found += [f"{title}: no name: {each}" for each in nameless]
    assert not found, "\n".join(found)


def test_tab_reaches_play_soon_and_shows_where_it_is(page: Page) -> None:
    page.goto(f"/?{SMALL}")
    expect_status(page, "ready")
    button = page.get_by_role("button", name="Play")
    for _ in range(5):
        page.keyboard.press("Tab")
        if button.evaluate("button => button === document.activeElement"):
            break
    expect(button).to_be_focused()
    expect(button).to_have_css("outline-style", "solid")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Step")).to_be_focused()
    expect(page.get_by_role("button", name="Step")).to_have_css("outline-style", "solid")

"""The first look: the front page greets on every screen, in light and dark, without an error."""

import pytest
from playwright.sync_api import Page, expect

from ui.head import PAGES

EVERY_LOOK = pytest.mark.parametrize("color_scheme", ["light", "dark"])
DARKNESS = """getComputedStyle(document.querySelector('[data-testid=stApp]'))
    .backgroundColor.match(/\\d+/g).slice(0, 3).every(level => level < 64)"""


def greets(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_text("watch it learn")).to_be_visible()
    expect(page.get_by_role("button", name="Play")).to_be_visible()


@EVERY_LOOK
def test_the_front_page_greets(page: Page, color_scheme: str) -> None:
    greets(page)
    assert page.evaluate(DARKNESS) is (color_scheme == "dark")


def test_every_address_leads_to_its_page(page: Page) -> None:
    """And nothing of ours is asked for in vain: the page is watched."""
    for file, title, _ in PAGES[1:]:
        page.goto(f"/{file}")
        expect(page.locator(".st-key-pages strong")).to_have_text(title)
        expect(page.locator(".status-line")).to_be_visible()


@EVERY_LOOK
def test_the_front_page_fits_a_phone(phone: Page, color_scheme: str) -> None:
    greets(phone)
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert phone.evaluate(DARKNESS) is (color_scheme == "dark")

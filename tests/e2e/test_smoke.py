"""The first look: the front page greets on every screen, in light and dark, without an error."""

import pytest
from playwright.sync_api import Page, expect

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


@EVERY_LOOK
def test_the_front_page_fits_a_phone(phone: Page, color_scheme: str) -> None:
    greets(phone)
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert phone.evaluate(DARKNESS) is (color_scheme == "dark")

"""The first look: every address leads to its page, in the dark too, without an error."""

import pytest
from playwright.sync_api import Page, expect

from ui.head import PAGES

DARKNESS = """getComputedStyle(document.querySelector('[data-testid=stApp]'))
    .backgroundColor.match(/\\d+/g).slice(0, 3).every(level => level < 64)"""


@pytest.mark.parametrize("color_scheme", ["dark"])
def test_every_address_leads_to_its_page_in_the_dark(page: Page, color_scheme: str) -> None:
    """And nothing of ours is asked for in vain: the page is watched. Other tests begin in light."""
    page.goto("/")
    expect(page.get_by_text("watch it learn")).to_be_visible()
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    assert page.evaluate(DARKNESS)
    for file, title, _ in PAGES[1:]:
        page.goto(f"/{file}")
        expect(page.locator(".st-key-pages strong")).to_have_text(title)
        expect(page.locator(".status-line")).to_be_visible()
        assert page.evaluate(DARKNESS)

"""A race in a browser: live to its verdict, the same after a reload, its networks side by side."""

from playwright.sync_api import Page, expect

from tests.e2e.steps import ONE, SMALL, draw, expect_drawn, expect_status, press
from tests.e2e.test_accessibility import GROUNDS, violations
from tests.playground.examples import wait_until

VERDICT = '.race-verdict[data-starts="2"]'


def test_a_race_has_a_verdict_and_its_networks_read_one_drawing(page: Page) -> None:
    page.goto(f"/race?{SMALL}&iterations=60&vs_b=learning_rate%3D0.03&starts=2")
    expect_status(page, "ready")
    press(page, "Race")
    expect(page.locator(VERDICT)).to_be_visible()
    for key in ("race curves", "race differences"):
        expect_drawn(page, key)
    told = page.locator(VERDICT).inner_text()
    page.reload()
    expect(page.locator(VERDICT)).to_have_text(told, use_inner_text=True)
    wait_until(lambda: page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
    found: list[str] = []
    for scheme, ground in GROUNDS.items():
        page.emulate_media(color_scheme=scheme)
        expect(page.get_by_test_id("stApp")).to_have_css("background-color", ground)
        found += violations(page)
    assert not found, "\n".join(found)
    page.get_by_role("link", name="Compare the networks of this start").click()
    page.get_by_role("radio", name="One drawing").click()
    draw(page, ONE)
    expect(page.locator(".answer-compared")).to_have_count(2)

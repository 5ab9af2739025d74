"""The page Runs in a browser: its table follows what trains."""

from playwright.sync_api import Page, expect

from tests.e2e.steps import SMALL, expect_status, press

CELLS = "[...document.querySelectorAll('[data-testid=stDataFrame] [role=gridcell]')]"
EPOCHS = f"{CELLS}.map(cell => cell.textContent).join(' · ')"


def test_the_table_refreshes_itself_while_a_run_trains(page: Page) -> None:
    page.goto(f"/?{SMALL}&epochs=100000")
    press(page, "Play")
    expect_status(page, "training")
    page.get_by_role("link", name="Runs").first.click()
    page.wait_for_function(f"{EPOCHS}.includes('training')")
    for _ in range(3):
        before = page.evaluate(EPOCHS)
        page.wait_for_function(f"before => {EPOCHS} !== before", arg=before)
    press(page, "Pause")
    page.wait_for_function(f"{EPOCHS}.includes('paused')")
    expect(page.get_by_text("1 of 1 runs")).to_be_visible()

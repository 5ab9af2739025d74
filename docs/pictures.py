"""Takes the README's screenshots of the running app: `python -m docs.pictures`."""

import tempfile
from pathlib import Path

from playwright.sync_api import Page, ViewportSize, expect, sync_playwright

from tests.browser import ARGUMENTS, find_browser
from tests.e2e.steps import SEVEN, draw, expect_answer, expect_drawn, press, status_line
from tests.server import APP, serving

HERE = Path(__file__).parent
WIDE = ViewportSize(width=1400, height=900)
PHONE = ViewportSize(width=390, height=844)
PATIENCE = 120_000  # milliseconds


def main() -> None:
    expect.set_options(timeout=PATIENCE)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=ARGUMENTS)
        with serving(APP, Path(folder) / "log.txt") as address:
            light = browser.new_context(viewport=WIDE, base_url=address).new_page()
            _train(light)
            _take(light, "train")
            _draw(light)
            _take(light, "draw")
            _plane(light)
            _take(light, "plane")
            phone = browser.new_context(
                viewport=PHONE,
                base_url=address,
                color_scheme="dark",
                device_scale_factor=2,
                is_mobile=True,
                has_touch=True,
            ).new_page()
            _train(phone)
            _take(phone, "phone")
        browser.close()


def _train(page: Page) -> None:
    """The default run, from Play to its end."""
    page.goto("/")
    expect(page.get_by_role("button", name="Play")).to_be_enabled()
    expect_drawn(page, "cost")
    press(page, "Play")
    status_line(page, "done").wait_for(timeout=PATIENCE)
    page.mouse.move(5, 5)  # move the mouse away, so that no tooltip is shown


def _draw(page: Page) -> None:
    page.get_by_role("link", name="Draw").first.click()
    draw(page, SEVEN)
    expect_answer(page, "7")
    page.mouse.move(5, 5)


def _plane(page: Page) -> None:
    """The default spiral, from Play to its end."""
    page.get_by_role("link", name="The plane").click()
    expect(page.locator(".plane .neuron").first).to_be_visible()
    press(page, "Play")
    status_line(page, "done").wait_for(timeout=PATIENCE)
    page.mouse.move(5, 5)


def _take(page: Page, name: str) -> None:
    expect(page.get_by_role("tooltip")).to_have_count(0)
    page.screenshot(path=HERE / f"{name}.png", animations="disabled")


if __name__ == "__main__":
    main()

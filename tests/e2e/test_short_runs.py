"""A run that ends while its page is being drawn leaves no page behind that shows it otherwise.

The pages are the fastest there are, the runs as short as they come, and the cores are busy with
something else. PLAYGROUND_THOROUGH=1 makes it 200 runs.
"""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.steps import SMALL, button, expect_status, press, status_line

RUNS = 200 if os.environ.get("PLAYGROUND_THOROUGH") else 10  # in all cases together
SHORT = "points=100&layers=2,4,1&activations=tanh"
CASES = {
    "five iterations": (f"/?dataset=xor&iterations=5&{SHORT}", "Play", "done"),
    "one iteration, by Step": (f"/?dataset=xor&iterations=1&{SHORT}", "Step", "done"),
    "an epoch": (f"/?dataset=gaussians&epochs=1&{SHORT}", "Epoch", "done"),
    "a diverging run": (
        "/?dataset=circles&layers=2,8,8,1&activations=relu"
        "&optimizer=gradient_descent&learning_rate=100&l2=5&iterations=400",
        "Play",
        "failed",
    ),
    "five iterations on digits": (f"/?{SMALL}&iterations=5", "Play", "done"),
}


@pytest.fixture
def busy_core() -> Iterator[None]:
    """Another process that keeps a core busy."""
    process = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    yield
    process.kill()
    process.wait()


@pytest.mark.timeout(60 + 5 * RUNS)
@pytest.mark.parametrize("case", CASES)
def test_the_page_shows_how_a_short_run_ended(page: Page, busy_core: None, case: str) -> None:
    address, start, status = CASES[case]
    page.goto(address)
    for _ in range(-(-RUNS // len(CASES))):
        expect_status(page, "ready")
        expect(page.get_by_role("button", name="Play")).to_be_enabled()
        press(page, start)
        expect_status(page, status)
        expect(page.get_by_role("button", name="Pause")).to_have_count(0)
        if status == "failed":
            expect(page.get_by_role("button", name="Play")).to_be_disabled()
        else:
            expect(page.get_by_role("button", name="more epochs")).to_be_enabled()
        expect(button(page, "Step")).to_be_disabled()
        message = page.get_by_role("alert").filter(has_text="learning rate")
        expect(message).to_have_count(1 if status == "failed" else 0)
        press(page, "Reset")
        expect(status_line(page, "ready")).to_be_visible()

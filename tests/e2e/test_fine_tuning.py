"""Fine-tuning in a real browser: a drawing is labeled and learned; drawings are saved and
loaded.
"""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.steps import SEVEN, draw, expect_answer, expect_status, press
from tests.e2e.test_draw import train

HOOK = [(0.25, 0.75), (0.25, 0.3), (0.75, 0.3)]
"""A stroke that no digit has."""


def call_it(page: Page, name: str) -> None:
    page.get_by_role("radio", name=name, exact=True).click()


def test_a_drawing_is_saved_deleted_loaded_and_a_made_up_one_learned_and_undone(
    page: Page, tmp_path: Path
) -> None:
    train(page)
    draw(page, SEVEN)
    expect_answer(page, "7")
    call_it(page, "7")
    page.get_by_text("Your drawings (1)").click()
    with page.expect_download() as download:
        page.get_by_test_id("stDownloadButton").get_by_role("button").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    assert path.name == "my-drawings.csv"
    press(page, "Delete all")
    expect(page.get_by_text("Your drawings (0)")).to_be_visible()
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(path)
    expect(page.get_by_text("Your drawings (1)")).to_be_visible()
    bad = tmp_path / "bad.csv"
    bad.write_text("what,is,this\n")
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(bad)
    expect(page.get_by_text("Your drawings stay as they were")).to_be_visible()

    press(page, "Delete all")
    expect(page.get_by_text("Your drawings (0)")).to_be_visible()
    press(page, "Clear")
    expect_answer(page, "?")
    draw(page, HOOK)
    expect(page.get_by_text("Most similar training images")).to_be_visible()
    call_it(page, "4")
    page.get_by_role("button", name=re.compile(r"Fine-tune on my drawings \(1\)")).click()
    expect(page.get_by_text("This drawing:")).to_be_visible()
    expect(page.get_by_text("Validation digits:")).to_be_visible()
    expect_status(page, "done")
    expect_answer(page, "4")
    press(page, "Back to before")
    expect(page.get_by_text("This drawing:")).not_to_be_visible()

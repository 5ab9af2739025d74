"""Answer sheets: what a learner did, as a file that is safe to open and can be read back."""

import json
import math
import re
from dataclasses import replace

import pytest

from playground.config import RunConfig
from playground.learn import progress as steps
from playground.learn.answer_sheet import (
    MAX_BYTES,
    Sheet,
    SheetError,
    as_html,
    as_table,
    checksum,
    read_sheet,
    sheet_of,
)
from playground.learn.assignment import Assignment
from playground.learn.progress import Progress, Stage, notice
from playground.learn.quantities import PARAMETERS, Condition
from playground.run import Run
from playground.run_data import load_data
from tests.playground.examples import small, wait_until
from tests.playground.learn.test_progress import ended

HOSTILE = "</script><script>alert(1)</script><!-- & \"' =cmd|' /C calc'!A0"
CONFIG = small(epochs=2)
RUN: dict[str, object] = {
    "label": "goal", "checksum": "", "numbers": {}, "settings": {}, "curve": [],
}  # fmt: skip


def finished(title: str = "Assignment", learner: str = "Ada") -> Sheet:
    """The sheet of an assignment that was done."""
    lesson = Assignment(
        title,
        CONFIG,
        "How far?",
        quantity="validation_accuracy",
        goal="Small",
        conditions=(Condition(PARAMETERS, 1e6, at_least=False),),
    ).as_lesson()
    run = ended(CONFIG).snapshot
    progress = notice(lesson, steps.commit(Progress(), 50.0), run)
    progress = notice(lesson, replace(progress, stage=Stage.CHANGE), run)
    assert progress.stage is Stage.DONE
    return sheet_of(lesson, progress, learner, "2026-01-02 03:04")


def test_a_sheet_is_read_back_as_it_was() -> None:
    sheet = finished()
    again = read_sheet(as_html(sheet))
    assert again == sheet
    assert again.intact
    assert again.predicted == "50.0 %"
    assert again.reached is not None
    (row,) = as_table([again])
    assert (row["learner"], row["goal"], row["unchanged"]) == ("Ada", "reached", "yes")


def test_numbers_have_their_unit_in_the_file_and_in_the_table() -> None:
    sheet = finished()
    accuracy = sheet.runs[0].result.numbers["validation_accuracy"]
    assert sheet.runs[0].numbers["validation accuracy"] == f"{accuracy:.1f} %"
    html = as_html(sheet).decode()
    assert f"<tr><th>validation accuracy</th><td>{accuracy:.1f} %</td></tr>" in html
    below = replace(sheet, reached=replace(sheet.runs[0], label="goal"))
    assert f"validation accuracy {accuracy:.1f} %" in as_table([below])[0]["reached"]


def test_a_sheet_of_an_earlier_version_is_read_without_units() -> None:
    html = as_html(finished()).decode()
    found = re.search(r'id="answer-sheet">(.*?)</script>', html)
    assert found is not None
    said = json.loads(found[1])
    del said["checksum"]
    for run in (*said["runs"], said["reached"]):
        del run["texts"]
    said["checksum"] = checksum(said)
    sheet = read_sheet(html.replace(found[1], json.dumps(said)).encode())
    assert sheet.intact
    accuracy = sheet.runs[0].result.numbers["validation_accuracy"]
    assert sheet.runs[0].numbers["validation accuracy"] == f"{accuracy:.4g}"


def test_a_regression_has_r_squared_in_its_curve_and_table() -> None:
    config = RunConfig.default("reg-plane").with_values(layers=(2, 1), activations=(), epochs=2)
    lesson = Assignment("", config, "?", quantity="validation_r2").as_lesson()
    run = Run(config, load_data(config))
    run.play()
    wait_until(lambda: not run.busy)
    progress = notice(lesson, steps.commit(Progress(), 0.5), run.snapshot)
    sheet = sheet_of(lesson, progress, "Ada", "now")
    html = as_html(sheet).decode()
    assert read_sheet(html.encode()) == sheet
    assert "accuracy" not in html.lower()
    assert 'aria-label="R² on validation examples' in html
    score = run.snapshot.measured.validation.score
    assert sheet.result == f"{score:.3f}"
    assert sheet.runs[0].result.curve[-1][1] == pytest.approx(score, abs=1e-3)


def test_a_sheet_of_a_lesson_that_was_only_begun() -> None:
    lesson = Assignment("", CONFIG, "?", answers=("a", "b")).as_lesson()
    sheet = read_sheet(as_html(sheet_of(lesson, Progress(), "", "now")))
    assert (sheet.predicted, sheet.agrees, sheet.runs, sheet.reached) == ("", None, (), None)
    assert as_table([sheet])[0]["goal"] == "not reached"


def test_without_a_result_to_compare_the_teacher_judges() -> None:
    sheet = replace(finished(), result="", agrees=None)
    assert "for the teacher to judge" in as_html(sheet).decode()
    assert as_table([sheet])[0]["prediction"] == "?"


def test_without_a_prediction_there_is_no_verdict() -> None:
    sheet = replace(finished(), predicted="", agrees=None)
    assert "for the teacher to judge" not in as_html(sheet).decode()
    assert as_table([sheet])[0]["prediction"] == "–"


def test_hostile_words_stay_words() -> None:
    sheet = finished(title=HOSTILE, learner=HOSTILE)
    html = as_html(sheet)
    assert read_sheet(html) == sheet
    assert html.count(b"<script") == html.count(b"</script>") == 1
    assert b"alert(1)</script>" not in html
    assert b"default-src 'none'" in html


def test_it_loads_nothing() -> None:
    html = as_html(finished()).decode()
    assert not re.search(r"(src|href)=|https?://|url\(|@import", html)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"learner": "Ada"', b'"learner": "Bob"'),
        (b'"epochs": "2"', b'"epochs": "3"'),
        (b'"validation_accuracy": ', b'"validation_accuracy": 1'),
        (b'"validation accuracy": "', b'"validation accuracy": "1'),
    ],
)
def test_changes_by_hand_are_noticed(old: bytes, new: bytes) -> None:
    html = as_html(finished())
    assert old in html
    assert not read_sheet(html.replace(old, new)).intact


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "lacks the part"),
        (b"<html>another page</html>", "lacks the part"),
        (b"x" * (MAX_BYTES + 1), "larger than"),
    ],
)
def test_what_is_no_sheet_is_refused(content: bytes, sentence: str) -> None:
    with pytest.raises(SheetError, match=sentence):
        read_sheet(content)


@pytest.mark.parametrize(
    "inside",
    ["", "null", "[]", "{}", "[" * 50_000, '{"checksum": "", "form": "other"}'],
)
def test_a_damaged_sheet_is_refused(inside: str) -> None:
    content = f'<script type="application/json" id="answer-sheet">{inside}</script>'
    with pytest.raises(SheetError, match="damaged"):
        read_sheet(content.encode())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("learner", 3),
        ("learner", "x" * 5000),
        ("runs", [{}]),
        ("runs", 3),
        ("agrees", "yes"),
        ("conditions", [1]),
        ("reached", {"label": "goal", "numbers": {"a": "b"}}),
        ("reached", RUN | {"curve": [[math.inf, 0]]}),
        ("reached", RUN | {"numbers": {"a": 10**400}}),
        ("reached", RUN | {"texts": {"a": 1}}),
    ],
)
def test_every_part_of_it_is_checked(name: str, value: object) -> None:
    html = as_html(finished()).decode()
    found = re.search(r'id="answer-sheet">(.*?)</script>', html)
    assert found is not None
    said = json.loads(found[1]) | {name: value}
    with pytest.raises(SheetError, match="damaged"):
        read_sheet(html.replace(found[1], json.dumps(said)).encode())

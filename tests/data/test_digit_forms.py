"""The table of digit forms: every line can be read, and its strokes are sound."""

import re
from collections import Counter

import numpy as np
import pytest

from data.digit_forms import COLUMNS, FORMS, TABLE, DigitForm, read_form, read_stroke

LINE = "1 | flag and base | Europe | 26,30 52,2! 52,98 / 22,98 82,98"


def test_a_line_is_a_form() -> None:
    form = read_form(LINE)
    assert (form.digit, form.name, form.where) == (1, "flag and base", "Europe")
    assert form.title == "1, flag and base"
    flag, base = form.strokes
    np.testing.assert_allclose(flag.points, [[0.26, 0.3], [0.52, 0.02], [0.52, 0.98]])
    assert (flag.corners, base.corners) == ((0, 1, 2), (0, 1))


def test_a_curve_has_corners_at_its_ends_alone() -> None:
    assert read_stroke("0,0 50,20 20,50 90,90").corners == (0, 3)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (LINE.replace(" | Europe", ""), "write digit | form | where | strokes"),
        (LINE.replace("Europe", " "), "write digit | form | where | strokes"),
        (LINE.replace("1 |", "12 |"), "of the digit '12': write one from 0 to 9"),
        (LINE.replace("52,2!", "52;2!"), "write two or more points x,y in hundredths"),
        (LINE.replace("52,2!", "52,2,1"), "write two or more points x,y in hundredths"),
        (LINE.replace("52,2!", "52"), "write two or more points x,y in hundredths"),
        (LINE.replace("22,98 82,98", "22,98"), "the stroke '22,98' cannot be read"),
    ],
)
def test_a_line_that_cannot_be_read_is_refused_with_what_to_write(line: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=re.escape(sentence)):
        read_form(line)


def test_the_table_names_its_columns_and_is_in_the_order_of_the_digits() -> None:
    header, *lines = TABLE.read_text(encoding="utf-8").splitlines()
    assert tuple(cell.strip() for cell in header.split("|")) == COLUMNS
    assert len(lines) == len(FORMS)
    digits = [form.digit for form in FORMS]
    assert digits == sorted(digits)


def test_every_digit_has_several_forms_and_none_a_name_twice() -> None:
    assert min(Counter(form.digit for form in FORMS).values()) >= 5
    assert set(range(10)) == {form.digit for form in FORMS}
    assert len({form.title for form in FORMS}) == len(FORMS)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.title)
def test_a_form_is_within_its_square_and_fills_it(form: DigitForm) -> None:
    points = np.concatenate([stroke.points for stroke in form.strokes])
    assert points.min() >= 0
    assert points.max() <= 1
    assert np.ptp(points, axis=0).max() >= 0.7
    for stroke in form.strokes:
        assert (np.hypot(*np.diff(stroke.points, axis=0).T) > 0).all()  # no point twice running

"""What a lesson adds to the charts of its page."""

from playground.chart_marks import Baseline
from playground.colors import THIS_RUN
from playground.learn.lesson import Number
from playground.learn.progress import Stage
from playground.learn.quantities import ACCURACY
from ui.lesson import state


def predicted_accuracy() -> list[Baseline]:
    """The learner's prediction as a line in the chart of accuracy, while it is compared."""
    lesson = state.current()
    # The lesson first: a page that trains asks several times a second.
    if lesson is None or not isinstance(lesson.question, Number):
        return []
    if lesson.question.of is not ACCURACY:
        return []
    progress = state.progress_in(lesson)
    value = progress.prediction
    if not isinstance(value, int | float) or progress.stage not in (Stage.RUN, Stage.COMPARE):
        return []
    text = f"your prediction {lesson.question.text(value)}"
    return [Baseline(float(value), text, color=THIS_RUN, end="left")]

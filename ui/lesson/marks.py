"""What a lesson adds to the charts of its page."""

from playground.chart_marks import Baseline
from playground.colors import THIS_RUN
from playground.learn.lesson import Number
from playground.learn.progress import Stage
from playground.learn.quantities import scores_of
from playground.measure import measure_of
from playground.snapshot import Snapshot
from ui.lesson import state


def predicted_score(shown: Snapshot) -> list[Baseline]:
    """The learner's prediction as a line in the chart of the score, while it is compared. None if
    it is a prediction of something else, or lies outside the chart.
    """
    lesson = state.current()
    # The lesson first: a page that trains asks several times a second.
    if lesson is None or not isinstance(lesson.question, Number):
        return []
    if lesson.question.of is not scores_of(shown.config)[0]:
        return []
    progress = state.progress_in(lesson)
    value = progress.prediction
    if not isinstance(value, int | float) or progress.stage not in (Stage.RUN, Stage.COMPARE):
        return []
    low, high = measure_of(shown.config).span
    if not low <= value <= high:
        return []
    text = f"your prediction {lesson.question.text(value)}"
    below = value > (low + high) / 2  # the top of the chart has no room
    return [Baseline(float(value), text, color=THIS_RUN, end="left", below=below)]

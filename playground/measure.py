"""The score of a run, measured beside its cost: accuracy for classification, R² for regression."""

from dataclasses import dataclass

from netcore.metrics import Evaluation
from playground.config import RunConfig
from playground.output import is_regression


@dataclass(frozen=True)
class Measure:
    """The name of a score, and how it is written.

    key     its name in JSON
    unit    the value times this is what a chart shows
    spec    of numbers in a chart
    axis    what the chart's axis says
    span    of that axis
    """

    name: str
    key: str
    unit: float
    spec: str
    axis: str
    span: tuple[float, float]

    def text(self, value: float) -> str:
        """The value as a sentence on a page writes it.

        >>> ACCURACY.text(0.97), R_SQUARED.text(0.97)
        ('97.0 %', '0.970')
        """
        return f"{100 * value:.1f} %" if self.unit == 100 else f"{value:.3f}"

    def brief(self, evaluation: Evaluation) -> str:
        """The value in a terminal: "97.0%", "R² 0.970"."""
        value = evaluation.score
        return f"R² {value:.3f}" if self is R_SQUARED else f"{value:.1%}"

    def words(self, evaluation: Evaluation) -> str:
        """The name and the value in a terminal: "accuracy 97.0%", "R² 0.970"."""
        return ("" if self is R_SQUARED else "accuracy ") + self.brief(evaluation)

    def on_validation(self, validation: Evaluation) -> tuple[str, str]:
        """The value, and the words that explain it.

        >>> R_SQUARED.on_validation(Evaluation(0.1, 0.5, []))
        ('R² 0.500', 'on validation points')
        """
        value = self.text(validation.score)
        if self is R_SQUARED:
            return f"{self.name} {value}", "on validation points"
        return value, "validation accuracy"


ACCURACY = Measure("Accuracy", "accuracy", 100, ".1f", "accuracy (%)", (0, 102))
R_SQUARED = Measure("R²", "r2", 1, ".3f", "R², 1 is perfect", (-0.1, 1.02))


def measure_of(config: RunConfig) -> Measure:
    return R_SQUARED if is_regression(config) else ACCURACY

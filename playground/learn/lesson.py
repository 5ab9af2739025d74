"""A lesson as data: runs to compare, a question to predict, a sentence that explains, and a goal.

Nothing in it knows a page. Where a lesson says something about a run, it is a function of what was
measured in the learner's own runs, so it cannot say what they do not show.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from playground.config import RunConfig
from playground.learn.quantities import ACCURACY, Condition, Quantity

Numbers = Mapping[str, float]
Results = Sequence[Numbers]
"""What was measured in each trial, in their order."""

Prediction = int | float | tuple[float, ...]
"""The index of a choice, a number, or a number for each point of a sketch."""


@dataclass(frozen=True)
class Trial:
    """One of the runs of a lesson: its name among them, and its settings."""

    label: str
    config: RunConfig


@dataclass(frozen=True)
class Scale:
    """A number of the results that answers divide into ranges, so that a chart can show both.

    title   the number, with its unit
    points  the results by name, of which the first is the number that is asked for
    edges   between the ranges, from low to high; each belongs to the range above it
    log     whether a chart of it is logarithmic
    """

    title: str
    points: Callable[[Results], Mapping[str, float]]
    edges: Callable[[Results], Sequence[float]]
    log: bool = False

    def range_of(self, results: Results) -> int:
        """The index of the range that the number is in."""
        value = next(iter(self.points(results).values()))
        return sum(value >= edge for edge in self.edges(results))


@dataclass(frozen=True)
class Choices:
    """A question with answers to choose from.

    true   the index of the answer that the results give, or None if nobody but a teacher can tell
    scale  what the answers are ranges of, from low to high, if they are ranges
    """

    ask: str
    answers: tuple[str, ...]
    true: Callable[[Results], int] | None
    scale: Scale | None = None

    @classmethod
    def of_ranges(cls, ask: str, answers: tuple[str, ...], scale: Scale) -> "Choices":
        """A question whose answers are the ranges of a scale."""
        return cls(ask, answers, scale.range_of, scale)

    def takes(self, prediction: Prediction) -> bool:
        return isinstance(prediction, int) and 0 <= prediction < len(self.answers)

    def text(self, prediction: Prediction) -> str:
        assert isinstance(prediction, int)
        return self.answers[prediction]

    def truth(self, results: Results) -> int | None:
        return None if self.true is None else self.true(results)

    def agrees(self, prediction: Prediction, results: Results) -> bool:
        return prediction == self.truth(results)


@dataclass(frozen=True)
class Number:
    """A question with a number as the answer.

    close     a prediction this close counts as correct
    of        what is predicted, if a chart of the page shows it
    setup     the run to look at before answering, if the answer is to be computed from it
    diagnose  where such an answer went wrong, as a sentence; "" if it is correct
    """

    ask: str
    unit: str
    low: float
    high: float
    true: Callable[[Results], float] | None
    close: float
    digits: int = 0
    of: Quantity | None = None
    setup: RunConfig | None = None
    diagnose: Callable[[float], str] | None = None

    def takes(self, prediction: Prediction) -> bool:
        return isinstance(prediction, int | float) and self.low <= prediction <= self.high

    def text(self, prediction: Prediction) -> str:
        return f"{prediction:,.{self.digits}f} {self.unit}".strip()

    def truth(self, results: Results) -> float | None:
        return None if self.true is None else self.true(results)

    def agrees(self, prediction: Prediction, results: Results) -> bool:
        truth = self.truth(results)
        assert isinstance(prediction, int | float)
        return truth is not None and abs(prediction - truth) <= self.close


@dataclass(frozen=True)
class Sketch:
    """A question with a curve as the answer: a number at each of these points.

    title  what the numbers are, with their unit
    close  the mean distance up to which a sketch counts as correct
    """

    ask: str
    title: str
    points: tuple[str, ...]
    unit: str
    low: float
    high: float
    true: Callable[[Results], Sequence[float]]
    close: float

    def takes(self, prediction: Prediction) -> bool:
        return (
            isinstance(prediction, tuple)
            and len(prediction) == len(self.points)
            and all(self.low <= value <= self.high for value in prediction)
        )

    def text(self, prediction: Prediction) -> str:
        assert isinstance(prediction, tuple)
        return " · ".join(
            f"{point}: {value:.0f} {self.unit}"
            for point, value in zip(self.points, prediction, strict=True)
        )

    def truth(self, results: Results) -> tuple[float, ...]:
        return tuple(self.true(results))

    def agrees(self, prediction: Prediction, results: Results) -> bool:
        assert isinstance(prediction, tuple)
        truth = self.truth(results)
        gaps = [abs(one - other) for one, other in zip(prediction, truth, strict=True)]
        return sum(gaps) / len(gaps) <= self.close


Question = Choices | Number | Sketch


@dataclass(frozen=True)
class Goal:
    """What a learner is to reach by a change of their own.

    start       the settings to begin with
    conditions  all of them must hold
    keeps       names of settings that must stay as at the start, besides the data set
    solution    one way to reach it; a lesson's test goes it
    """

    ask: str
    start: RunConfig
    conditions: tuple[Condition, ...]
    keeps: tuple[str, ...] = ()
    solution: Callable[[], RunConfig] | None = None

    @property
    def kept(self) -> tuple[str, ...]:
        """The settings that must stay: those in `keeps`, and always the data set, because its
        scores cannot be compared with another's.
        """
        return tuple(dict.fromkeys(("dataset", *self.keeps)))

    def changed(self, config: RunConfig) -> list[str]:
        """The settings that must stay as at the start and did not."""
        return [name for name in self.kept if getattr(config, name) != getattr(self.start, name)]


@dataclass(frozen=True)
class Lesson:
    """A lesson.

    key       its name in addresses: that of its file
    order     its place among the lessons
    page      the page it happens on, without "pages/" and ".py"
    about     what the learner is about to do, in a few sentences
    measures  what is measured at the end of each trial
    because   the sentence that explains, with the numbers of the results
    claims    words of that sentence that a run could contradict, each with the check that they
              are true; a lesson's test holds them over five seeds
    """

    key: str
    order: int
    title: str
    about: str
    trials: tuple[Trial, ...]
    question: Question
    because: Callable[[Results], str]
    claims: Mapping[str, Callable[[Results], bool]]
    goal: Goal
    measures: tuple[Quantity, ...] = (ACCURACY,)
    page: str = "train"

    def untrue(self, results: Results) -> list[str]:
        """The claims that these results contradict."""
        return [claim for claim, holds in self.claims.items() if not holds(results)]

    def trial_of(self, config: RunConfig) -> int | None:
        """The trial of a run with these settings. Its seed may be another, if that leaves only one
        trial.
        """
        for same in (config, *(replace(config, seed=each.config.seed) for each in self.trials)):
            found = [n for n, trial in enumerate(self.trials) if trial.config == same]
            if len(found) == 1 and (same == config or self._seed_is_free):
                return found[0]
        return None

    @property
    def _seed_is_free(self) -> bool:
        """Whether the trials differ in more than their seeds."""
        without = [replace(trial.config, seed=0) for trial in self.trials]
        return all(one != other for n, one in enumerate(without) for other in without[:n])

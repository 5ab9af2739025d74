"""An assignment: any configuration with a question and a goal, as text for an address.

It becomes a lesson, so a learner goes through it like through the others.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from math import isfinite
from typing import Any

from playground.config import ConfigError, RunConfig
from playground.learn.from_outside import DAMAGED, bounded_text
from playground.learn.lesson import Choices, Goal, Lesson, Number, Question, Results, Trial
from playground.learn.quantities import LIMIT, Condition, quantities_of, scores_of
from playground.run_data import is_plane
from playground.settings import SETTINGS

MAX_TEXT = 8_000  # characters in an address
MAX_CHARACTERS = 500  # of a title, question or answer
MAX_ANSWERS, MAX_CONDITIONS = 8, 4


class AssignmentError(ValueError):
    """A text is no assignment. The message is a sentence for the page."""


@dataclass(frozen=True)
class Assignment:
    """What a teacher asks.

    config      the settings of the run
    ask         the question before it
    answers     to choose from; if there are none, the answer is a number
    quantity    the name of that number among quantities_of the settings, or "" if it is none
    goal        what to reach afterwards, in words
    conditions  how it is measured
    keeps       settings that must stay as they are
    """

    title: str
    config: RunConfig
    ask: str
    answers: tuple[str, ...] = ()
    quantity: str = ""
    goal: str = ""
    conditions: tuple[Condition, ...] = ()
    keeps: tuple[str, ...] = ()

    def to_text(self) -> str:
        """The assignment as text that an address does not escape.

        Raises AssignmentError if it is too long.
        """
        said = {
            "title": self.title,
            "settings": self.config.to_text(),
            "ask": self.ask,
            "answers": self.answers,
            "quantity": self.quantity,
            "goal": self.goal,
            "conditions": [(c.quantity.name, float(c.value), c.at_least) for c in self.conditions],
            "keeps": self.keeps,
        }
        compact = json.dumps(said, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        text = base64.urlsafe_b64encode(compact.encode()).decode().rstrip("=")
        if len(text) > MAX_TEXT:
            raise AssignmentError(
                f"The assignment has {len(text):,} characters, and an address holds "
                f"{MAX_TEXT:,}: write less."
            )
        return text

    @classmethod
    def from_text(cls, text: str) -> "Assignment":
        """The inverse of to_text. Raises AssignmentError."""
        if len(text) > MAX_TEXT:
            raise AssignmentError(
                f"The assignment in the address is longer than {MAX_TEXT:,} characters."
            )
        try:
            said = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
            return cls._read(said)
        except DAMAGED as error:
            raise AssignmentError(
                "The assignment in the address is damaged: ask your teacher for the link again. "
                f"({type(error).__name__})"
            ) from error

    @classmethod
    def _read(cls, said: Mapping[str, Any]) -> "Assignment":
        """Raises an error of DAMAGED for what is no assignment."""
        settings = {_text(name): _text(value, 4000) for name, value in said["settings"].items()}
        try:
            config = RunConfig.from_text(settings)
        except ConfigError as error:
            raise ValueError(str(error)) from error
        quantities = quantities_of(config)
        answers = tuple(_text(each) for each in said["answers"])
        conditions = tuple(
            Condition(quantities[name], _finite(value), at_least=bool(at_least))
            for name, value, at_least in said["conditions"]
        )
        keeps = tuple(_text(name) for name in said["keeps"])
        quantity = _text(said["quantity"])
        if (
            len(answers) > MAX_ANSWERS
            or len(conditions) > MAX_CONDITIONS
            or not set(keeps) <= SETTINGS.keys()
            or (quantity and quantity not in quantities)
        ):
            raise ValueError("too many, or unknown")
        return cls(
            _text(said["title"]),
            config,
            _text(said["ask"]),
            answers,
            quantity,
            _text(said["goal"]),
            conditions,
            keeps,
        )

    @property
    def key(self) -> str:
        """Its name among lessons: a checksum of all of it."""
        return "a-" + blake2b(self.to_text().encode(), digest_size=8).hexdigest()

    def as_lesson(self) -> Lesson:
        """The lesson that it is."""
        asked = quantities_of(self.config).get(self.quantity)
        measures = tuple(dict.fromkeys(filter(None, (asked, *scores_of(self.config)))))
        return Lesson(
            key=self.key,
            order=0,
            title=self.title or "Assignment",
            about="",
            trials=(Trial("the run", self.config),),
            question=self._question(),
            because=lambda results: _in_numbers(results, measures),
            claims={},
            goal=Goal(self.goal, self.config, self.conditions, self.keeps),
            measures=measures,
            page="plane" if is_plane(self.config) else "train",
        )

    def _question(self) -> Question:
        if self.answers:
            return Choices(self.ask, self.answers, None)
        asked = quantities_of(self.config).get(self.quantity)
        if asked is None:
            return Number(self.ask, "", -LIMIT, LIMIT, None, close=0, digits=2)
        return Number(
            self.ask,
            asked.unit,
            asked.low,
            asked.high,
            lambda results: results[0][asked.name],
            close=5 if asked.unit else 0.05 if asked.digits else 0,
            digits=asked.digits,
            of=asked,
        )


def _in_numbers(results: Results, measures: tuple[Any, ...]) -> str:
    (run,) = results
    return (
        f"Your run: {', '.join(f'{each.title} {each.text(run[each.name])}' for each in measures)}."
    )


def _text(value: object, max_length: int = MAX_CHARACTERS) -> str:
    return bounded_text(value, max_length)


def _finite(value: object) -> float:
    number = float(value)  # type: ignore[arg-type]
    if not isfinite(number):
        raise ValueError("not finite")
    return number

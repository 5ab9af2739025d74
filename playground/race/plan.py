"""RacePlan: what is raced, on how many starts, and what is kept equal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode

from playground.comparison import LETTERS
from playground.config import ConfigError, RunConfig, changed_settings
from playground.settings import SETTINGS

MIN_RACERS, MAX_RACERS = 2, 4
STARTS, MAX_STARTS = 5, 200
MAX_SEED = 2**32 - 1
RACED = (
    *("learning_rate", "optimizer", "schedule", "batch_size", "layers", "activations"),
    *("initializer", "dropout", "augmentation", "l2", "l1", "class_weights"),
    *("epochs", "iterations"),
)
"""The settings that racers may differ in. All others decide the examples, which are equal."""

BY = {"iteration": "the same iterations", "seconds": "the same seconds"}


@dataclass(frozen=True)
class RacePlan:
    """configs[0] is the baseline A, which the others are compared with.

    starts  how often the race is repeated, each time with the next seed
    by      a key of BY: what the racers get equally much of

    Raises ConfigError if that is no fair race.
    """

    configs: tuple[RunConfig, ...]
    starts: int = STARTS
    by: str = "iteration"

    def __post_init__(self) -> None:
        n = len(self.configs)
        if not MIN_RACERS <= n <= MAX_RACERS:
            raise ConfigError(f"A race has {MIN_RACERS} to {MAX_RACERS} settings, not {n}.")
        if not 1 <= self.starts <= MAX_STARTS:
            raise ConfigError(f"A race has 1 to {MAX_STARTS} starts, not {self.starts}.")
        if self.by not in BY:
            raise ConfigError(f"A race is by one of: {', '.join(BY)}; not by {self.by!r}.")
        first = self.configs[0]
        for letter, config in zip(LETTERS[1:], self.configs[1:], strict=False):
            for name in SETTINGS:
                if name not in RACED and getattr(config, name) != getattr(first, name):
                    raise ConfigError(
                        f"{SETTINGS[name].label} decides which examples are learned from, so it "
                        f"must be the same for {letter} as for A."
                    )
        for i, config in enumerate(self.configs):
            if config in self.configs[:i]:
                other = LETTERS[self.configs.index(config)]
                raise ConfigError(
                    f"{LETTERS[i]} has the same settings as {other}: change one of them."
                )

    def seed(self, start: int) -> int:
        """The seed of this start, counted from 0."""
        return (self.configs[0].seed + start) % (MAX_SEED + 1)

    def configs_of(self, start: int) -> tuple[RunConfig, ...]:
        """The racers' settings on this start."""
        seed = self.seed(start)
        return tuple(config.with_values(seed=seed) for config in self.configs)

    def longer(self, starts: int) -> "RacePlan":
        """The same with so many starts more, as far as they are allowed."""
        return replace(self, starts=min(self.starts + starts, MAX_STARTS))

    def with_lengths(self, iterations: tuple[int | None, ...]) -> "RacePlan":
        """The same with these lengths; None for a length that stays."""
        configs = tuple(
            config if length is None else config.with_values(iterations=length)
            for config, length in zip(self.configs, iterations, strict=True)
        )
        return replace(self, configs=configs)


def names_of(configs: Sequence[RunConfig]) -> list[str]:
    """A name for each racer: what it changes.

    >>> names_of([RunConfig(), RunConfig(optimizer="momentum", learning_rate=0.1)])
    ['baseline', 'learning rate α 0.1 · optimizer momentum']
    """
    names = ["baseline"]
    for config in configs[1:]:
        changed = changes(config, configs[0]).items()
        names.append(" · ".join(f"{SETTINGS[n].label.lower()} {text}" for n, text in changed))
    return names


def changes(config: RunConfig, baseline: RunConfig) -> dict[str, str]:
    """The raced settings in which a racer differs from the baseline, as text."""
    changed = changed_settings(baseline, config)
    differing = {name: changed[name] for name in RACED if name in changed}
    if "layers" in differing:
        follows = baseline.with_values(layers=config.layers)
        if follows.activations == config.activations:
            differing.pop("activations", None)
    return differing


def changed(baseline: RunConfig, texts: Mapping[str, str]) -> RunConfig:
    """The baseline with these raced settings changed: the inverse of `changes`.

    Raises ConfigError if a setting is unknown, not one that may be raced, or not allowed.
    """
    for name in texts:
        if name not in RACED:
            raise ConfigError(f"{name} cannot be raced; these can: {', '.join(RACED)}.")
    return RunConfig.from_text(texts, baseline)


def as_query(texts: Mapping[str, str]) -> str:
    """Such changes as the value of a key of an address.

    >>> as_query({"learning_rate": "0.01", "optimizer": "momentum"})
    'learning_rate=0.01&optimizer=momentum'
    """
    return urlencode(texts, safe="[], ")


def from_query(text: str) -> dict[str, str]:
    """The inverse of as_query; what has no such form is left out.

    >>> from_query("learning_rate=0.01&nonsense&layers=784,10")
    {'learning_rate': '0.01', 'layers': '784,10'}
    """
    try:
        return dict(parse_qsl(text[:2000], max_num_fields=len(RACED)))
    except ValueError:  # too many fields
        return {}

"""What a sweep is to do, before it starts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from netcore.network import n_parameters
from netcore.optimizers import OPTIMIZERS
from playground.config import ConfigError, RunConfig
from playground.forecast import FLOAT32_BYTES
from playground.memory_limit import memory_limit
from playground.run_data import fitted
from playground.sweep.examples import Examples
from playground.sweep.ranges import Space
from playground.sweep.search import Search, search
from playground.trainer import check_fit


@dataclass(frozen=True)
class Plan:
    """A sweep before it starts.

    runs     how many; a grid has all of its combinations
    halving  whether losers are stopped early
    workers  how many runs train at once; 0 for as many as an existing cluster can
    """

    space: Space
    method: str = "grid"
    runs: int = 20
    seed: int = 1
    halving: bool = False
    workers: int = 1

    def search(self) -> Search:
        """A new search. Raises ConfigError if nothing varies, or too much."""
        return search(self.method, self.space, runs=self.runs, seed=self.seed)

    def config(self, values: Mapping[str, str], examples: Examples) -> RunConfig:
        """The settings of a run, fitted to its data unless its layers are given in full.

        Raises ConfigError or DataError.
        """
        config = self.space.config(values)
        data = examples.of(config)
        if "layers" not in values:
            return fitted(config, data)
        check_fit(config, data.train)
        return config

    def checked(self, examples: Examples) -> tuple[int, list[RunConfig]]:
        """How many runs there are, and the settings of those that are known before the first.

        Raises ConfigError if they are not allowed, DataError if their data cannot be read.
        """
        found = self.search()
        configs: list[RunConfig] = []
        while (values := found.ask()) is not None:
            try:
                configs.append(self.config(values, examples))
            except ConfigError as error:
                settings = ", ".join(f"{name}={text}" for name, text in values.items())
                raise ConfigError(f"The run with {settings[:200]} cannot be: {error}") from error
            if found.learns:  # the others depend on results
                break
        if self.halving and not found.learns:
            _check_memory(configs)
        return found.count, configs


def _check_memory(configs: Sequence[RunConfig]) -> None:
    """All runs that are compared are held at once. Raises ConfigError if they are too large."""
    size = sum(
        FLOAT32_BYTES
        * n_parameters(config.layers)
        * (1 + len(OPTIMIZERS[config.optimizer].moments))
        for config in configs
    )
    limit = memory_limit()
    if size > limit:
        raise ConfigError(
            f"To stop losers early, all {len(configs):,} runs are held in memory at once: "
            f"{size / 1e6:,.0f} MB, and {limit / 1e6:,.0f} are allowed. Take fewer runs, or train "
            "all to their end."
        )

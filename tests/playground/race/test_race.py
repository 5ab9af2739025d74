"""A race is fair: the same starts and batches to the bit, equally much for all at every moment."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from data.dataset import DataError, Splits
from netcore.array import Array
from netcore.training import TrainState
from playground import training
from playground.config import ConfigError, RunConfig
from playground.prefetch import PrefetchingWorkspace
from playground.race.fairness import fairness
from playground.race.plan import RacePlan, as_query, changed, changes, from_query
from playground.race.race import TRIAL, TURN, Race
from playground.race.rivals import changeable, suggestion
from playground.race.same_start import same_start
from playground.registry import Registry, RegistryFullError
from playground.run import Checkpoint, Status
from playground.trainer import Trainer, start_state
from tests.playground.examples import DATA, SIDE, numbers, small, uninterrupted, wait_until

NewRace = Callable[..., Race]


@pytest.fixture
def new_race() -> Iterator[NewRace]:
    """Makes races of these rivals with small(); after the test none of them computes."""
    races: list[Race] = []

    def make(
        *rivals: dict[str, Any],
        first: dict[str, Any] | None = None,
        starts: int = 2,
        by: str = "iteration",
        **how: Any,
    ) -> Race:
        base = small(**(first or {}))
        plan = RacePlan((base, *(base.with_values(**each) for each in rivals)), starts, by)
        races.append(Race(plan, **{"load": lambda config: DATA} | how))
        return races[-1]

    yield make
    for race in races:
        race.stop()
    wait_until(lambda: not any(race.busy for race in races))


def ended(race: Race) -> Race:
    race.play()
    wait_until(lambda: not race.busy)
    assert race.latest.status is Status.DONE, race.latest.message
    return race


@pytest.fixture
def batches(monkeypatch: pytest.MonkeyPatch) -> dict[int, list[tuple[Array, Array]]]:
    """Copies of the batches that each network was given, by the network's state."""
    seen: dict[int, list[tuple[Array, Array]]] = {}
    keep_alive = []
    given = PrefetchingWorkspace.batch

    def batch(self: PrefetchingWorkspace, state: TrainState, *rest: Any) -> Any:
        found, augment = given(self, state, *rest)
        X = found.X.copy() if augment is None else augment(found.X.copy(), state.noise_rng)
        keep_alive.append(state)
        seen.setdefault(id(state), []).append((X.copy(), found.Y.copy()))
        return replace(found, X=X), None

    monkeypatch.setattr(PrefetchingWorkspace, "batch", batch)
    return seen


def test_all_get_the_same_batches_to_the_bit_warps_included(
    new_race: NewRace, batches: dict[int, list[tuple[Array, Array]]]
) -> None:
    rivals = [
        {"optimizer": "momentum"},
        {"layers": (64, 7, 9, 4)},
        {"l2": 0.1, "learning_rate": 0.1},
    ]
    race = ended(new_race(*rivals, first={"augmentation": 1.0}, starts=2))
    starts = list(batches.values())
    assert len(starts) == 2 * 4
    for first, *others in (starts[:4], starts[4:]):
        assert len(first) == race.latest.racers[0].iterations == 50
        for other in others:
            for (X, Y), (its_X, its_Y) in zip(first, other, strict=True):
                np.testing.assert_array_equal(X, its_X, strict=True)
                np.testing.assert_array_equal(Y, its_Y, strict=True)
    assert not np.array_equal(starts[0][0][0], starts[4][0][0])  # another start, another order


def test_another_batch_size_gets_the_same_examples_in_the_same_order(
    new_race: NewRace, batches: dict[int, list[tuple[Array, Array]]]
) -> None:
    ended(new_race({"batch_size": 30}, {"dropout": 0.5}, starts=1))
    first, *others = (np.hstack([X for X, _ in each]) for each in batches.values())
    for other in others:
        np.testing.assert_array_equal(first, other, strict=True)


@pytest.mark.parametrize(
    ("layers", "shared"),
    [
        ((64, 20, 4), {}),
        ((64, 12, 12, 4), {0: 0, 2: 1}),
        ((64, 12, 4), {0: 0, 1: 1}),
        ((64, 30, 12, 4), {2: 1}),
        ((64, 4), {}),
    ],
)
def test_weights_are_the_same_where_shapes_agree(
    layers: tuple[int, ...], shared: dict[int, int]
) -> None:
    baseline = small()
    theirs = start_state(baseline).network.layers
    state, said = same_start(baseline.with_values(layers=layers), baseline)
    alone = start_state(baseline.with_values(layers=layers)).network
    for l, layer in enumerate(state.network.layers):
        expected = theirs[shared[l]].W if l in shared else alone.layers[l].W
        np.testing.assert_array_equal(layer.W, expected, strict=True)
    changed = [l for l in shared if (alone.layers[l].W != theirs[shared[l]].W).any()]
    assert len(said) == len(changed)


def test_no_layer_gives_its_weights_twice() -> None:
    baseline = small(layers=(64, 9, 9, 4))
    state, _ = same_start(baseline.with_values(layers=(64, 9, 9, 9, 4)), baseline)
    W = [layer.W for layer in state.network.layers]
    assert W[1].shape == W[2].shape
    assert (W[1] != W[2]).all()


def test_another_initializer_keeps_its_own_weights() -> None:
    config = small(initializer="glorot")
    state, said = same_start(config, small())
    np.testing.assert_array_equal(state.network.theta, start_state(config).network.theta)
    assert not said


def test_racing_changes_no_bit_of_a_training(new_race: NewRace) -> None:
    race = ended(new_race({"optimizer": "momentum"}, starts=2)).latest
    for racer in race.racers:
        _, measured, trainer = uninterrupted(racer.config)
        assert racer.config.seed == small().seed + 1
        np.testing.assert_array_equal(racer.network.theta, trainer.network.theta)
        assert racer.curves.validation_cost.tolist() == [each.validation.cost for each in measured]
        assert race.results[1][racer.index] == measured[-1].validation.score


def test_a_pause_is_at_the_same_iteration_and_changes_no_bit(new_race: NewRace) -> None:
    straight = ended(new_race({"optimizer": "momentum"}, first={"epochs": 60}, starts=1)).latest
    race = new_race({"optimizer": "momentum"}, first={"epochs": 60}, starts=1)
    while race.latest.status is not Status.DONE:
        race.play()
        wait_until(lambda: not race.busy or race.latest.racers != ())
        race.pause()
        wait_until(lambda: not race.busy)
        assert len({racer.iteration for racer in race.latest.racers}) <= 1
    assert race.latest.results == straight.results
    for one, other in zip(race.latest.racers, straight.racers, strict=True):
        assert numbers(one.curves) == numbers(other.curves)


def test_stop_ends_it_and_more_starts_go_on_where_it_was(new_race: NewRace) -> None:
    race = new_race({"optimizer": "momentum"}, starts=3)
    race.play()
    wait_until(lambda: len(race.latest.results) >= 1)
    race.stop()
    wait_until(lambda: not race.busy)
    assert race.latest.status in (Status.STOPPED, Status.DONE)
    before = race.latest.results
    race.extend(2)
    wait_until(lambda: not race.busy)
    assert race.latest.status is Status.DONE
    assert race.latest.plan.starts == len(race.latest.results) == len(before) + 2
    assert race.latest.results[: len(before)] == before
    assert len(set(race.latest.results)) > 1
    assert race.latest.part == 1


def test_by_seconds_all_get_the_same_seconds(
    new_race: NewRace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a clock on which a step of the larger network takes twice as long."""
    now, ahead = [0.0], [0.0]
    step = Trainer.step

    def timed(self: Trainer) -> Any:
        now[0] += 0.002 if self.config.layers[1] == 24 else 0.001
        return step(self)

    monkeypatch.setattr(Trainer, "step", timed)
    monkeypatch.setattr(training, "perf_counter", lambda: now[0])
    race = new_race({"layers": (64, 24, 4)}, first={"epochs": 60}, by="seconds", starts=2)
    publish = race._publish

    def watched() -> None:
        publish()
        if race._racers and not any(racer.done for racer in race._racers):
            seconds = [racer.seconds for racer in race._racers]
            ahead[0] = max(ahead[0], max(seconds) - min(seconds))

    monkeypatch.setattr(race, "_publish", watched)
    monkeypatch.setattr("playground.race.race.PUBLISH", 0.0)
    found = ended(race).latest
    assert [racer.iteration for racer in found.racers] == [600, 300]
    assert [racer.seconds for racer in found.racers] == pytest.approx([0.6, 0.6])
    assert found.plan.configs[0].epochs == 60
    assert found.plan.configs[1].iterations == 300
    assert 0 < ahead[0] <= 0.0021 < TURN < TRIAL


def test_what_diverges_gets_no_score_and_the_others_go_on(new_race: NewRace) -> None:
    rival = {"optimizer": "gradient_descent", "learning_rate": 100.0, "l2": 10.0}
    race = ended(new_race(rival, {"l2": 0.1}))
    found = race.latest
    assert "diverged" in found.racers[1].diverged
    assert found.n_diverged(1) == len(found.results) == 2
    assert found.differences(1) == []
    assert len(found.differences(2)) == 2


def test_every_training_is_handed_to_the_library(new_race: NewRace) -> None:
    kept: list[Checkpoint] = []
    race = ended(new_race({"layers": (64, 12, 12, 4)}, starts=2, keep=kept.append)).latest
    assert [each.shown.config for each in kept] == [
        config for start in (0, 1) for config in race.plan.configs_of(start)
    ]
    assert all(each.shown.status is Status.DONE for each in kept)
    scores = [each.shown.measured.validation.score for each in kept]
    assert scores == [score for result in race.results for score in result]
    assert len({each.shown.token for each in kept}) == 4
    assert [event.text for event in kept[1].saved.curves.events] == ["W3 starts as W2 of A"]
    assert kept[1].saved.trainer(DATA).done


def test_it_pauses_while_no_tab_shows_it(new_race: NewRace) -> None:
    race = new_race({"optimizer": "momentum"}, first={"epochs": 100_000}, starts=1)
    race.watch("tab")
    race.play()
    wait_until(lambda: race.latest.racers != ())
    race.leave("tab")
    wait_until(lambda: not race.busy)
    assert race.latest.status is Status.PAUSED
    race.watch("tab")
    assert race.busy


def test_a_failure_is_a_sentence(new_race: NewRace) -> None:
    def load(config: RunConfig) -> Splits:
        if config.seed > small().seed:
            raise DataError("The files are gone.")
        return DATA

    race = new_race({"optimizer": "momentum"}, load=load)
    race.play()
    wait_until(lambda: race.latest.status is Status.FAILED)
    assert race.latest.message == "The race stopped: The files are gone."
    assert len(race.latest.results) == 1


def test_races_share_the_memory_of_runs(new_race: NewRace) -> None:
    first, second = (new_race({"optimizer": "momentum"}, first={"epochs": 9999}) for _ in range(2))
    waiting = first.n_bytes
    first.play()
    wait_until(lambda: first.latest.racers != ())
    assert first.n_bytes > waiting > 2 * 4 * (64 * 12 + 12 * 4)
    registry = Registry(limit=1)
    registry.add(first, "a tab")
    assert registry.find(first.token, Race) is first
    assert registry.get(first.token) is None
    with pytest.raises(RegistryFullError):
        registry.add(second, "another tab")
    registry.drop(first.token)
    wait_until(lambda: not first.busy)


@pytest.mark.parametrize(
    ("rivals", "sentence"),
    [
        ([], "2 to 4 settings, not 1"),
        ([{"l2": 0.1}] * 4, "2 to 4 settings, not 5"),
        ([{}], "B has the same settings as A"),
        ([{"l2": 0.1}, {"l2": 0.1}], "C has the same settings as B"),
        ([{"subset": 100}], "must be the same for B as for A"),
        ([{"seed": 2}], "must be the same for B as for A"),
    ],
)
def test_what_is_no_fair_race_is_refused(rivals: list[dict[str, Any]], sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence):
        RacePlan((small(), *(small(**each) for each in rivals)))


@pytest.mark.parametrize("how", [{"starts": 0}, {"starts": 201}, {"by": "luck"}])
def test_other_plans_are_refused(how: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match="A race"):
        RacePlan((small(), small(l2=0.1)), **how)


def test_seeds_do_not_leave_their_range() -> None:
    plan = RacePlan((small(seed=2**32 - 1), small(seed=2**32 - 1, l2=0.1)))
    assert [plan.seed(start) for start in range(3)] == [2**32 - 1, 0, 1]


def test_changes_of_a_rival_survive_the_address() -> None:
    base = small()
    for values in (
        {"learning_rate": 0.1, "optimizer": "momentum"},
        {"layers": (SIDE**2, 8, 8, 4)},
        {"layers": (SIDE**2, 8, 8, 4), "activations": ("relu", "tanh")},
        {"batch_size": None},
        {"iterations": 30},
    ):
        config = base.with_values(**values)
        assert changed(base, from_query(as_query(changes(config, base)))) == config
    with pytest.raises(ConfigError, match="cannot be raced"):
        changed(base, {"seed": "3"})
    assert from_query("&".join(f"x{i}=1" for i in range(100))) == {}


@pytest.mark.parametrize(
    ("rival", "warps"),
    [
        ({"optimizer": "momentum"}, True),
        ({"layers": (64, 9, 4)}, True),
        ({"batch_size": 30}, False),
        ({"dropout": 0.3}, False),
        ({"augmentation": 0.5}, False),
    ],
)
def test_what_is_said_to_be_equal_is(
    rival: dict[str, Any],
    warps: bool,
    new_race: NewRace,
    batches: dict[int, list[tuple[Array, Array]]],
) -> None:
    race = ended(new_race(rival, first={"augmentation": 1.0}, starts=1)).latest
    said = "; ".join(fairness(race.plan))
    first, other = (np.hstack([X for X, _ in each]) for each in batches.values())
    assert np.array_equal(first, other) == warps == ("the same random warps" in said)
    labels, its = (np.hstack([Y for _, Y in each]) for each in batches.values())
    assert np.array_equal(labels, its)
    assert "the same training examples in the same order" in said
    sizes = {X.shape[1] for each in batches.values() for X, _ in each[:1]}
    assert ("in the same minibatches" in said) == (len(sizes) == 1)


def test_shared_weights_are_named() -> None:
    def said(**rival: Any) -> str:
        return fairness(RacePlan((small(), small(**rival))))[-1]

    assert said(l2=0.1) == "the same initial weights"
    assert said(layers=(64, 12, 12, 4)).endswith("W1, W3 of B")
    assert "of their own" in said(layers=(64, 30, 4))
    assert "of their own" in said(initializer="glorot")


@pytest.mark.parametrize("baseline", [small(), RunConfig(), RunConfig.default("spiral")])
def test_every_suggestion_is_a_fair_race(baseline: RunConfig) -> None:
    for name in changeable(baseline):
        RacePlan((baseline, changed(baseline, {name: suggestion(name, baseline)})))

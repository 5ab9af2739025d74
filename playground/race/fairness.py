"""What is equal for all racers, and what is not, in sentences."""

from playground.comparison import LETTERS
from playground.config import RunConfig
from playground.race.plan import RacePlan
from playground.race.same_start import pairs


def fairness(plan: RacePlan) -> list[str]:
    first, *others = plan.configs
    sizes = {config.batch_size for config in plan.configs}
    batches = "in the same minibatches" if len(sizes) == 1 else "in minibatches of their own size"
    said = [f"the same training examples in the same order, {batches}"]
    if any(config.augmentation for config in plan.configs):
        said.append(f"{'the same' if same_warps(plan.configs) else 'their own'} random warps")
    starts = {(each.layers, each.initializer) for each in plan.configs}
    shared = [
        f"{', '.join(f'W{l + 1}' for l in layers)} of {letter}"
        for letter, each in zip(LETTERS[1:], others, strict=False)
        if (layers := _shared(each, first))
    ]
    if len(starts) == 1:
        said.append("the same initial weights")
    elif shared:
        said.append(f"the initial weights of A where shapes agree: {'; '.join(shared)}")
    else:
        said.append("initial weights of their own, from the same seed")
    return said


def same_warps(configs: tuple[RunConfig, ...]) -> bool:
    """Whether the random warps of all images are the same. Dropout draws from the same stream."""
    drawn = {
        (each.augmentation, each.batch_size, each.dropout, each.layers if each.dropout else None)
        for each in configs
    }
    return len(drawn) == 1


def _shared(config: RunConfig, baseline: RunConfig) -> list[int]:
    if config.initializer != baseline.initializer:
        return []
    return [l for l, _ in pairs(config.layers, baseline.layers)]

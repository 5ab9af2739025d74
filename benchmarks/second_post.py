"""The second post's network on a task of two classes: its cost every 100 iterations.

    python -m benchmarks.second_post [--figure docs/second-post.svg]

Prints the cost as the post does, for its network, and for a deeper one with 0.01·N(0,1) and with He
initialization, to show what small weights do to more layers. Exits with 1 unless the cost of the
first falls at every line. The figure shows the three curves.
"""

import argparse
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from playground.config import RunConfig
from playground.history import Floats
from playground.presets import PRESETS
from playground.printed_cost import EVERY, cost_lines
from playground.run_data import load_data
from playground.trainer import Trainer

NAMES = {
    "second-post": ("{layers} from 0.01·N(0,1): the post", "#0072B2"),
    "second-post-deep": ("{layers} from 0.01·N(0,1)", "#D55E00"),
    "second-post-he": ("{layers} from He", "#009E73"),
}
WIDTH, HEIGHT = 720, 360
LEFT, RIGHT, TOP, BOTTOM = 56, 30, 24, 56


def train(config: RunConfig) -> tuple[Floats, Trainer, float]:
    """The cost of every step and after the last one, the trainer, and the seconds."""
    trainer = Trainer(config, load_data(config))
    costs, began = [], time.perf_counter()
    while not trainer.done:
        costs.append(trainer.step().cost)
    seconds = time.perf_counter() - began
    return np.array([*costs, trainer.measure().training.cost]), trainer, seconds


def falls(step_cost: Floats) -> bool:
    """Whether every printed cost is lower than the one before."""
    return bool((np.diff(step_cost[::EVERY]) < 0).all())


def figure(curves: Mapping[str, Floats]) -> str:
    """The curves as SVG for light and dark pages."""
    iterations = max(map(len, curves.values())) - 1
    highest = max(float(costs.max()) for costs in curves.values())

    def x(iteration: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * iteration / iterations

    def y(cost: float) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * (1 - cost / highest)

    parts = []
    for cost in np.arange(0, highest, 0.2):
        parts.append(f'<path d="M{LEFT},{y(cost):.1f}H{WIDTH - RIGHT}" stroke="#80808055"/>')
        parts.append(_text(LEFT - 8, y(cost) + 5, f"{cost:.1f}", "end"))
    for iteration in range(0, iterations + 1, 500):
        parts.append(_text(x(iteration), HEIGHT - BOTTOM + 20, f"{iteration:,}", "middle"))
    parts.append(_text((LEFT + WIDTH) / 2, HEIGHT - 12, "iteration", "middle"))
    parts.append(_text(LEFT, TOP - 6, "cost J (nats), every 100 iterations", "start"))
    for row, (name, costs) in enumerate(curves.items()):
        label, color = NAMES[name]
        points = " ".join(f"{x(EVERY * i):.1f},{y(c):.1f}" for i, c in enumerate(costs[::EVERY]))
        parts.append(
            f'<polyline points="{points}" fill="none" stroke="{color}" stroke-width="2.5"/>'
        )
        label = label.format(layers=list(PRESETS[name].config.layers))
        at = HEIGHT / 2 + 24 * row - 20
        parts.append(f'<path d="M350,{at - 5}h24" stroke="{color}" stroke-width="2.5"/>')
        parts.append(_text(382, at, label, "start"))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        'aria-label="Cost of the second post\'s network over 3,000 iterations" '
        'font-family="system-ui, sans-serif" font-size="14" fill="#808080">'
        f"{''.join(parts)}</svg>\n"
    )


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{text}</text>'


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--figure", type=Path, help="where the curves are drawn, as SVG")
    options = parser.parse_args()
    curves = {}
    for name in NAMES:
        config = PRESETS[name].config
        curves[name], trainer, seconds = train(config)
        validation = trainer.measure().validation
        print(f"{PRESETS[name].title}: {list(config.layers)}, {config.initializer}")
        print(cost_lines(curves[name]))
        print(
            f"{seconds:.1f} s; validation accuracy {validation.score:.1%}, cost "
            f"{validation.cost:.4f}\n"
        )
    if options.figure is not None:
        options.figure.write_text(figure(curves), encoding="utf-8")
    if not falls(curves["second-post"]):
        print("The cost of the post's network does not fall at every line.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
